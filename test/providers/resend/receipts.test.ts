// Resend's webhooks: Svix's signature, and what each event says.
import { describe, expect, test } from 'vitest'
import { resendReceipts } from '../../../src/providers/resend/receipts.ts'
import { callbackOf, readAll, resendCallback } from '../../helper/receipts.ts'

const secret = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
const timestamp = 1767225600
const nowMs = timestamp * 1000
const notificationId = '0199f3a0-0000-7000-8000-000000000001'
const reader = resendReceipts(secret)

function event(type: string, more: object = {}) {
  const tags = { notification_id: notificationId }
  return {
    type,
    created_at: '2026-01-01T00:00:02.000Z',
    data: { email_id: '0f5c9a7e-0000-4000-8000-000000000009', to: ['ada@example.com'], tags, ...more },
  }
}

function read(body: unknown, { id = 'msg_1', at = timestamp, key = secret, now = nowMs } = {}) {
  return readAll(reader, callbackOf(resendCallback(body, { secret: key, id, timestamp: at }), now))
}

function told(body: unknown) {
  const answer = read(body)
  if (!answer.ok) throw new Error(answer.detail)
  expect(answer.receipts.length).toBeLessThanOrEqual(1)
  return answer.receipts[0]
}

describe('a webhook of Resend', () => {
  test('brings back our id, its own, and when it happened', () => {
    expect(read(event('email.delivered'))).toEqual({
      ok: true,
      receipts: [
        {
          key: 'msg_1',
          kind: 'delivered',
          at: new Date('2026-01-01T00:00:02.000Z'),
          providerMessageId: '0f5c9a7e-0000-4000-8000-000000000009',
          notificationId,
          attemptId: null,
          address: 'ada@example.com',
          suppress: null,
          code: null,
          text: null,
        },
      ],
    })
  })

  test('that was signed elsewhere verifies (a vector of the standard)', () => {
    const raw = Buffer.from(
      '{"type":"order.shipped","timestamp":"2026-01-01T00:00:00Z","data":{"id":"ord_1","total":1999}}',
    )
    const headers = {
      'svix-id': 'msg_test_0001',
      'svix-timestamp': String(timestamp),
      'svix-signature': 'v1,J1hV+ILP/TPTjTpwltmMRZtU6OZ/14vy7PF4PuysWhs=',
    }
    const callback = { raw, headers, query: new URLSearchParams(), url: 'https://notify.example.com/receipts/resend' }
    expect(readAll(reader, { ...callback, nowMs })).toEqual({ ok: true, receipts: [] })
    expect(readAll(reader, { ...callback, nowMs, raw: Buffer.from('{}') })).toMatchObject({ ok: false, status: 401 })
  })

  test('repeated with a new signature has the same key', () => {
    const [first, again] = [read(event('email.opened')), read(event('email.opened'), { at: timestamp + 60 })]
    expect(again).toEqual(first)
  })

  test.each([
    ['signed with another secret', { key: `whsec_${Buffer.alloc(32, 7).toString('base64')}` }],
    ['more than 300 s old', { now: nowMs + 301_000 }],
    ['from more than 300 s ahead', { now: nowMs - 301_000 }],
  ])('%s gets 401', (_name, how) => {
    expect(read(event('email.delivered'), how)).toMatchObject({ ok: false, status: 401 })
  })

  test('whose tags come as a list brings back our id too', () => {
    const tags = [null, { name: 'other', value: 'x' }, { name: 'notification_id', value: notificationId }]
    expect(told(event('email.sent', { tags }))).toMatchObject({ notificationId })
  })

  test.each([['n_42'], [42], [{}], ['0199f3a0-0000-7000-8000-00000000000g']])(
    'with %o for our id has none',
    (notification_id) => {
      expect(told(event('email.sent', { tags: { notification_id } }))).toMatchObject({ notificationId: null })
    },
  )

  test.each([
    ['2026-01-01 00:00:02.674981+00', '2026-01-01T00:00:02.674Z'],
    ['2026-01-01T05:30:02+05:30', '2026-01-01T00:00:02.000Z'],
    ['2026-01-01T00:00:02', null],
    ['yesterday', null],
    ['1026-01-01T00:00:02Z', null],
    [1767225600, null],
  ])('created at %o happened at %s', (created_at, at) => {
    expect(told({ ...event('email.sent'), created_at })?.at?.toISOString() ?? null).toBe(at)
  })
})

describe('an event of Resend', () => {
  test.each([
    ['email.sent', 'taken', null],
    ['email.scheduled', 'taken', null],
    ['email.delivered', 'delivered', null],
    ['email.delivery_delayed', 'delayed', null],
    ['email.complained', 'complained', 'complaint'],
    ['email.opened', 'opened', null],
    ['email.clicked', 'clicked', null],
    ['email.failed', 'not-sent', null],
    ['email.suppressed', 'not-sent', 'hard_bounce'],
  ])('%s is %s', (type, kind, suppress) => {
    expect(told(event(type))).toMatchObject({ kind, suppress })
  })

  test.each([
    ['Permanent', 'hard_bounce'],
    ['Transient', null],
    ['Temporary', null],
    ['Undetermined', null],
    [7, null],
  ])('email.bounced of type %s suppresses as %s', (type, suppress) => {
    expect(told(event('email.bounced', { bounce: { type } }))).toMatchObject({ kind: 'undelivered', suppress })
  })

  test.each([
    [undefined, 'hard_bounce'],
    [{ message: 'The recipient’s address has a recent history of producing hard bounces.' }, 'hard_bounce'],
    [{ message: '550 5.7.1 Message blocked by our policy' }, null],
    [{ message: 'The message looks like spam.' }, null],
    [{ message: 'Mailbox is full' }, null],
    [{ type: 'Permanent', subType: 'Suppressed' }, 'hard_bounce'],
    [{ type: 'Permanent', subType: 'NoEmail', message: 'refused' }, 'hard_bounce'],
    [{ type: 'Permanent', subType: 'General', diagnosticCode: ['smtp; 550 5.7.26 unauthenticated'] }, null],
    [{ type: 'Permanent', subType: 'General', diagnosticCode: 'smtp; 552 5.2.2 over quota' }, null],
    [{ type: 'Transient', subType: 'General', diagnosticCode: ['smtp; 550 5.1.1 unknown'] }, null],
    [{ type: 'Undetermined', diagnosticCode: ['smtp; 550 5.1.1 unknown'] }, 'hard_bounce'],
  ])('email.bounced with %o suppresses as %s, also in the shape without a type', (bounce, suppress) => {
    expect(told(event('email.bounced', { bounce }))).toMatchObject({ kind: 'undelivered', suppress })
  })

  test('suppression.added names an address, and the message that was the cause', () => {
    const added = (origin: string, source_id: string | null = 'e1') =>
      told({
        type: 'suppression.added',
        created_at: '2026-01-01T00:00:02Z',
        data: { id: 's1', email: 'eve@example.com', origin, source_id },
      })
    const listed = { kind: 'listed', address: 'eve@example.com' }
    expect(added('bounce')).toMatchObject({ ...listed, suppress: 'hard_bounce', providerMessageId: 'e1' })
    expect(added('complaint', null)).toMatchObject({ ...listed, suppress: 'complaint', providerMessageId: null })
    expect(added('manual')).toBeUndefined()
  })

  test('names the recipient if there is one alone', () => {
    expect(told(event('email.sent', { to: ['eve@example.com', 'bob@example.com'] }))?.address).toBeNull()
    expect(told(event('email.sent', { to: 'Eve@bücher.example' }))?.address).toBe('Eve@xn--bcher-kva.example')
  })

  test('keeps its words without the address', () => {
    const bounce = {
      type: 'Permanent',
      subType: 'NoEmail',
      message: 'No mailbox for ada@example.com',
      diagnosticCode: ['smtp; 550 5.1.1 <ada@example.com>: unknown'],
    }
    expect(told(event('email.bounced', { bounce }))).toMatchObject({
      code: 'Permanent.NoEmail',
      text: 'No mailbox for [address] smtp; 550 5.1.1 <[address]>: unknown',
    })
    expect(told(event('email.failed', { failed: { reason: 'no ada@example.com' } }))).toMatchObject({
      code: 'noaddress',
      text: 'Resend did not send it: no [address]',
    })
    expect(told(event('email.failed', { failed: { reason: 'reached_daily_quota' } }))).toMatchObject({
      code: 'reached_daily_quota',
      text: 'Resend did not send it: reached_daily_quota',
    })
  })

  test('email.suppressed for a complaint suppresses as one', () => {
    const suppressed = { type: 'OnAccountSuppressionList', message: 'the recipient complained before' }
    expect(told(event('email.suppressed', { suppressed }))).toMatchObject({
      suppress: 'complaint',
      code: 'OnAccountSuppressionList',
      text: 'the recipient complained before',
    })
  })

  test.each(['contact.created', 'suppression.added', 'email.received', 'email.teleported', 'constructor'])(
    '%s is ignored',
    (type) => {
      expect(read(event(type))).toEqual({ ok: true, receipts: [] })
    },
  )
})
