// What an answer comes to for its notification, in time or late.
import { describe, expect, it } from 'vitest'
import type { Answer, Outcome, PastAttempt } from '../../src/domain/attempt.ts'
import {
  afterAnswer,
  afterLateAnswer,
  isClosedBy,
  lateEntry,
  lateVerdict,
  suppressionBy,
} from '../../src/policy/after-answer.ts'
import { after, attempt, lost, notification, route } from '../helper/policy.ts'

const endedAt = after(2000)
const accepted: Outcome = { kind: 'accepted', ref: 'SM-1' }
const refused: Outcome = { kind: 'rejected', blame: 'message', code: '21211', text: 'no number' }
const later: Outcome = { kind: 'deferred', code: '503', text: 'later' }
const unknown: Outcome = { kind: 'unknown', code: 'timeout', text: 'no answer' }
const answer = (outcome: Outcome): Answer => ({ provider: 'first', outcome, endedAt })
const to = (open: PastAttempt, outcome: Outcome, ...others: PastAttempt[]) => ({
  ...{ history: [...others, open], attempt: open, answer: answer(outcome) },
})

describe('an answer in time', () => {
  const n = notification({ state: 'sending' })
  const move = (outcome: Outcome, ...others: PastAttempt[]) =>
    afterAnswer(route, n, to(attempt({ number: others.length + 1 }), outcome, ...others))

  it('of acceptance is sent, by that provider and under its id', () => {
    expect(move(accepted)).toEqual({
      ...{ state: 'sent', reason: null, dueAt: null, accepted: { provider: 'first', ref: 'SM-1', at: endedAt } },
    })
  })

  it('of acceptance is that same move whatever came before, so that it can be written without being decided', () => {
    const before = [
      [lost()],
      [lost({ verdict: 'taken' })],
      [lost({ likelyTaken: true })],
      [lost({ verdict: 'not_taken' })],
    ]
    const expired = { ...n, expiresAt: after(-1000), quietHours: { from: '00:00', until: '23:59' } as const }
    const retried = { ...n, restartedAfter: 1 }
    for (const others of before)
      for (const one of [n, expired, retried])
        expect(afterAnswer([], one, to(attempt({ number: 2 }), accepted, ...others))).toEqual(move(accepted))
  })

  it('of refusal is failed, or goes to the next provider at once', () => {
    expect(move(refused)).toMatchObject({ state: 'failed', reason: { code: 'rejected' }, dueAt: null })
    expect(move(later)).toMatchObject({ state: 'pending', reason: { code: 'due' }, dueAt: endedAt })
    expect(move(unknown)).toMatchObject({ state: 'unconfirmed', reason: { code: 'settling' } })
  })

  it('of refusal is sent by an earlier call whose doubt ended meanwhile, unless that counts no more', () => {
    const earlier = lost({ verdict: 'taken' })
    expect(move(later, earlier)).toMatchObject({
      ...{ state: 'sent', accepted: { provider: 'first', ref: null, at: earlier.endedAt } },
    })
    const restarted = { ...n, restartedAfter: 1 }
    expect(afterAnswer(route, restarted, to(attempt({ number: 2 }), later, earlier))).toMatchObject({
      state: 'pending',
    })
  })

  it('suppresses the address where it says so, and where there is one', () => {
    const says = answer({ ...refused, suppress: 'opted_out' })
    expect(suppressionBy(says, n)).toEqual({
      ...{ channel: 'sms', address: '+14155550100', reason: 'opted_out', source: 'first', at: endedAt },
    })
    expect(suppressionBy(says, { ...n, to: null })).toBeNull()
    expect(suppressionBy(answer(refused), n)).toBeNull()
    expect(suppressionBy(answer(accepted), n)).toBeNull()
  })
})

describe('an answer to an attempt that is closed', () => {
  const n = notification({ state: 'unconfirmed' })

  it('is the same where its own commit was not confirmed, and late where anything differs', () => {
    const closed = lost({ endedAt })
    expect(isClosedBy(closed, answer(unknown))).toBe(true)
    expect(isClosedBy({ ...closed, errorCode: 'worker_lost' }, answer(unknown))).toBe(false)
    expect(isClosedBy({ ...closed, endedAt: after(2001) }, answer(unknown))).toBe(false)
    expect(isClosedBy(closed, answer(accepted))).toBe(false)
    expect(isClosedBy({ ...closed, outcome: 'accepted', errorCode: null }, answer(accepted))).toBe(true)
  })

  it('ends the doubt, unless it is in doubt itself or something newer has', () => {
    expect(lateVerdict(n, to(lost(), accepted))).toBe('taken')
    expect(lateVerdict(n, to(lost(), refused))).toBe('not_taken')
    expect(lateVerdict(n, to(lost(), unknown))).toBeNull()
    expect(lateVerdict(n, to(lost({ verdict: 'not_taken' }), accepted))).toBeNull()
    expect(lateVerdict(n, to(attempt({ outcome: 'deferred', endedAt }), accepted))).toBeNull()
    expect(lateVerdict({ ...n, state: 'delivered' }, to(lost(), refused))).toBeNull()
  })

  it('moves the notification as if it had come in time', () => {
    expect(afterLateAnswer(route, n, to(lost(), accepted), 'SM-1')).toMatchObject({
      ...{ state: 'sent', accepted: { provider: 'first', ref: 'SM-1', at: endedAt } },
    })
    expect(afterLateAnswer(route, n, to(lost(), accepted), null)).toMatchObject({ accepted: { ref: null } })
    expect(afterLateAnswer(route, n, to(lost(), later), null)).toMatchObject({ state: 'pending', dueAt: endedAt })
  })

  it('that is a refusal of the message is the last word, whatever followed the attempt', () => {
    const repeat = attempt({ number: 2, outcome: 'deferred', errorCode: '503', endedAt: after(1000) })
    const refusedLate = { history: [lost(), repeat], attempt: lost(), answer: answer(refused) }
    const [first = lost()] = refusedLate.history
    expect(afterLateAnswer(route, n, { ...refusedLate, attempt: first }, null)).toMatchObject({ state: 'failed' })
  })

  it('moves nothing while another call is open, or once a person has asked for another try', () => {
    expect(afterLateAnswer(route, { ...n, state: 'sending' }, to(lost(), accepted), 'SM-1')).toBeNull()
    expect(afterLateAnswer(route, { ...n, restartedAfter: 1 }, to(lost(), accepted), 'SM-1')).toBeNull()
  })

  it('is in the timeline with what the provider said', () => {
    expect(lateEntry(to(lost(), accepted))).toEqual({
      code: 'answered_late',
      params: { provider: 'first', attempt: 1, outcome: 'accepted', text: null },
    })
    expect(lateEntry(to(lost(), later))).toMatchObject({ params: { outcome: 'deferred', text: 'later' } })
  })
})
