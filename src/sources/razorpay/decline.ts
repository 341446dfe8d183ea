// Maps why a Razorpay payment failed to a code that customers may see, which is translated.
import type { Fields } from '../../wire/json.ts'

/** By `error_reason`: what the payer can correct or wait for. */
const customerReasons: Record<string, string> = {
  authentication_failed: 'not_confirmed',
  bank_cutoff_in_progress: 'processing_error',
  bank_not_available: 'processing_error',
  bank_technical_error: 'processing_error',
  card_expired: 'expired_card',
  card_number_invalid: 'incorrect_number',
  credit_limit_exceeded: 'over_bank_limit',
  gateway_technical_error: 'processing_error',
  incorrect_atm_pin: 'incorrect_pin',
  incorrect_card_details: 'incorrect_card_details',
  incorrect_card_expiry_date: 'incorrect_expiry_date',
  incorrect_card_number: 'incorrect_number',
  incorrect_cardholder_name: 'incorrect_card_details',
  incorrect_cvv: 'incorrect_cvc',
  incorrect_otp: 'incorrect_otp',
  incorrect_pin: 'incorrect_pin',
  insufficient_funds: 'insufficient_funds',
  invalid_otp: 'incorrect_otp',
  invalid_response_from_gateway: 'processing_error',
  invalid_vpa: 'incorrect_upi_id',
  issuer_technical_error: 'processing_error',
  mandate_creation_expired: 'timed_out',
  mandate_creation_timeout: 'timed_out',
  otp_attempts_exceeded: 'incorrect_otp',
  otp_expired: 'timed_out',
  payment_cancelled: 'cancelled_by_payer',
  payment_collect_request_expired: 'timed_out',
  payment_declined_due_to_high_traffic: 'processing_error',
  payment_session_expired: 'timed_out',
  payment_timed_out: 'timed_out',
  pin_attempts_exceeded: 'incorrect_pin',
  psp_not_available: 'processing_error',
  request_timed_out: 'timed_out',
  server_error: 'processing_error',
  transaction_daily_count_exceeded: 'over_bank_limit',
  transaction_daily_limit_exceeded: 'over_bank_limit',
  transaction_frequency_limit_exceeded: 'over_bank_limit',
  transaction_limit_exceeded: 'over_bank_limit',
  upi_app_technical_error: 'processing_error',
}

/** A refusal by the bank, also of a card that is blocked: its holder need not learn why. */
const declines = new Set([
  'card_declined',
  'debit_declined',
  'debit_instrument_blocked',
  'debit_instrument_inactive',
  'mandate_creation_declined',
  'payment_declined',
])

/** Null if the payer need not know the reason. A bank's refusals are all `bank_declined`. */
export function declineReason({ error_reason, error_source }: Fields): string | null {
  if (typeof error_reason === 'string' && Object.hasOwn(customerReasons, error_reason))
    return customerReasons[error_reason] ?? null
  const isBankDecline =
    typeof error_source === 'string' && /^(issuer|bank|issuer_bank|customer_bank|network)$/.test(error_source)
  return isBankDecline || (typeof error_reason === 'string' && declines.has(error_reason)) ? 'bank_declined' : null
}
