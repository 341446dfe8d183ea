// What the audit of a recovered database finds.
import { expect, it } from 'vitest'
import { type AttemptRow, type EventRow, type NotificationRow, openAudit } from '../../bench/prove/audit.ts'
import { choosePrefixes } from '../../bench/prove/prefixes.ts'
import { randomOf } from '../../bench/prove/random.ts'
import type { Claim } from '../../bench/prove/witness.ts'

const accepted: AttemptRow = { number: 1, provider: 'resend', outcome: 'accepted', verdict: null, ref: 'r1' }
const open: AttemptRow = { ...accepted, outcome: null, ref: null }
const event = (changes: Partial<EventRow> = {}): EventRow => ({
  ...{ id: 'order-1', status: 'accepted', hasBody: true, hasJob: true, notifications: 0 },
  ...changes,
})
const message = (changes: Partial<NotificationRow> = {}): NotificationRow => ({
  ...{ id: 'n1', address: 'grace@customers.example', state: 'pending', generation: 0 },
  ...{ hasMessage: true, hasJob: true, attempts: [] },
  ...changes,
})
const sending = message({ state: 'sending', attempts: [open] })
const sent = message({ state: 'sent', hasJob: false, attempts: [accepted] })

const acknowledged: Claim = { kind: 'acknowledged', lsn: 0x1_0000_0010n, id: 'order-1' }
const called: Claim = {
  ...{ kind: 'called', lsn: 0x1_0000_0020n },
  ...{ vendor: 'resend', address: 'grace@customers.example', calls: 1 },
}
const claims = [acknowledged, called]

it('finds nothing in a run whose prefixes hold all that was promised', () => {
  const audit = openAudit(claims)
  expect(audit.look(0x1_0000_0000n, { events: [], notifications: [] })).toEqual([])
  expect(audit.look(0x1_0000_0010n, { events: [event()], notifications: [] })).toEqual([])
  const planned = event({ status: 'planned', hasJob: false, notifications: 2 })
  const texted = message({ id: 'n2', address: '+14155550100' })
  expect(audit.look(0x1_0000_0020n, { events: [planned], notifications: [sending, texted] })).toEqual([])
  expect(audit.look(0x1_0000_0030n, { events: [planned], notifications: [sent, texted] })).toEqual([])
  expect(audit.checked).toEqual({ acknowledged: 3, calls: 2, unplanned: 1, open: 1 })
})

it('names an acknowledged event that is missing, with both positions', () => {
  expect(openAudit(claims).look(0x1_0000_0018n, { events: [], notifications: [] })).toEqual([
    'power lost at 1/18: event order-1 was answered 200 at 1/10 and is missing',
  ])
})

it('names a call without its attempt', () => {
  const faults = openAudit(claims).look(0x1_0000_0020n, { events: [event()], notifications: [message()] })
  expect(faults).toEqual([
    'power lost at 1/20: resend got call 1 for grace@customers.example at 1/20, and 0 attempts are recorded',
  ])
})

it.each([
  ['has no body', event({ hasBody: false })],
  ['waits without a job', event({ hasJob: false })],
  ['is planned with 1 notifications', event({ status: 'planned', notifications: 1 })],
  ['is failed with 0 notifications', event({ status: 'failed' })],
])('names an event that %s', (fault, row) => {
  expect(openAudit([]).look(1n, { events: [row], notifications: [] })).toEqual([
    `power lost at 0/1: event order-1 ${fault}`,
  ])
})

it.each([
  ['has no message', message({ hasMessage: false })],
  ['is pending and had no job', message({ hasJob: false })],
  ['is sending with 0 open attempts', message({ state: 'sending' })],
  ['is sending with 2 open attempts', message({ state: 'sending', attempts: [open, { ...open, number: 2 }] })],
  ['is pending with 1 open attempts', message({ attempts: [open] })],
  ['has a gap in its attempts', message({ state: 'sending', attempts: [{ ...open, number: 2 }] })],
  ['was accepted 2 times', { ...sent, attempts: [accepted, { ...accepted, number: 2, ref: 'r2' }] }],
  ['is sent, and no attempt was accepted', { ...sent, attempts: [] }],
])('names a message that %s', (fault, row) => {
  expect(openAudit([]).look(1n, { events: [], notifications: [row] })).toEqual([
    `power lost at 0/1: the message to grace@customers.example ${fault}`,
  ])
})

it('takes one message that two calls under one key were answered with as one', () => {
  const settled = { ...accepted, outcome: 'unknown', verdict: 'taken' }
  const twice = { ...sent, attempts: [settled, { ...accepted, number: 2 }] }
  expect(openAudit([]).look(1n, { events: [], notifications: [twice] })).toEqual([])
})

it.each([
  ['event order-1 was in a shorter prefix and is missing', [event()], [], []],
  ['notification n1 was in a shorter prefix and is missing', [], [message()], []],
  [
    'the message to grace@customers.example went from sent to failed',
    [],
    [sent],
    [{ ...sent, state: 'failed' as const }],
  ],
  [
    'attempt 1 of the message to grace@customers.example was changed',
    [],
    [sent],
    [{ ...sent, attempts: [{ ...accepted, outcome: 'unknown', verdict: 'taken' }] }],
  ],
])('compares prefixes: %s', (fault, events, before, after) => {
  const audit = openAudit([])
  audit.look(1n, { events, notifications: before })
  expect(audit.look(2n, { events: [], notifications: after })).toEqual([`power lost at 0/2: ${fault}`])
})

it('prefixes are as many as asked for, ascending, and end with the last claim', () => {
  const many = Array.from(
    { length: 1000 },
    (_, i): Claim => ({ kind: 'acknowledged', lsn: 100n + BigInt(i), id: `${i}` }),
  )
  const chosen = choosePrefixes(many, 20, randomOf(7))
  expect(new Set(chosen).size).toBe(20)
  expect(chosen).toEqual([...chosen].sort((a, b) => (a < b ? -1 : 1)))
  expect(chosen.at(-1)).toBe(1099n)
  expect(choosePrefixes([], 5, randomOf(7))).toEqual([])
})
