// Every decline code that Stripe lists, and what a customer hears of it (https://docs.stripe.com/declines/codes).
import { describe, expect, it, test } from 'vitest'
import { catalogs } from '../../../emails/_parts/words.ts'
import { declineReason } from '../../../src/sources/stripe/decline.ts'
import { declined } from '../../fixtures/stripe/objects.ts'

/** With these a bank suspects the payer or keeps silent. */
const silent = [
  'call_issuer',
  'card_velocity_exceeded',
  'do_not_honor',
  'do_not_try_again',
  'fraudulent',
  'generic_decline',
  'lost_card',
  'merchant_blacklist',
  'no_action_taken',
  'not_permitted',
  'pickup_card',
  'restricted_card',
  'revocation_of_all_authorizations',
  'revocation_of_authorization',
  'security_violation',
  'stolen_card',
  'stop_payment_order',
  'transaction_not_allowed',
]

/** What the payer can fix, and by which name the wording knows it. */
const fixable = [
  ['authentication_required', 'authentication_required'],
  ['expired_card', 'expired_card'],
  ['incorrect_cvc', 'incorrect_cvc'],
  ['incorrect_number', 'incorrect_number'],
  ['incorrect_zip', 'incorrect_zip'],
  ['insufficient_funds', 'insufficient_funds'],
  ['invalid_cvc', 'incorrect_cvc'],
  ['invalid_expiry_month', 'incorrect_expiry_date'],
  ['invalid_expiry_year', 'incorrect_expiry_date'],
  ['invalid_number', 'incorrect_number'],
  ['processing_error', 'processing_error'],
  ['approve_with_id', 'processing_error'],
  ['incorrect_pin', 'incorrect_pin'],
  ['invalid_pin', 'incorrect_pin'],
  ['issuer_not_available', 'processing_error'],
  ['mobile_device_authentication_required', 'authentication_required'],
  ['pin_try_exceeded', 'incorrect_pin'],
  ['reenter_transaction', 'processing_error'],
  ['try_again_later', 'processing_error'],
  ['withdrawal_count_limit_exceeded', 'over_bank_limit'],
] as const

/** For these Stripe's own message, which it writes for the payer, is good enough. */
const others = [
  'card_not_supported',
  'currency_not_supported',
  'duplicate_transaction',
  'incorrect_address',
  'invalid_account',
  'invalid_amount',
  'new_account_information_available',
  'offline_pin_required',
  'online_or_offline_pin_required',
  'service_not_allowed',
  'testmode_decline',
]

describe('a decline code', () => {
  it.each(silent)('%s looks like any other', (code) => {
    const message = `Your card was declined: ${code}. It was reported.`
    expect(declineReason(declined(code, { message }))).toBe('bank_declined')
    expect(declineReason(declined(null, { message, code }))).toBe('bank_declined')
    // Where Stripe suspects somebody, a code that could be fixed beside it must not be shown either.
    expect(declineReason(declined(code, { message, code: 'expired_card' }))).toBe('bank_declined')
  })

  it.each(fixable)('%s says what to fix', (code, name) => {
    expect(declineReason(declined(code))).toBe(name)
    expect(declineReason(declined(null, { code }))).toBe(name)
  })

  it('that is shown has wording', () => {
    for (const name of ['bank_declined', 'not_confirmed', ...fixable.map(([, name]) => name)])
      expect(catalogs.en?.common).toHaveProperty([`reason.${name}`])
  })

  it.each(others)('%s is left to Stripe’s message, and never spelled out', (code) => {
    expect(declineReason(declined(code))).toBe('Your card was declined.')
    expect(declineReason(declined(code, { message: `No: ${code}` }))).toBe('bank_declined')
    expect(declineReason(declined(code, { message: null }))).toBe('bank_declined')
  })

  it.each([null, undefined, 'text', 5, [], {}, { decline_code: 5 }, { decline_code: 'constructor' }])(
    'of the odd error %j is none',
    (error) => {
      expect(declineReason(error)).toBeNull()
    },
  )
})

test('a declined card without a known decline code is declined by the bank', () => {
  expect(declineReason({ code: 'card_declined' })).toBe('bank_declined')
  expect(declineReason({ code: 'card_declined', decline_code: 'a_new_one' })).toBe('bank_declined')
  expect(declineReason({ code: 'card_declined', decline_code: 'insufficient_funds' })).toBe('insufficient_funds')
})
