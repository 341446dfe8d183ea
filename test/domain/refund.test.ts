// Which part of a charge's refunds each event reports, where events say no more than the sum: none of it twice, whatever the
// order in which they come and are planned.
import { describe, expect, it } from 'vitest'
import { partOf, type RefundPart, type ReportedRefund, refundFact, withPart } from '../../src/domain/refund.ts'

const noon = new Date('2026-11-21T12:00:00Z')
const hour = 3600_000

function told(sum: number, { before = null, hours = sum / 1000 }: { before?: number | null; hours?: number } = {}) {
  const one = { charge: 'ch_1', sum, at: new Date(noon.getTime() + hours * hour) }
  return { ...one, before, fact: refundFact(one) }
}

/** Told one after the other, each when those are stored that have come by then; what each tells, or the fact that told it. */
function tellingsOf(events: ReportedRefund[], storedBefore: (i: number) => number) {
  const parts: RefundPart[] = []
  return events.map((event, i) => {
    const part = partOf(event, events.slice(0, storedBefore(i)), parts)
    if (parts.some(({ fact }) => fact === part.fact)) return 0
    parts.push(part)
    return part.sum - part.before
  })
}
const oneByOne = (...events: ReportedRefund[]) => tellingsOf(events, (i) => i)

function ordersOf<T>(all: T[]): T[][] {
  if (all.length < 2) return [all]
  return all.flatMap((one, i) => ordersOf(all.toSpliced(i, 1)).map((rest) => [one, ...rest]))
}

describe('a refund', () => {
  it('is what it adds to the largest smaller sum', () => {
    expect(oneByOne(told(1000), told(1500), told(5000))).toEqual([1000, 500, 3500])
  })
  it('is what its own event says, where that says it', () => {
    expect(oneByOne(told(1000), told(1500, { before: 1200 }))).toEqual([1000, 300])
  })
  it('that comes after a larger sum was reported as a whole is part of it', () => {
    expect(oneByOne(told(1500), told(1000))).toEqual([1500, 0])
    expect(oneByOne(told(1000), told(1800), told(1500), told(2000))).toEqual([1000, 800, 0, 200])
    expect(oneByOne(told(1500), told(1000, { before: 0 }))).toEqual([1500, 0])
  })
  it('is reported separately if both have come before either is reported', () => {
    expect(tellingsOf([told(1500), told(1000)], () => 2)).toEqual([500, 1000])
  })
  it('comes to the whole in every order, whenever each is stored and in the same second, too', () => {
    const sums = [1000, 1500, 1800, 4000]
    for (const hours of [undefined, 1])
      for (const order of ordersOf(sums))
        for (const ahead of [0, 1, 2, 3]) {
          const events = order.map((sum) => told(sum, hours ? { hours } : {}))
          const amounts = tellingsOf([...events, ...events], (i) => i + ahead)
          expect(amounts.reduce((all, one) => all + one, 0)).toBe(4000)
        }
  })
  it('of a sum that has become smaller later is another: the first has failed', () => {
    expect(oneByOne(told(1500), told(1000, { hours: 3 }), told(1100, { before: 1000, hours: 4 }))).toEqual([
      1500, 1000, 100,
    ])
    expect(oneByOne(told(1500), told(1000, { hours: 100 }), told(1200, { hours: 101 }))).toEqual([1500, 1000, 200])
    expect(oneByOne(told(1000), told(1000, { hours: 100 }))).toEqual([1000, 1000])
  })
  it('is reported with its own amount, or with that of the whole that it is part of', () => {
    const data = { amount: { amount: 1500, currency: 'eur' }, refundId: 're_2', orderNumber: 'ORD-1' }
    const content = { fact: told(1500).fact, data }
    expect(withPart(content, { ...told(1500), before: 1000 }).data).toEqual({
      ...data,
      amount: { amount: 500, currency: 'eur' },
    })
    expect(withPart(content, { ...told(1800), before: 0 })).toEqual({
      fact: told(1800).fact,
      data: { amount: { amount: 1800, currency: 'eur' }, orderNumber: 'ORD-1' },
    })
  })
})
