// Why a Razorpay payment failed, as far as a customer may know. razorpay-payment.ts puts it in the data; neither a code nor
// Razorpay's own description, which may say what a bank suspects, leaves this file.
import type { Fields } from './json.ts'

const slow = 'The payment was not completed in time.'
const down = 'The payment could not be processed just then.'
const limit = 'The payment is above a limit that the bank has set.'

/** What the payer can mend or wait for, by `error_reason`. */
const tellable: Record<string, string> = {
  authentication_failed: 'The payment could not be confirmed with your bank.',
  bank_technical_error: down,
  card_expired: 'The card has expired.',
  gateway_technical_error: down,
  incorrect_card_details: 'The details of the card were not right.',
  incorrect_card_expiry_date: 'The expiry date of the card was not right.',
  incorrect_card_number: 'The card number was not right.',
  incorrect_cvv: 'The security code of the card was not right.',
  incorrect_otp: 'The one-time password was not right.',
  incorrect_pin: 'The PIN was not right.',
  insufficient_funds: 'There was not enough money in the account.',
  invalid_otp: 'The one-time password was not right.',
  invalid_vpa: 'The UPI ID was not right.',
  payment_cancelled: 'The payment was cancelled before it was complete.',
  payment_collect_request_expired: slow,
  payment_session_expired: slow,
  payment_timed_out: slow,
  server_error: down,
  transaction_daily_limit_exceeded: limit,
  transaction_limit_exceeded: limit,
}

/** A sentence for the payer; null where there is none for them. Whatever a bank refused for reads alike. */
export function declineReason({ error_reason, error_source }: Fields): string | null {
  if (typeof error_reason === 'string' && Object.hasOwn(tellable, error_reason)) return tellable[error_reason] ?? null
  const isBanks =
    typeof error_source === 'string' && /^(issuer|bank|issuer_bank|customer_bank|network)$/.test(error_source)
  return isBanks || error_reason === 'card_declined' ? 'The bank declined the payment.' : null
}
