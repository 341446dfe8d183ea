// What becomes of payments that wait, or were reported, when an event shows that they are one or paid one invoice.
import { expect, it } from 'vitest'
import { factNamed, type KnownPayment, type ReportedPayment } from '../../src/domain/payment.ts'
import { addedUp, mayBeAddedUp } from '../../src/policy/payment-parts.ts'
import { settledAs, settledBySums } from '../../src/policy/payment-settlement.ts'

const noon = new Date('2026-11-21T12:00:00Z')

function reported(name: string, amount: number): ReportedPayment {
  return {
    ...{ outcome: 'received', names: [name], ownNames: [name], parts: [], linkedBy: null, lacks: [], orders: [] },
    ...{ shopReference: null, customer: 'cus_1', email: null, amount, currency: 'eur', at: noon },
  }
}
function known(name: string, amount: number): KnownPayment {
  const one = reported(name, amount)
  return { ...one, fact: factNamed(one), emailDigest: null, waitingEvent: null, waitsUntil: null }
}
function waiting(name: string, amount: number): KnownPayment {
  return { ...known(name, amount), waitingEvent: `event of ${name}`, waitsUntil: noon }
}

it('a payment that waits is then that of the event, and the fact is that of which people were notified', () => {
  const [waits, told] = [waiting('cs_1', 100), known('pi_1', 100)]
  expect(settledAs(reported('in_1', 100), [waits])).toMatchObject({
    ...{ fact: 'payment:in_1', merged: [waits], waiting: ['event of cs_1'] },
  })
  expect(settledAs(reported('in_1', 100), [waits, told])).toMatchObject({ fact: 'payment:pi_1', merged: [waits] })
})

it('an invoice is reported as a whole where all its parts wait, and else each part is', () => {
  const invoice = reported('in_1', 10_000)
  const [a, b, told] = [waiting('pi_a', 6000), waiting('pi_b', 4000), known('pi_b', 4000)]
  expect(settledBySums(invoice, { same: a, parts: [b] })).toEqual({
    ...{ fact: 'payment:in_1', merged: [a, b], parts: [], invoice: null },
    waiting: ['event of pi_a', 'event of pi_b'],
  })
  expect(settledBySums(invoice, { same: told, parts: [a] })).toEqual({
    ...{ fact: 'payment:pi_b', merged: [], parts: [a], invoice: 'in_1', waiting: ['event of pi_a'] },
  })
})

it('the last part belongs to the invoice that was reported, with the parts that wait, and not with those that were', () => {
  const [whole, waits, told] = [known('in_1', 10_000), waiting('pi_b', 2500), known('pi_c', 1500)]
  expect(settledBySums(reported('pi_a', 6000), { same: whole, parts: [waits, told] })).toEqual({
    ...{ fact: 'payment:in_1', merged: [waits], parts: [told], invoice: 'in_1', waiting: ['event of pi_b'] },
  })
})

it('of parts and invoices that fit, parts that wait and invoices that were reported are chosen', () => {
  const last = reported('pi_a', 6000)
  const [asked, whole] = [waiting('in_2', 10_000), known('in_1', 10_000)]
  for (const [told, waits] of [
    [known('pi_b', 4000), waiting('pi_c', 4000)],
    [known('pi_c', 4000), waiting('pi_b', 4000)],
  ] as const)
    expect(addedUp(last, [told, waits, asked, whole])).toEqual({ same: whole, parts: [waits] })
})

it('a payment waits for the rest of an invoice that was reported, and not of one that waits itself', () => {
  expect(mayBeAddedUp(reported('pi_a', 6000), [known('in_1', 10_000)])).toBe(true)
  expect(mayBeAddedUp(reported('pi_a', 6000), [waiting('in_1', 10_000)])).toBe(false)
})
