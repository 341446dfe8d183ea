// Maps why a Stripe payment failed to what customers may see: a code that is translated, or else Stripe's message.
import { type Fields, isFields, textOf } from '../../wire/json.ts'

const declined = 'bank_declined'

/** By `decline_code` or `code`: what the payer can correct. */
const customerReasons: Record<string, string> = {
  approve_with_id: 'processing_error',
  authentication_required: 'authentication_required',
  expired_card: 'expired_card',
  incorrect_cvc: 'incorrect_cvc',
  incorrect_number: 'incorrect_number',
  incorrect_pin: 'incorrect_pin',
  incorrect_zip: 'incorrect_zip',
  insufficient_funds: 'insufficient_funds',
  invalid_cvc: 'incorrect_cvc',
  invalid_expiry_month: 'incorrect_expiry_date',
  invalid_expiry_year: 'incorrect_expiry_date',
  invalid_number: 'incorrect_number',
  invalid_pin: 'incorrect_pin',
  issuer_not_available: 'processing_error',
  mobile_device_authentication_required: 'authentication_required',
  payment_intent_authentication_failure: 'not_confirmed',
  pin_try_exceeded: 'incorrect_pin',
  processing_error: 'processing_error',
  reenter_transaction: 'processing_error',
  try_again_later: 'processing_error',
  withdrawal_count_limit_exceeded: 'over_bank_limit',
}

/**
 * Codes of suspected fraud or without a reason. The holder of a stolen card must not learn that it was reported, so all
 * of these are shown as `bank_declined`, as Stripe asks (https://docs.stripe.com/declines/codes).
 */
const undisclosedCodes = new Set([
  'call_issuer',
  'card_velocity_exceeded',
  'do_not_honor',
  'do_not_try_again',
  'fraudulent',
  'generic_decline',
  'highest_risk_level',
  'elevated_risk_level',
  'lost_card',
  'merchant_blacklist',
  'no_action_taken',
  'not_permitted',
  'pickup_card',
  'previously_declined_do_not_retry',
  'restricted_card',
  'revocation_of_all_authorizations',
  'revocation_of_authorization',
  'rule',
  'security_violation',
  'stolen_card',
  'stop_payment_order',
  'suspected_fraud',
  'transaction_not_allowed',
])

/** Null if there is no error or it does not concern the payer. */
export function declineReason(error: unknown): string | null {
  if (!isFields(error)) return null
  const codes = [error.decline_code, error.code].filter((code) => typeof code === 'string')
  if (codes.some((code) => undisclosedCodes.has(code))) return declined
  for (const code of codes) if (Object.hasOwn(customerReasons, code)) return customerReasons[code] ?? null
  if (error.code === 'card_declined' && !textOf(error.decline_code)) return declined
  if (error.type !== 'card_error') return error.code === 'card_declined' ? declined : null
  return messageOf(error, codes)
}

/** Stripe writes the message of a card error for the payer. A message that contains a code is not used. */
function messageOf({ message }: Fields, codes: string[]): string {
  const text = textOf(message, 300)
  return text && !codes.some((code) => code.includes('_') && text.includes(code)) ? text : declined
}
