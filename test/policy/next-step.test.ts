// The delivery policy walked along every path: it always ends, says the same when asked twice, and keeps its promises.
import { describe, expect, it } from 'vitest'
import type { LookUpAnswer, OutcomeKind, PastAttempt } from '../../src/domain/attempt.ts'
import { isAbsent } from '../../src/policy/history.ts'
import { nextStep } from '../../src/policy/next-step.ts'
import { maxRounds } from '../../src/policy/rounds.ts'
import type { NextStep, RouteStop, Terms } from '../../src/policy/terms.ts'
import { failing } from '../helper/policy.ts'

const start = new Date('2026-11-21T10:00:00Z')
const after = (ms: number, from = start) => new Date(from.getTime() + ms)
const seconds = (n: number) => n * 1000
const minutes = (n: number) => n * 60_000

type Answer = {
  outcome: OutcomeKind
  blame?: 'message' | 'provider'
  likelyTaken?: boolean
  retryAfterMs?: number
}
const accepted: Answer = { outcome: 'accepted' }
const refused: Answer = { outcome: 'rejected', blame: 'message' }
const cannot: Answer = { outcome: 'rejected', blame: 'provider' }
const deferred: Answer = { outcome: 'deferred' }
const paused: Answer = { outcome: 'deferred', retryAfterMs: minutes(7) }
const unknown: Answer = { outcome: 'unknown' }
const taken: Answer = { outcome: 'unknown', likelyTaken: true }
const answers = { accepted, refused, cannot, deferred, paused, unknown, taken }

const keyed: RouteStop = { provider: 'keyed', repeatable: true, findable: false, unavailable: null, probe: null }
const plain: RouteStop = { provider: 'plain', repeatable: false, findable: false, unavailable: null, probe: null }
const third: RouteStop = { provider: 'third', repeatable: false, findable: false, unavailable: null, probe: null }
const asked: RouteStop = { provider: 'asked', repeatable: false, findable: true, unavailable: null, probe: null }
const terms = (more: Partial<Terms> = {}): Terms => ({ id: 'n-1', expiresAt: null, whenUnsure: 'resend', ...more })

function closed(
  number: number,
  step: { provider: string; round: number },
  answer: Answer,
  startedAt: Date,
): PastAttempt {
  return {
    id: `a-${number}`,
    number,
    round: step.round,
    provider: step.provider,
    outcome: answer.outcome,
    errorCode: null,
    ref: null,
    blame: answer.blame ?? null,
    likelyTaken: answer.likelyTaken ?? false,
    retryAfterMs: answer.retryAfterMs ?? null,
    startedAt,
    endedAt: after(100, startedAt),
    verdict: null,
    lookUps: [],
  }
}

/** Lives a notification to its end: each call answers what `script` says next, its last answer for ever after. */
function live(terms: Terms, route: RouteStop[], script: Answer[], lookUps: LookUpAnswer['answer'][] = ['absent']) {
  const history: PastAttempt[] = []
  const waits: { at: Date; until: Date; state: string; code: string }[] = []
  let now = start
  for (let steps = 0; steps < 500; steps++) {
    const step = nextStep(terms, route, history, now)
    promise(
      JSON.stringify(nextStep(terms, route, history, new Date(now))) === JSON.stringify(step),
      'it says the same when asked twice',
    )
    if (step.kind === 'stop') return { history, waits, end: step, now }
    if (step.kind === 'wait') {
      promise(step.until > now, 'a wait goes forward')
      waits.push({ at: now, until: step.until, state: step.state, code: step.reason.code })
      now = step.until
      continue
    }
    if (step.kind === 'look') {
      const answer = lookUps[Math.min(step.attempt.lookUps.length, lookUps.length - 1)] ?? 'unclear'
      const at = history.findIndex((a) => a.number === step.attempt.number)
      const looked = { ...step.attempt, lookUps: [...step.attempt.lookUps, { at: now, answer }] }
      history[at] = answer === 'found' ? { ...looked, verdict: 'taken' } : looked
      continue
    }
    const answer = script[Math.min(history.length, script.length - 1)] ?? deferred
    history.push(closed(history.length + 1, step, answer, now))
    now = after(100, now)
  }
  throw new Error('it never ends')
}

const providersOf = (history: PastAttempt[]) => history.map((a) => a.provider)

describe('every path of answers', () => {
  const names = Object.keys(answers) as (keyof typeof answers)[]
  const routes: RouteStop[][] = [
    [keyed],
    [plain],
    [keyed, plain],
    [plain, keyed],
    [keyed, plain, third],
    [asked, keyed],
    [keyed, asked],
  ]
  const scripts = names.flatMap((a) => names.flatMap((b) => names.flatMap((c) => names.map((d) => [a, b, c, d]))))

  for (const route of routes)
    for (const whenUnsure of ['resend', 'hold'] as const)
      for (const expiresAt of [null, after(minutes(3))])
        it(`ends well along ${route.map((s) => s.provider).join(', ')} (${whenUnsure}${expiresAt ? ', expiring' : ''})`, () => {
          for (const script of scripts) {
            const told = script.map((name) => answers[name])
            const { history, end } = live(terms({ whenUnsure, expiresAt }), route, told)
            keepsItsPromises(history, end, { whenUnsure, expiresAt }, script.join(', '))
          }
        })
})

function keepsItsPromises(
  history: PastAttempt[],
  end: Extract<NextStep, { kind: 'stop' }>,
  { whenUnsure, expiresAt }: Pick<Terms, 'whenUnsure' | 'expiresAt'>,
  path: string,
): void {
  const takenAt = history.findIndex((a) => a.outcome === 'accepted')
  promise(takenAt >= 0 === (end.state === 'sent'), `sent means accepted: ${path}`)
  promise(takenAt < 0 || takenAt === history.length - 1, `nothing is called after an acceptance: ${path}`)
  promise(
    history.every((a) => a.round <= maxRounds),
    `ten rounds at most: ${path}`,
  )
  promise(
    history.every((a) => !expiresAt || a.startedAt < expiresAt),
    `nothing is called once expired: ${path}`,
  )
  for (const attempt of history) goesElsewhereOnlyWhereItMay(history, attempt, whenUnsure, path)
  const doubtful =
    history.some((a) => a.outcome === 'unknown' && !isAbsent(a)) && !history.some((a) => a.blame === 'message')
  promise(!doubtful || takenAt >= 0 || end.reason?.code === 'held', `a doubt is never called failed: ${path}`)
}

function goesElsewhereOnlyWhereItMay(
  history: PastAttempt[],
  attempt: PastAttempt,
  whenUnsure: string,
  path: string,
): void {
  const before = history.slice(0, attempt.number - 1)
  const doubts = before.filter((a) => a.outcome === 'unknown' && a.provider !== attempt.provider)
  for (const last of doubts) {
    // Repeats of a key stay in its round: the ten minutes count from the first of them.
    const doubt = doubts.find((a) => a.provider === last.provider && a.round === last.round) ?? last
    if (before.some((a) => a.number > doubt.number && a.provider === doubt.provider && a.blame === 'message')) continue
    if (isAbsent(last)) continue
    promise(whenUnsure === 'resend', `another provider after a doubt only where a duplicate is preferred: ${path}`)
    promise(!last.likelyTaken, `never where it was most likely taken: ${path}`)
    const waitedMs = attempt.startedAt.getTime() - (doubt.endedAt?.getTime() ?? 0)
    promise(waitedMs >= minutes(10), `only once settled: ${path}`)
  }
}

/** expect() is too slow for some hundred thousand questions. */
function promise(kept: boolean, words: string): void {
  if (!kept) expect.fail(words)
}

describe('one round', () => {
  it('goes to the next provider at once where the one before certainly did not take it', () => {
    for (const answer of [deferred, cannot]) {
      const { history, end } = live(terms(), [keyed, plain], [answer, accepted])
      expect(providersOf(history)).toEqual(['keyed', 'plain'])
      expect(history[1]?.startedAt).toEqual(history[0]?.endedAt)
      expect(end.state).toBe('sent')
    }
  })

  it('stops where the message is hopeless everywhere', () => {
    const { history, end } = live(terms(), [keyed, plain], [refused])
    expect(history).toHaveLength(1)
    expect(end).toMatchObject({ state: 'failed', reason: { code: 'rejected' } })
  })

  it('says why it chose a provider', () => {
    const first = nextStep(terms(), [keyed, plain], [], start)
    expect(first).toMatchObject({ kind: 'attempt', provider: 'keyed', round: 1, cause: { code: 'first' } })
    const second = nextStep(
      terms(),
      [keyed, plain],
      [closed(1, { provider: 'keyed', round: 1 }, deferred, start)],
      after(100),
    )
    expect(second).toMatchObject({
      kind: 'attempt',
      provider: 'plain',
      cause: { code: 'fallback', params: { after: 'keyed', outcome: 'not_taken' } },
    })
  })

  it('fails where no provider is left in the route', () => {
    expect(nextStep(terms(), [], [], start)).toMatchObject({
      kind: 'stop',
      state: 'failed',
      reason: { code: 'no_provider' },
    })
  })
})

describe('rounds', () => {
  it('waits 60, 120, 240 seconds and on, doubling, with up to a tenth more, ten rounds at most', () => {
    const { history, waits, end } = live(terms(), [plain], [deferred])
    expect(history).toHaveLength(10)
    expect(end).toMatchObject({ state: 'failed', reason: { code: 'tries_used_up' } })
    for (const [i, wait] of waits.entries()) {
      const gap = wait.until.getTime() - wait.at.getTime()
      expect(gap).toBeGreaterThanOrEqual(seconds(60) * 2 ** i)
      expect(gap).toBeLessThan(seconds(60) * 2 ** i * 1.1)
    }
  })

  it('spreads notifications that failed together', () => {
    const untils = Array.from({ length: 50 }, (_, i) =>
      live(terms({ id: `n-${i}` }), [plain], [deferred]).waits[0]?.until.getTime(),
    )
    expect(new Set(untils).size).toBeGreaterThan(45)
  })

  it('tries the primary again in the next round', () => {
    const { history } = live(terms(), [keyed, plain], [deferred, deferred, accepted])
    expect(history.map((a) => `${a.round} ${a.provider}`)).toEqual(['1 keyed', '1 plain', '2 keyed'])
  })

  it('honours Retry-After: longer than the round for the only provider, skipped where another is free', () => {
    const alone = live(terms(), [plain], [paused, accepted])
    expect(alone.waits[0]).toMatchObject({ code: 'provider_asked_to_wait', until: after(minutes(7) + 100) })
    const together = live(terms(), [keyed, plain], [paused, deferred, accepted])
    expect(providersOf(together.history)).toEqual(['keyed', 'plain', 'plain'])
  })

  it.each([minutes(60 * 24), minutes(60 * 25), Number.MAX_SAFE_INTEGER])(
    'tries once more before a day is over where the only provider asks for more: %s ms',
    (retryAfterMs) => {
      const { history, waits, end } = live(terms(), [plain], [{ outcome: 'deferred', retryAfterMs }])
      expect(history.map((a) => [a.round, a.startedAt])).toEqual([
        [1, start],
        [2, after(minutes(60 * 24) - seconds(30))],
      ])
      expect(waits).toHaveLength(1)
      expect(waits[0]).toMatchObject({ state: 'pending', code: 'provider_asked_to_wait' })
      expect(end).toMatchObject({ state: 'failed', reason: { code: 'tries_used_up' } })
    },
  )

  it('tries once more before it expires where the only provider asks for more', () => {
    const hour: Answer = { outcome: 'deferred', retryAfterMs: minutes(60) }
    const { history, end } = live(terms({ expiresAt: after(minutes(45)) }), [plain], [hour, accepted])
    expect(history.map((a) => a.startedAt)).toEqual([start, after(minutes(45) - seconds(30))])
    expect(end.state).toBe('sent')
  })

  it('keeps the waits between rounds where an expiring message has less time than its provider asks for', () => {
    const long: Answer = { outcome: 'deferred', retryAfterMs: minutes(60) }
    const { history, end } = live(terms({ expiresAt: after(seconds(80)) }), [plain], [long])
    expect(history).toHaveLength(2)
    expect(history[1]?.startedAt.getTime()).toBeGreaterThanOrEqual(start.getTime() + seconds(60))
    expect(end).toMatchObject({ state: 'expired' })
    expect(live(terms({ expiresAt: after(seconds(50)) }), [plain], [long]).history).toHaveLength(1)
  })

  it('tries a provider that may have the message before it may forget the key, whatever it asks for', () => {
    const day: Answer = { outcome: 'deferred', retryAfterMs: minutes(60 * 24) }
    const { history, end } = live(terms(), [keyed], [unknown, day, day, accepted])
    const last = history.at(-1)?.startedAt.getTime() ?? 0
    expect(end.state).toBe('sent')
    expect(last).toBe(start.getTime() + minutes(60 * 20) - seconds(30))
  })

  it('expires instead of sending late', () => {
    const { end, now, history } = live(terms({ expiresAt: after(seconds(90)) }), [plain], [deferred])
    expect(end).toMatchObject({ state: 'expired', reason: { code: 'expired' } })
    expect(history).toHaveLength(2)
    expect(now).toEqual(after(seconds(90)))
  })
})

describe('an unknown outcome', () => {
  it('is settled by the same key after 2, 10, 30 and 60 s, then every 2 minutes, for 10 minutes', () => {
    const { history } = live(terms({ whenUnsure: 'hold' }), [keyed, plain], [unknown])
    const gaps = history.slice(1).map((a, i) => (a.startedAt.getTime() - (history[i]?.endedAt?.getTime() ?? 0)) / 1000)
    expect(gaps).toEqual([2, 10, 30, 60, 120, 120, 120, 120].slice(0, gaps.length))
    expect(gaps.length).toBeGreaterThanOrEqual(7)
    expect(new Set(providersOf(history))).toEqual(new Set(['keyed']))
  })

  it('is asked about once more within the ten minutes where the provider asks for longer', () => {
    const long: Answer = { outcome: 'deferred', retryAfterMs: minutes(60 * 24) }
    const { history, end } = live(terms({ whenUnsure: 'hold' }), [keyed, plain], [unknown, long, accepted])
    const at = history.map((a) => a.startedAt.getTime() - start.getTime())
    expect(at).toEqual([0, seconds(2) + 100, minutes(10) - seconds(30) + 100])
    expect(end.state).toBe('sent')
    const soon = live(terms({ expiresAt: after(minutes(3)) }), [keyed], [unknown, long, accepted])
    expect(soon.history.map((a) => a.startedAt)).toContainEqual(after(minutes(3) - seconds(30)))
    expect(soon.end.state).toBe('sent')
  })

  it('ends as sent where the repeat is accepted', () => {
    const { history, end, waits } = live(terms(), [keyed, plain], [unknown, accepted])
    expect(providersOf(history)).toEqual(['keyed', 'keyed'])
    expect(end.state).toBe('sent')
    expect(waits[0]).toMatchObject({ state: 'unconfirmed', code: 'settling' })
  })

  it('is not settled by a 429 to the repeat: no other provider follows (unknown, 429, fallback is the trap)', () => {
    const { history } = live(terms({ whenUnsure: 'hold' }), [keyed, plain], [unknown, deferred])
    expect(providersOf(history)).not.toContain('plain')
  })

  it('is settled where the same key is refused as a message', () => {
    const { end } = live(terms(), [keyed, plain], [unknown, refused])
    expect(end).toMatchObject({ state: 'failed', reason: { code: 'rejected' } })
  })

  it('waits ten minutes without a call where the provider knows no keys, then is held', () => {
    const { history, waits, end } = live(terms({ whenUnsure: 'hold' }), [plain, keyed], [unknown])
    expect(history).toHaveLength(1)
    expect(waits).toEqual([
      expect.objectContaining({ state: 'unconfirmed', code: 'settling', until: after(minutes(10) + 100) }),
    ])
    expect(end).toMatchObject({ state: 'unconfirmed', reason: { code: 'held' } })
  })

  it('goes to the next provider after ten minutes where a duplicate is better than silence', () => {
    const { history, end } = live(terms(), [plain, keyed], [unknown, accepted])
    expect(providersOf(history)).toEqual(['plain', 'keyed'])
    expect(end.state).toBe('sent')
  })

  it('risks one duplicate and no more: a second answer lost is held', () => {
    for (const [route, called] of [
      [[plain], ['plain', 'plain']],
      [
        [plain, third, keyed],
        ['plain', 'third'],
      ],
    ] as const) {
      const { history, end } = live(terms(), [...route], [unknown])
      expect(providersOf(history)).toEqual(called)
      expect(end).toMatchObject({ state: 'unconfirmed', reason: { code: 'held' } })
    }
  })

  it('never goes on to another provider where the answer was an unreadable 2xx', () => {
    const { history, end } = live(terms(), [plain, keyed], [taken])
    expect(providersOf(history)).toEqual(['plain'])
    expect(end).toMatchObject({ state: 'unconfirmed', reason: { code: 'held' } })
  })

  it('is asked about once more where nobody did at the end of the ten minutes, and then decided', () => {
    const lost = closed(1, { provider: 'keyed', round: 1 }, unknown, start)
    const late = after(minutes(45))
    const again = nextStep(terms(), [keyed, plain], [lost], late)
    expect(again).toMatchObject({ kind: 'attempt', provider: 'keyed', round: 1 })
    const repeated = closed(2, { provider: 'keyed', round: 1 }, unknown, late)
    const next = nextStep(terms(), [keyed, plain], [lost, repeated], after(100, late))
    expect(next).toMatchObject({ kind: 'attempt', provider: 'plain' })
  })

  it('is not asked about late where the provider is unavailable, nor for what has expired', () => {
    const lost = closed(1, { provider: 'keyed', round: 1 }, unknown, start)
    const late = after(minutes(45))
    const unavailable = { ...keyed, unavailable: { until: after(seconds(6), late), cause: failing, lookUps: true } }
    expect(nextStep(terms(), [unavailable, plain], [lost], late)).toMatchObject({ kind: 'attempt', provider: 'plain' })
    const over = nextStep(terms({ expiresAt: after(minutes(30)) }), [keyed, plain], [lost], late)
    expect(over).toMatchObject({ kind: 'stop', state: 'unconfirmed', reason: { code: 'held' } })
  })

  it('does not use a key again that the provider may have forgotten', () => {
    const old = closed(1, { provider: 'keyed', round: 1 }, unknown, start)
    const step = nextStep(terms(), [keyed, plain], [old], after(minutes(60 * 21)))
    expect(step).toMatchObject({ kind: 'attempt', provider: 'plain' })
  })
})

describe('a lost answer that can be looked for', () => {
  it('is sent where a look finds it, at any time, and no call follows', () => {
    for (const lookUps of [
      ['found'],
      ['absent', 'found'],
      ['unclear', 'absent', 'found'],
    ] as LookUpAnswer['answer'][][]) {
      const { history, end } = live(terms({ whenUnsure: 'hold' }), [asked, keyed], [unknown], lookUps)
      expect(providersOf(history)).toEqual(['asked'])
      expect(end.state).toBe('sent')
    }
  })

  it('is deferred after two lookUps without it, the first a minute after the call: then the next provider has it', () => {
    const { history, waits, end } = live(terms({ whenUnsure: 'hold' }), [asked, keyed], [unknown, accepted], ['absent'])
    expect(providersOf(history)).toEqual(['asked', 'keyed'])
    expect(history[0]?.lookUps.map((l) => l.at.getTime() - start.getTime() - 100)).toEqual([5000, 60_000, 90_000])
    expect(waits.every((w) => w.state === 'unconfirmed' && w.code === 'settling')).toBe(true)
    expect(end.state).toBe('sent')
  })

  it('is looked for though the circuit is open, which no send may close; not while a person has paused it', () => {
    const lost = closed(1, { provider: 'asked', round: 1 }, unknown, start)
    const at = after(seconds(6))
    const open = { ...asked, unavailable: { until: after(seconds(6), at), cause: failing, lookUps: true } }
    expect(nextStep(terms(), [open], [lost], at)).toMatchObject({ kind: 'look' })
    expect(nextStep(terms(), [{ ...asked, probe: failing }], [lost], at)).toMatchObject({ kind: 'look' })
    const paused = { ...open, unavailable: { ...open.unavailable, lookUps: false } }
    expect(nextStep(terms(), [paused], [lost], at)).toMatchObject({ kind: 'wait', reason: { code: 'settling' } })
  })

  it('is looked for twice where nobody looked within the ten minutes, half a minute apart, and then decided', () => {
    const lost = closed(1, { provider: 'asked', round: 1 }, unknown, start)
    const late = after(minutes(45))
    const look = (...at: Date[]): PastAttempt => ({ ...lost, lookUps: at.map((at) => ({ at, answer: 'absent' })) })
    const hold = terms({ whenUnsure: 'hold' })
    expect(nextStep(hold, [asked], [lost], late)).toMatchObject({ kind: 'look' })
    const wait = nextStep(hold, [asked], [look(late)], after(100, late))
    expect(wait).toMatchObject({ kind: 'wait', state: 'unconfirmed', until: after(seconds(30), late) })
    const second = after(seconds(30), late)
    expect(nextStep(hold, [asked], [look(late)], second)).toMatchObject({ kind: 'look' })
    const next = nextStep(hold, [asked], [look(late, second)], after(100, second))
    expect(next).toMatchObject({ kind: 'attempt', provider: 'asked', round: 2 })
  })

  it('is held where nobody can look for ten minutes', () => {
    const { history, end } = live(terms({ whenUnsure: 'hold' }), [asked, keyed], [unknown], ['unclear'])
    expect(providersOf(history)).toEqual(['asked'])
    expect(history[0]?.lookUps.length).toBeGreaterThanOrEqual(10)
    expect(end).toMatchObject({ state: 'unconfirmed', reason: { code: 'held' } })
  })

  it('is never called absent where the answer was an unreadable 2xx', () => {
    const { history, end } = live(terms(), [asked, keyed], [taken], ['absent'])
    expect(providersOf(history)).toEqual(['asked'])
    expect(end).toMatchObject({ state: 'unconfirmed', reason: { code: 'held' } })
  })

  it('is settled by a person or a receipt too', () => {
    const lost = closed(1, { provider: 'plain', round: 1 }, unknown, start)
    expect(nextStep(terms(), [plain, keyed], [{ ...lost, verdict: 'taken' }], after(200))).toMatchObject({
      state: 'sent',
    })
    expect(nextStep(terms(), [plain, keyed], [{ ...lost, verdict: 'not_taken' }], after(200))).toMatchObject({
      kind: 'attempt',
      provider: 'keyed',
      round: 1,
    })
  })
})
