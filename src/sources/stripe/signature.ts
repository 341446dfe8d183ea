// Verifies the signature of a Stripe webhook, and makes one for samples.
import Stripe from 'stripe'
import type { Headers, RefusedWebhook } from '../source.ts'

const toleranceSeconds = 300
/** Enough for about twenty signatures, more than any rotation of secrets needs. */
const maxHeaderLength = 2_000

export function headFault(headers: Headers, nowMs: number): RefusedWebhook | null {
  const timestamp = timestampOf(headers['stripe-signature'])
  if (timestamp === null)
    return unverified('signature_missing', 'The header Stripe-Signature is missing, repeated or malformed.')
  // Stripe's package refuses old timestamps but not future ones.
  if (Math.abs(Math.floor(nowMs / 1000) - timestamp) > toleranceSeconds)
    return unverified(
      'timestamp_out_of_tolerance',
      `The signature's timestamp is more than ${toleranceSeconds} seconds from our clock.`,
    )
  return null
}

function unverified(code: RefusedWebhook['code'], detail: string): RefusedWebhook {
  return { ok: false, status: 401, code, detail }
}

/** Null unless there is exactly one timestamp and a signature. */
function timestampOf(header: Headers[string]): number | null {
  // Stripe sends no spaces, and Node joins a repeated header with one.
  if (typeof header !== 'string' || header.length > maxHeaderLength || /\s/.test(header)) return null
  const items = header.split(',')
  const [first, ...more] = items.filter((item) => item.startsWith('t='))
  if (!first || more.length > 0 || !items.some((item) => /^v1=[0-9a-f]{64}$/.test(item))) return null
  return /^t=\d{1,15}$/.test(first) ? Number(first.slice(2)) : null
}

export function isSigned(secret: string, raw: Buffer, headers: Headers, nowMs: number): boolean {
  const header = headers['stripe-signature']
  try {
    const { signature } = Stripe.webhooks
    return signature?.verifyHeader(raw, String(header), secret, toleranceSeconds, undefined, nowMs) === true
  } catch {
    return false
  }
}

/** The headers with which Stripe would send this body now. */
export function signed(secret: string, raw: Buffer, nowMs: number): Record<string, string> {
  const timestamp = Math.floor(nowMs / 1000)
  const signing = { payload: raw.toString(), secret, timestamp }
  return { 'stripe-signature': Stripe.webhooks.generateTestHeaderString(signing) }
}
