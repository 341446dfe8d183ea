// When a circuit opens, and what closes it: the policy without its database. test/guard/circuit.test.ts has both.
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/domain/attempt.ts'
import { type Circuit, nextCircuit, type Verdict, verdictOf, type Window } from '../../src/policy/circuit.ts'

const now = new Date('2026-11-21T10:00:00Z')
const closed: Circuit = { state: 'closed', failuresInRow: 0, openedAt: null, nextProbeAt: null, cause: null }
const open: Circuit = {
  state: 'open',
  failuresInRow: 5,
  openedAt: new Date(now.getTime() - 60_000),
  nextProbeAt: new Date(now.getTime() - 1000),
  cause: { kind: 'failures_in_row', failures: 5 },
}
const none: Window = { good: 0, bad: 0 }
const times = (count: number, verdict: Verdict) => Array<Verdict>(count).fill(verdict)
const after = (circuit: Circuit, verdicts: Verdict[], window = none, proof = false) =>
  nextCircuit(circuit, { verdicts, proof }, window, now)

describe('a call says of its provider', () => {
  const said = { code: 'x', text: 'x' }
  const cases: [string, Outcome, Verdict | null][] = [
    ['taken, that it works', { kind: 'accepted', ref: 'a' }, 'taken'],
    ['a bad address, that it answers', { kind: 'rejected', blame: 'message', ...said }, 'answered'],
    [
      'a bad key, that it is of no use to us',
      { kind: 'rejected', blame: 'provider', account: true, ...said },
      'account',
    ],
    [
      'a number, a template or a sender that it does not take, nothing',
      { kind: 'rejected', blame: 'provider', ...said },
      null,
    ],
    [
      'a refusal that every message meets, that it is bad',
      { kind: 'rejected', blame: 'provider', everyMessage: true, ...said },
      'bad',
    ],
    ['too many requests, nothing', { kind: 'deferred', statusCode: 429, ...said }, null],
    [
      'too many requests in its own words, nothing',
      { kind: 'deferred', statusCode: 200, throttled: true, ...said },
      null,
    ],
    ['greylisting, nothing', { kind: 'deferred', statusCode: 450, messageOnly: true, ...said }, null],
    ['a refused connection, that it is bad', { kind: 'deferred', ...said }, 'bad'],
    ['503 in its own words, that it is bad', { kind: 'deferred', statusCode: 503, ...said }, 'bad'],
    ['a lost answer, that it is bad', { kind: 'unknown', ...said }, 'bad'],
    ['an unreadable 200, that it is bad', { kind: 'unknown', likelyTaken: true, ...said }, 'bad'],
    ['a key that is still being worked on, nothing', { kind: 'unknown', messageOnly: true, ...said }, null],
    ['the death of our worker, nothing', { kind: 'unknown', code: 'worker_lost', text: 'x' }, null],
    ['a bug of ours, nothing', { kind: 'unknown', code: 'provider_bug', text: 'x' }, null],
  ]
  it.each(cases)('%s', (_name, outcome, verdict) => expect(verdictOf(outcome)).toBe(verdict))
})

describe('a closed circuit', () => {
  it('opens at five failures in a row, to be probed in five seconds', () => {
    expect(after(closed, times(4, 'bad'))).toEqual({ ...closed, failuresInRow: 4 })
    expect(after(closed, times(5, 'bad'))).toEqual({
      state: 'open',
      failuresInRow: 5,
      openedAt: now,
      nextProbeAt: new Date(now.getTime() + 5000),
      cause: { kind: 'failures_in_row', failures: 5 },
    })
  })

  it('continues counting from what was reported before', () => {
    const three = after(closed, times(3, 'bad'))
    expect(after(three, times(1, 'bad')).state).toBe('closed')
    expect(after(three, times(2, 'bad')).state).toBe('open')
  })

  it.each<Verdict>(['taken', 'answered'])('starts counting again after a call that was %s', (verdict) => {
    const broken = after(after(closed, times(4, 'bad')), [verdict, ...times(4, 'bad')])
    expect(broken).toMatchObject({ state: 'closed', failuresInRow: 4 })
  })

  it('opens at five in a row although a later call went well: their order counts, not who reported last', () => {
    expect(after(closed, [...times(5, 'bad'), 'taken']).state).toBe('open')
  })

  it('opens at half of at least twenty', () => {
    expect(after(closed, ['bad'], { good: 10, bad: 10 })).toMatchObject({
      state: 'open',
      cause: { kind: 'failure_rate', failures: 10, calls: 20, seconds: 10 },
    })
    expect(after(closed, ['bad'], { good: 9, bad: 10 }).state, 'nineteen are too few').toBe('closed')
    expect(after(closed, ['bad'], { good: 11, bad: 10 }).state, 'less than half').toBe('closed')
  })

  it('opens at once where our account is refused', () => {
    expect(after(closed, ['taken', 'account'])).toMatchObject({
      state: 'open',
      cause: { kind: 'account_refused' },
    })
  })

  it('stays closed where nothing is said of it', () => {
    expect(after(closed, [])).toEqual(closed)
  })
})

describe('an open circuit', () => {
  it('closes by a probe that was taken, and counts from nothing', () => {
    expect(after(open, ['taken'], { good: 1, bad: 30 }, true)).toEqual(closed)
  })

  it.each<Verdict>(['taken', 'answered', 'bad', 'account'])(
    'stays as it is where a call that was under way was %s',
    (verdict) => expect(after(open, [verdict])).toEqual(open),
  )

  it('stays open however long ago it opened', () => {
    expect(after({ ...open, openedAt: new Date(0), nextProbeAt: new Date(0) }, []).state).toBe('open')
  })
})
