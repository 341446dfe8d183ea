// Which events tell of one payment: by a name that they share, else by who paid what and when, unless they contradict.
import { describe, expect, it } from 'vitest'
import { factNamed, type KnownPayment, type ReportedPayment, sameAs } from '../../src/domain/payment.ts'

const noon = new Date('2026-11-21T12:00:00Z')
const minutes = (n: number) => new Date(noon.getTime() + n * 60_000)

function told(names: string[], more: Partial<ReportedPayment> = {}): ReportedPayment & { emailDigest: string | null } {
  const base = {
    outcome: 'received' as const,
    ownNames: names,
    customer: 'cus_1',
    email: null,
    amount: 4999,
    currency: 'eur',
  }
  const one = { ...base, names, at: noon, ...more }
  return { ...one, emailDigest: one.email }
}
const known = (names: string[], more: Partial<ReportedPayment> = {}): KnownPayment => {
  const one = told(names, more)
  return { ...one, fact: factNamed(one) }
}
const facts = (of: ReportedPayment & { emailDigest: string | null }, among: KnownPayment[]) =>
  sameAs(of, among).map(({ fact }) => fact)

describe('a payment', () => {
  it('is the one with which it shares a name, whenever and whatever else', () => {
    const other = known(['pi_1', 'in_1'], { customer: 'cus_2', amount: 1, at: minutes(-60 * 24) })
    expect(facts(told(['in_1']), [other])).toEqual(['payment:pi_1'])
  })
  it('links two that were not known to be one, the older first', () => {
    const [a, b] = [known(['in_1'], { at: minutes(1) }), known(['pi_1'])]
    expect(facts(told(['pi_1', 'in_1']), [a, b])).toEqual(['payment:pi_1', 'payment:in_1'])
  })
  it('is one of the same customer, amount and currency within ten minutes', () => {
    expect(facts(told(['in_1'], { at: minutes(10) }), [known(['pi_1'])])).toEqual(['payment:pi_1'])
    expect(facts(told(['in_1'], { at: minutes(-10) }), [known(['pi_1'])])).toEqual(['payment:pi_1'])
    for (const more of [{ at: minutes(10.1) }, { amount: 4998 }, { currency: 'usd' }, { customer: 'cus_2' }])
      expect(facts(told(['in_1'], more), [known(['pi_1'])])).toEqual([])
  })
  it('is known by the email where not both name the customer', () => {
    const guest = { customer: null, email: 'ada@example.com' }
    expect(facts(told(['in_1'], { email: 'ada@example.com' }), [known(['pi_1'], guest)])).toEqual(['payment:pi_1'])
    expect(facts(told(['in_1'], { customer: null }), [known(['pi_1'], { customer: null })])).toEqual([])
  })
  it('with another PaymentIntent is another, however alike', () => {
    expect(facts(told(['pi_2']), [known(['pi_1'])])).toEqual([])
    expect(facts(told(['in_2']), [known(['pi_1', 'in_1'])])).toEqual([])
  })
  it('goes to the nearest in time of two that are alike', () => {
    const among = [known(['pi_1'], { at: minutes(-5) }), known(['pi_2'], { at: minutes(1) })]
    expect(facts(told(['in_2']), among)).toEqual(['payment:pi_2'])
  })
})

describe('a payment that failed', () => {
  const failed = (names: string[], tries: string[], more: Partial<ReportedPayment> = {}) => ({
    outcome: 'failed' as const,
    names: [...names, ...tries],
    ownNames: tries.filter((name) => name.startsWith('try:')),
    ...more,
  })
  const tryOf = (...of: Parameters<typeof failed>) => told([], failed(...of))
  const knownTry = (...of: Parameters<typeof failed>) => known([], failed(...of))

  it('is told once a try: by its charge, or its invoice’s count', () => {
    expect(
      facts(tryOf(['in_1', 'pi_1'], ['try:ch_1', 'count:in_1:1']), [knownTry(['pi_1'], ['try:ch_1'])]),
    ).toHaveLength(1)
    expect(facts(tryOf(['in_1'], ['count:in_1:1']), [knownTry(['pi_1'], ['try:ch_1'])])).toHaveLength(1)
  })
  it('is another with the next card, at the next count, and hours later', () => {
    expect(facts(tryOf(['pi_1'], ['try:ch_2']), [knownTry(['pi_1'], ['try:ch_1'])])).toEqual([])
    expect(facts(tryOf(['in_1'], ['count:in_1:2']), [knownTry(['in_1'], ['count:in_1:1'])])).toEqual([])
    expect(facts(tryOf(['in_1'], ['count:in_1:2'], { at: minutes(60) }), [knownTry(['pi_1'], ['try:ch_1'])])).toEqual(
      [],
    )
  })
  it('of a count that does not rise is another by its charge, and without one hours later', () => {
    const first = knownTry(['in_1', 'pi_1'], ['try:ch_1', 'count:in_1:1'])
    expect(facts(tryOf(['in_1', 'pi_1'], ['try:ch_2', 'count:in_1:1'], { at: minutes(3) }), [first])).toEqual([])
    expect(facts(tryOf(['in_1'], ['count:in_1:1'], { at: minutes(25 * 60) }), [first])).toEqual([])
    expect(facts(tryOf(['in_1'], ['count:in_1:1'], { at: minutes(3) }), [first])).toEqual([first.fact])
    const unnamed = [0, 25 * 60].map((n) => factNamed(tryOf(['in_1'], ['count:in_1:1'], { at: minutes(n) })))
    expect(new Set(unnamed).size).toBe(2)
  })
  it('is never one that succeeded', () => {
    expect(facts(tryOf(['pi_1'], ['try:ch_1']), [known(['pi_1'])])).toEqual([])
  })
})
