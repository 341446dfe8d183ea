// Maps why a Razorpay payment failed to a code that customers may see, which is translated.
import type { Fields } from '../../wire/json.ts'

/** By `error_reason`: what the payer can correct or wait for. */
const customerReasons: Record<string, string> = {
  authentication_failed: 'not_confirmed',
  bank_technical_error: 'processing_error',
  card_expired: 'expired_card',
  gateway_technical_error: 'processing_error',
  incorrect_card_details: 'incorrect_card_details',
  incorrect_card_expiry_date: 'incorrect_expiry_date',
  incorrect_card_number: 'incorrect_number',
  incorrect_cvv: 'incorrect_cvc',
  incorrect_otp: 'incorrect_otp',
  incorrect_pin: 'incorrect_pin',
  insufficient_funds: 'insufficient_funds',
  invalid_otp: 'incorrect_otp',
  invalid_vpa: 'incorrect_upi_id',
  payment_cancelled: 'cancelled_by_payer',
  payment_collect_request_expired: 'timed_out',
  payment_session_expired: 'timed_out',
  payment_timed_out: 'timed_out',
  server_error: 'processing_error',
  transaction_daily_limit_exceeded: 'over_bank_limit',
  transaction_limit_exceeded: 'over_bank_limit',
}

/** Null if the payer need not know the reason. A bank's refusals are all `bank_declined`. */
export function declineReason({ error_reason, error_source }: Fields): string | null {
  if (typeof error_reason === 'string' && Object.hasOwn(customerReasons, error_reason))
    return customerReasons[error_reason] ?? null
  const isBankDecline =
    typeof error_source === 'string' && /^(issuer|bank|issuer_bank|customer_bank|network)$/.test(error_source)
  return isBankDecline || error_reason === 'card_declined' ? 'bank_declined' : null
}
