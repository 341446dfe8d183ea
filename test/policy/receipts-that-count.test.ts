// The receipts that count lead to the same as all of them: in every order, however they are divided, and after any of them
// was applied before.
import { describe, expect, it } from 'vitest'
import type { PastAttempt } from '../../src/domain/attempt.ts'
import type { Deliverable } from '../../src/domain/deliverable.ts'
import { type ReceiptKind, receiptKinds, type StoredReceipt } from '../../src/domain/receipt.ts'
import { type Applied, applyReceipts, settledByReceipts } from '../../src/policy/apply-receipts.ts'
import { marksOf, type ReadReceipt, receiptsThatCount } from '../../src/policy/receipts-that-count.ts'
import { after, attempt, lost, notification, route } from '../helper/policy.ts'

const now = after(600_000)

/** The same numbers in each run. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

type Random = ReturnType<typeof seeded>
const oneOf = <T>(random: Random, items: readonly T[]): T => items[random(items.length)] as T

/** Few of each, so that receipts outweigh each other. */
const few = <T>(random: Random, items: readonly T[]) =>
  Array.from({ length: 1 + random(3) }, () => oneOf(random, items))

interface Palette {
  kinds: ReceiptKind[]
  messages: (string | null)[]
  attempts: (string | null)[]
}

const palette = (random: Random): Palette => ({
  kinds: few(random, receiptKinds),
  messages: few(random, [null, 'SM-1', 'SM-2']),
  attempts: few(random, [null, 'a-1', 'a-2', 'a-4']),
})

function anyReceipt(random: Random, id: number, { kinds, messages, attempts }: Palette): StoredReceipt {
  const kind = oneOf(random, kinds)
  return {
    ...{ id: `r-${id}`, provider: oneOf(random, ['first', 'first', 'second']), kind, at: after(random(4) * 1000) },
    providerMessageId: oneOf(random, messages),
    namedAttemptId: oneOf(random, attempts),
    suppress: oneOf(random, [null, null, 'hard_bounce', 'complaint']),
    ...{ code: oneOf(random, [null, '5.1.1', '5.2.2']), text: oneOf(random, [null, 'a', 'B']), isFresh: true },
  }
}

const ended = { endedAt: after(500) }
const histories: PastAttempt[][] = [
  [attempt({ outcome: 'accepted', ref: 'SM-1', ...ended })],
  [attempt({ outcome: 'accepted', ref: null, ...ended })],
  [lost()],
  [lost(), lost({ number: 2 })],
  [lost(), attempt({ number: 2, provider: 'second', outcome: 'accepted', ref: 'SM-2', ...ended })],
  [
    lost({ verdict: 'not_taken' }),
    attempt({ number: 2, outcome: 'accepted', ref: 'SM-1', ...ended }),
    lost({ number: 3 }),
  ],
]

interface Standing {
  n: Deliverable
  history: PastAttempt[]
  suppressed: string | null
}

type Result = Omit<Applied, 'suppressions'> & { suppressions: string[]; verdicts: unknown[] }

/** As the record stage applies them. Only the set of suppressions and which comes first matter. */
function applied(
  { n, history: before, suppressed }: Standing,
  receipts: StoredReceipt[],
): Standing & { result: Result } {
  const verdicts = settledByReceipts(before, receipts)
  const settled = verdicts.map(({ attempt, verdict, ref }) => ({ ...attempt, verdict, ref: ref ?? attempt.ref }))
  const history = before.map((one) => settled.find(({ id }) => id === one.id) ?? one)
  const result = applyReceipts(route, n, { history, settled, receipts, suppressed }, now)
  const reasons = [...new Set(result.suppressions.map(({ reason, source }) => `${source} ${reason}`))]
  const state = (result.byReceipts ?? result.move ?? n).state
  return {
    n: { ...n, state },
    history,
    suppressed: suppressed ?? result.suppressions[0]?.reason ?? null,
    result: { ...result, suppressions: reasons, verdicts: verdicts.map(({ attempt, ...rest }) => [attempt.id, rest]) },
  }
}

const read = ({ id, provider, providerMessageId, namedAttemptId }: StoredReceipt): ReadReceipt => ({
  ...{ id, subject: { provider, providerMessageId, namedAttemptId }, attemptId: null, isApplied: false },
})

/** Applies receipts in portions, each with all earlier ones, or with those that still count; answers what each led to. */
function results(
  start: Standing,
  portions: StoredReceipt[][],
  forgets: boolean,
  learns: (turn: number) => PastAttempt[],
) {
  let standing = start
  let earlier: StoredReceipt[] = []
  return portions.map((portion, turn) => {
    const all = [...earlier, ...portion]
    const counting = forgets ? receiptsThatCount(all, standing.history) : all
    const { result, ...next } = applied(standing, counting)
    standing = { ...next, history: [...next.history, ...learns(turn)] }
    const outweighed = new Set(
      marksOf(all.map(read), counting, next.history).flatMap((mark) => (mark.outweighed ? [mark.receiptId] : [])),
    )
    earlier = all.filter(({ id }) => !forgets || !outweighed.has(id)).map((one) => ({ ...one, isFresh: false }))
    return result
  })
}

describe('receipts that count', () => {
  it('lead to the same as all, in every order and division, also where attempts become known in between', () => {
    let forgotten = 0
    for (let seed = 1; seed <= 2000; seed++) {
      const random = seeded(seed)
      const of = palette(random)
      const receipts = Array.from({ length: 1 + random(30) }, (_, id) => anyReceipt(random, id, of))
      const portions: StoredReceipt[][] = []
      for (let from = 0; from < receipts.length; ) {
        const size = 1 + random(8)
        portions.push(receipts.slice(from, from + size))
        from += size
      }
      const n = notification({ state: oneOf(random, ['sent', 'unconfirmed', 'pending']), restartedAfter: random(2) })
      const start = { n, history: oneOf(random, histories), suppressed: null }
      const another = random(4)
      const learns = (turn: number) =>
        turn === another ? [lost({ number: 4, id: 'a-4', provider: oneOf(seeded(seed), ['first', 'second']) })] : []
      expect(results(start, portions, true, learns), `seed ${seed}`).toEqual(results(start, portions, false, learns))
      forgotten +=
        receipts.length -
        receiptsThatCount(
          receipts.map((one) => ({ ...one, isFresh: false })),
          start.history,
        ).length
    }
    expect(forgotten).toBeGreaterThan(5000)
  })

  it('are chosen alike at once and page by page', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed)
      const of = palette(random)
      const isSmall = seed % 10 > 0
      const messages = isSmall ? of.messages : Array.from({ length: 200 }, (_, id) => `SM-${id}`)
      const receipts = Array.from({ length: isSmall ? 40 : 500 }, (_, id) =>
        anyReceipt(random, id, { ...of, messages }),
      )
      const history = oneOf(random, histories)
      let kept: StoredReceipt[] = []
      for (let from = 0; from < receipts.length; from += 7)
        kept = receiptsThatCount([...kept, ...receipts.slice(from, from + 7)], history)
      expect(kept).toEqual(receiptsThatCount(receipts, history))
    }
  })

  it('are a few, whatever has come', () => {
    const opened = (id: number): StoredReceipt => ({
      ...{ id: `r-${id}`, provider: 'first', kind: 'opened', at: after(1000 - id), providerMessageId: 'SM-1' },
      ...{ namedAttemptId: null, suppress: null, code: null, text: null, isFresh: false },
    })
    const many = Array.from({ length: 1000 }, (_, id) => opened(id))
    expect(receiptsThatCount(many, []).map(({ id }) => id)).toEqual(['r-0', 'r-999'])
  })
})

describe('of receipts with a message id of their own each', () => {
  const own = (id: number, more: Partial<StoredReceipt> = {}): StoredReceipt => ({
    ...{ id: `r-${id}`, provider: 'first', kind: 'opened', at: after(9000 - id), providerMessageId: `SM-${id}` },
    ...{ namedAttemptId: 'a-1', suppress: null, code: null, text: null, isFresh: true, ...more },
  })
  const history = [attempt({ outcome: 'accepted', ref: 'SM-1', ...ended }), lost({ number: 2, id: 'a-2' })]
  const start = { n: notification({ state: 'sent' }), history, suppressed: null }

  it('few count, and those of a message that an attempt is known to have', () => {
    const many = Array.from({ length: 3000 }, (_, id) => own(id + 10))
    const ours = own(1, { id: 'ours', kind: 'delivered', namedAttemptId: null })
    const counting = receiptsThatCount([...many, ours, ...many], history)
    expect(counting.length).toBeLessThan(110)
    expect(counting).toContain(ours)
    const unnamed = many.map((one) => ({ ...one, namedAttemptId: null }))
    expect(receiptsThatCount([...unnamed, own(1), ...unnamed], history).filter(({ id }) => id === 'r-1')).toHaveLength(
      1,
    )
  })

  it('they lead to the same as all, in every division', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = seeded(seed)
      const of = {
        kinds: few(random, receiptKinds),
        attempts: ['a-1'],
        messages: Array.from({ length: 300 }, (_, n) => `SM-${n}`),
      }
      const receipts = Array.from({ length: 400 }, (_, id) => anyReceipt(random, id, of))
      const portions = Array.from({ length: 8 }, (_, part) => receipts.slice(part * 50, part * 50 + 50))
      const nothing = () => []
      expect(results(start, portions, true, nothing), `seed ${seed}`).toEqual(results(start, portions, false, nothing))
    }
  })
})

describe('the marks', () => {
  const history = [attempt({ outcome: 'accepted', ref: 'SM-1', endedAt: after(1000) })]
  const told = (id: string, providerMessageId: string | null): StoredReceipt => ({
    ...{ id, provider: 'first', kind: 'delivered', at: after(1000), providerMessageId, namedAttemptId: null },
    ...{ suppress: null, code: null, text: null, isFresh: true },
  })

  it('name the attempt of each receipt, and none where it is about another message', () => {
    const receipts = [told('ours', 'SM-1'), told('other', 'SM-2')]
    expect(marksOf(receipts.map(read), receipts, history)).toEqual([
      { receiptId: 'ours', attemptId: 'a-1', outweighed: false },
      { receiptId: 'other', attemptId: null, outweighed: false },
    ])
  })

  it('are written once: what counts and stays as it was is not marked again', () => {
    const receipts = [told('first', 'SM-1'), told('again', 'SM-1')]
    const before = { ...read(receipts[0] as StoredReceipt), attemptId: 'a-1', isApplied: true }
    const marks = marksOf([before, read(receipts[1] as StoredReceipt)], receiptsThatCount(receipts, history), history)
    expect(marks).toEqual([{ receiptId: 'again', attemptId: 'a-1', outweighed: true }])
  })
})
