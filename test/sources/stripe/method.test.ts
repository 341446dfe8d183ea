// How Stripe's payment methods are named for customers, and what an invoice says of its next try.
import { expect, test } from 'vitest'
import { methodOf } from '../../../src/sources/stripe/method.ts'
import { translateStripe } from '../../../src/sources/stripe/translate.ts'
import { current, stripeEvent } from '../../fixtures/stripe/objects.ts'

const paidWith = (details: object) =>
  methodOf({ object: 'payment_intent', latest_charge: { payment_method_details: details } })

test.each([
  [{ type: 'card', card: { brand: 'visa', last4: '4242' } }, 'Visa •••• 4242'],
  [{ type: 'card', card: { brand: 'amex', last4: '0005' } }, 'American Express •••• 0005'],
  [
    { type: 'card', card: { brand: 'mastercard', last4: '4444', wallet: { type: 'apple_pay' } } },
    'Apple Pay (Mastercard •••• 4444)',
  ],
  [{ type: 'card', card: { brand: 'cartes_bancaires' } }, 'Cartes Bancaires'],
  [{ type: 'card', card: { brand: 'unknown', last4: '1111' } }, 'Card'],
  [{ type: 'card_present', card_present: { brand: 'jcb', last4: '0505' } }, 'JCB •••• 0505'],
  [{ type: 'ideal' }, 'iDEAL'],
  [{ type: 'sepa_debit' }, 'SEPA Direct Debit'],
  [{ type: 'upi' }, 'UPI'],
  [{ type: 'paypal' }, 'PayPal'],
  [{ type: 'us_bank_account' }, 'ACH Direct Debit'],
  [{ type: 'cashapp' }, 'Cash App Pay'],
  [{ type: 'p24' }, 'Przelewy24'],
  [{ type: 'wechat_pay' }, 'WeChat Pay'],
  [{ type: 'mb_way' }, 'MB WAY'],
  [{ type: 'a_new_one' }, 'A new one'],
])('%o is %s', (details, name) => {
  expect(paidWith(details)).toBe(name)
})

const failed = (more: object) => {
  const translation = translateStripe(
    Buffer.from(
      JSON.stringify(stripeEvent('invoice.payment_failed', { ...current.invoice, amount_due: 900, ...more })),
    ),
  )
  if (!translation.ok) throw new Error(JSON.stringify(translation))
  return translation.content.data
}

test('an invoice that is not tried again says that the try was the last', () => {
  expect(failed({ next_payment_attempt: null, collection_method: 'charge_automatically' }).isLastTry).toBe(true)
})

test('an invoice that is tried again says when', () => {
  const data = failed({ next_payment_attempt: 1767398400 })
  expect(data).toMatchObject({ nextTryAt: '2026-01-03T00:00:00.000Z' })
  expect(data).not.toHaveProperty('isLastTry')
})

test.each([
  ['is paid by hand', { next_payment_attempt: null, collection_method: 'send_invoice' }],
  ['does not say', { next_payment_attempt: undefined }],
])('an invoice that %s says neither', (_name, more) => {
  expect(Object.keys(failed(more))).not.toEqual(expect.arrayContaining([expect.stringMatching(/Try/)]))
})

test('the only try of a new subscription is not called the last', () => {
  const first = { next_payment_attempt: null, collection_method: 'charge_automatically', attempt_count: 1 }
  expect(failed({ ...first, billing_reason: 'subscription_create' })).not.toHaveProperty('isLastTry')
  expect(failed({ ...first, attempt_count: 4 }).isLastTry).toBe(true)
})
