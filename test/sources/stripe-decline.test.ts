// Every decline code that Stripe lists, and what a customer hears of it (https://docs.stripe.com/declines/codes).
import { describe, expect, it } from 'vitest'
import { declineReason } from '../../src/sources/stripe-decline.ts'
import { declined } from '../fixtures/stripe/objects.ts'

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

/** What the payer can mend, and a word that must be in what they hear. */
const mendable = [
  ['authentication_required', 'confirm'],
  ['expired_card', 'expired'],
  ['incorrect_cvc', 'security code'],
  ['incorrect_number', 'number'],
  ['incorrect_zip', 'postal code'],
  ['insufficient_funds', 'money'],
  ['invalid_cvc', 'security code'],
  ['invalid_expiry_month', 'expiry date'],
  ['invalid_expiry_year', 'expiry date'],
  ['invalid_number', 'number'],
  ['processing_error', 'just then'],
] as const

/** For these Stripe's own message, which it writes for the payer, is good enough. */
const others = [
  'approve_with_id',
  'card_not_supported',
  'currency_not_supported',
  'duplicate_transaction',
  'incorrect_address',
  'incorrect_pin',
  'invalid_account',
  'invalid_amount',
  'invalid_pin',
  'issuer_not_available',
  'mobile_device_authentication_required',
  'new_account_information_available',
  'offline_pin_required',
  'online_or_offline_pin_required',
  'pin_try_exceeded',
  'reenter_transaction',
  'service_not_allowed',
  'testmode_decline',
  'try_again_later',
  'withdrawal_count_limit_exceeded',
]

describe('a decline code', () => {
  it.each(silent)('%s is not to be told from any other', (code) => {
    const message = `Your card was declined: ${code}. It was reported.`
    expect(declineReason(declined(code, { message }))).toBe('The bank declined the payment.')
    expect(declineReason(declined(null, { message, code }))).toBe('The bank declined the payment.')
    // Where Stripe suspects somebody, a code that could be mended beside it must not speak either.
    expect(declineReason(declined(code, { message, code: 'expired_card' }))).toBe('The bank declined the payment.')
  })

  it.each(mendable)('%s says what to mend', (code, word) => {
    expect(declineReason(declined(code))).toContain(word)
    expect(declineReason(declined(null, { code }))).toContain(word)
  })

  it.each(others)('%s is left to Stripe’s message, and never spelled out', (code) => {
    expect(declineReason(declined(code))).toBe('Your card was declined.')
    expect(declineReason(declined(code, { message: `No: ${code}` }))).toBe('The bank declined the payment.')
    expect(declineReason(declined(code, { message: null }))).toBe('The bank declined the payment.')
  })

  it.each([null, undefined, 'text', 5, [], {}, { decline_code: 5 }, { decline_code: 'constructor' }])(
    'of the odd error %j is none',
    (error) => {
      expect(declineReason(error)).toBeNull()
    },
  )
})
