// Which events report one payment: by a name that they share, else by who paid what and when, unless they contradict.
import { describe, expect, it } from 'vitest'
import { factNamed, type KnownPayment, type ReportedPayment } from '../../src/domain/payment.ts'
import { addedUp, unlinkedNames, withLinks } from '../../src/policy/payment-parts.ts'
import { sameAs } from '../../src/policy/same-payment.ts'

const noon = new Date('2026-11-21T12:00:00Z')
const minutes = (n: number) => new Date(noon.getTime() + n * 60_000)

function told(names: string[], more: Partial<ReportedPayment> = {}): ReportedPayment & { emailDigest: string | null } {
  const base = {
    outcome: 'received' as const,
    ownNames: names,
    parts: [],
    linkedBy: null,
    lacks: [],
    orders: [],
    shopReference: null,
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
  return { ...one, fact: factNamed(one), waitingEvent: null, waitsUntil: null }
}
const facts = (of: ReportedPayment & { emailDigest: string | null }, among: KnownPayment[]) =>
  sameAs(of, among).map(({ fact }) => fact)

describe('a payment', () => {
  it('is the one with which it shares a name, whenever and whatever else', () => {
    const other = known(['pi_1', 'in_1'], { customer: 'cus_2', amount: 1, at: minutes(-60 * 24) })
    expect(facts(told(['in_1']), [other])).toEqual(['payment:pi_1'])
  })
  it('links two that were not known to be one, the older first', () => {
    const [a, b] = [known(['cs_1'], { at: minutes(1) }), known(['pi_1'])]
    expect(facts(told(['pi_1', 'cs_1']), [a, b])).toEqual(['payment:pi_1', 'payment:cs_1'])
  })
  it('is what was reported of its invoice as a whole, even if an older part was reported too', () => {
    const [whole, part] = [known(['in_1'], { at: minutes(1) }), known(['pi_1'])]
    expect(facts(told(['pi_1', 'in_1']), [part, whole])).toEqual(['payment:in_1', 'payment:pi_1'])
    expect(facts(told(['in_1'], { parts: ['pi_1', 'pi_2'] }), [part, whole])).toEqual(['payment:in_1', 'payment:pi_1'])
  })
  it('is linked by what names one of its ids and one of the other', () => {
    const links = [['inpay_1', 'in_1', 'pi_1']]
    expect(unlinkedNames(told(['pi_1', 'ch_1']))).toEqual(['pi_1'])
    expect(withLinks(told(['pi_1']), links)).toMatchObject({ names: ['pi_1', 'in_1'], ownNames: ['pi_1', 'in_1'] })
    expect(withLinks(told(['in_1']), links)).toMatchObject({ names: ['in_1'], parts: ['pi_1'] })
    for (const names of [['pi_1', 'in_1'], ['cs_1']]) expect(unlinkedNames(told(names))).toEqual([])
    expect(unlinkedNames(told(['pi_1'], { outcome: 'failed' }))).toEqual([])
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

describe('payments of one customer and sum within ten minutes', () => {
  it('are two where the shop names two orders, and one where it names the same or only one', () => {
    const other = known(['in_1'], { orders: ['SUB-1', '71'] })
    expect(facts(told(['pi_2'], { orders: ['BOOK-2'] }), [other])).toEqual([])
    expect(facts(told(['pi_2'], { orders: ['71'] }), [other])).toEqual(['payment:in_1'])
    expect(facts(told(['pi_2']), [other])).toEqual(['payment:in_1'])
  })
  it('are two where references differ, which count as an order’s name only where there is no other', () => {
    const other = known(['in_1'], { orders: ['SUB-1'], shopReference: 'R-1' })
    expect(facts(told(['pi_2'], { orders: ['SUB-1'], shopReference: 'R-2' }), [other])).toEqual(['payment:in_1'])
    expect(facts(told(['pi_2'], { orders: ['SUB-2'], shopReference: 'R-1' }), [other])).toEqual([])
    expect(facts(told(['pi_2'], { shopReference: 'R-1' }), [other])).toEqual(['payment:in_1'])
    expect(facts(told(['pi_2'], { shopReference: 'R-2' }), [other])).toEqual([])
  })
  it('are two where one pays no invoice and the other an invoice', () => {
    expect(facts(told(['pi_2'], { lacks: ['in'] }), [known(['in_1'])])).toEqual([])
    expect(facts(told(['in_2']), [known(['cs_1'], { lacks: ['in'] })])).toEqual([])
    expect(facts(told(['pi_2']), [known(['cs_1'], { lacks: ['in'] })])).toEqual(['payment:cs_1'])
    const linked = known(['cs_1', 'in_1'], { lacks: ['in'] })
    expect(facts(told(['in_1']), [linked])).toEqual([linked.fact])
  })
  it('are one by a shared id, whatever the shop calls their orders', () => {
    expect(facts(told(['pi_1'], { orders: ['A'] }), [known(['pi_1', 'cs_1'], { orders: ['B'] })])).toHaveLength(1)
  })
})

describe('the PaymentIntents of an invoice that is paid in parts', () => {
  const part = (id: string, more: Partial<ReportedPayment> = {}) => known([id, 'in_1'], more)

  it('are payments of their own', () => {
    expect(facts(told(['pi_b', 'in_1'], { amount: 4000 }), [part('pi_a')])).toEqual([])
    expect(facts(told(['pi_b', 'in_1']), [part('pi_a')])).toEqual([])
    expect(facts(told(['pi_c', 'in_1']), [part('pi_a'), part('pi_b')])).toEqual([])
  })
  it('are each one payment by whichever of their ids they come again', () => {
    expect(facts(told(['pi_b', 'ch_b']), [part('pi_a'), part('pi_b')])).toEqual(['payment:pi_b'])
    expect(facts(told(['pi_a', 'in_1', 'ch_a']), [part('pi_a'), part('pi_b')])).toEqual(['payment:pi_a'])
  })
  it('were reported before the invoice, and stay apart', () => {
    const parts = [part('pi_b', { at: minutes(1) }), part('pi_a')]
    expect(facts(told(['in_1'], { amount: 9000 }), parts)).toEqual(['payment:pi_a'])
  })
  it('were reported with the invoice if that came first', () => {
    const whole = { ...known(['in_1'], { amount: 9000 }), names: ['in_1', 'pi_a'] }
    for (const id of ['pi_a', 'pi_b']) expect(facts(told([id, 'in_1']), [whole])).toEqual(['payment:in_1'])
  })
})

describe('an invoice that nothing but the sums shows to be paid in parts', () => {
  const days = (n: number) => minutes(n * 24 * 60)
  const part = (id: string, amount: number, at = noon, more: Partial<ReportedPayment> = {}) =>
    known([id], { amount, at, ...more })
  const [a, b, c] = [part('pi_a', 5000, days(-40)), part('pi_b', 2500, days(-3)), part('pi_c', 1500, minutes(-2))]
  const invoice = (amount: number, more: Partial<ReportedPayment> = {}) => told(['in_1'], { amount, ...more })
  const factOf = (...of: Parameters<typeof addedUp>) => addedUp(...of)?.same.fact ?? null

  it('was reported by its parts, and is the last of them', () => {
    expect(factOf(invoice(9000), [a, b, c])).toBe('payment:pi_c')
    expect(factOf(invoice(6500), [a, b, c])).toBe('payment:pi_c')
    expect(factOf(invoice(9000, { names: ['in_1', 'cs_1'] }), [c, a, b])).toBe('payment:pi_c')
  })
  it('was not where the sums differ, or the last of them is not near', () => {
    for (const amount of [7500, 9001, 1500, 5000]) expect(factOf(invoice(amount), [a, b, c])).toBeNull()
    expect(factOf(invoice(9000, { at: minutes(9) }), [a, b, c])).toBeNull()
    expect(factOf(invoice(9000, { at: minutes(-14) }), [a, b, c])).toBeNull()
  })
  it.each([
    ['of another customer', { customer: 'cus_2' }],
    ['in another currency', { currency: 'usd' }],
    ['known to pay no invoice', { lacks: ['in'] }],
    ['of another invoice', { names: ['pi_a', 'in_2'] }],
    ['months ago', { at: days(-91) }],
    ['after it', { at: minutes(11) }],
    ['of another order', { orders: ['ORD-8'] }],
  ])('was not by a payment %s', (_, more) => {
    expect(factOf(invoice(9000, { orders: ['ORD-7'] }), [part('pi_a', 5000, days(-40), more), b, c])).toBeNull()
    const last = part('pi_c', 1500, minutes(-2), more)
    expect(factOf(invoice(9000, { orders: ['ORD-7'] }), [a, b, last])).toBeNull()
  })
  it('includes its last part if it comes first, but no other payment', () => {
    const whole = known(['in_1'], { amount: 9000 })
    const last = (more: Partial<ReportedPayment> = {}) =>
      told(['pi_c', 'ch_c'], { amount: 1500, at: minutes(1), ...more })
    expect(factOf(last(), [a, b, whole])).toBe('payment:in_1')
    for (const more of [{ amount: 1499 }, { amount: 9000 }, { at: minutes(11) }, { lacks: ['in'] }, { customer: null }])
      expect(factOf(last(more), [a, b, whole])).toBeNull()
    expect(factOf(last(), [a, b, { ...whole, names: ['in_1', 'pi_x'] }])).toBeNull()
    expect(factOf(last(), [whole])).toBeNull()
  })
  it('includes an earlier part that comes last', () => {
    const whole = known(['in_1'], { amount: 9000 })
    const late = (id: string, amount: number, at: Date) => told([id], { amount, at })
    expect(factOf(late('pi_a', 5000, days(-40)), [whole, b, c])).toBe('payment:in_1')
    expect(factOf(late('pi_b', 2500, days(-3)), [a, c, whole])).toBe('payment:in_1')
    expect(factOf(late('pi_b', 2500, days(-3)), [a, whole])).toBeNull()
    expect(factOf(late('pi_a', 5000, days(-91)), [whole, b, c])).toBeNull()
    expect(factOf(late('pi_d', 1500, days(-1)), [a, b, whole])).toBeNull()
  })
  it('is found among many payments', () => {
    const many = Array.from({ length: 40 }, (_, i) => part(`pi_${i}`, 1_000_000 + i, minutes(-100 - i)))
    expect(factOf(invoice(1500 + 1_000_002), [c, ...many])).toBe('payment:pi_c')
  })
  it('is nothing of a try that failed', () => {
    expect(factOf({ ...invoice(9000), outcome: 'failed' }, [a, b, c])).toBeNull()
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

  it('is reported once for each try: by its charge, or its invoice’s count', () => {
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
