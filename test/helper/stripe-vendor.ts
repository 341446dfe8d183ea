// Stripe's API, played by a local server: it knows the objects that a test gave it, and says so as Stripe does.
import { type Recorded, startVendor, type Vendor, type VendorAnswer } from './vendor.ts'

export interface StripeVendor extends Vendor {
  /** By id: a customer, a PaymentIntent, a charge, an invoice, a Checkout session. */
  objects: Map<string, object>
  /** The invoice of each PaymentIntent. */
  invoices: Map<string, string>
  /** The refunds of each charge, the newest first. */
  refunds: Map<string, object[]>
  /** Back to answering from `objects`. */
  answers(): void
}

export async function startStripe(): Promise<StripeVendor> {
  const objects = new Map<string, object>()
  const invoices = new Map<string, string>()
  const refunds = new Map<string, object[]>()
  const script = (request: Recorded): VendorAnswer => {
    const url = new URL(request.path, 'http://stripe')
    if (url.pathname === '/v1/invoice_payments') {
      const invoice = invoices.get(url.searchParams.get('payment[payment_intent]') ?? '')
      return {
        json: { object: 'list', has_more: false, data: invoice ? [{ object: 'invoice_payment', invoice }] : [] },
      }
    }
    if (url.pathname === '/v1/refunds') {
      const data = refunds.get(url.searchParams.get('charge') ?? '')
      return data ? { json: { object: 'list', has_more: false, data } } : missing
    }
    const json = objects.get(url.pathname.split('/').at(-1) ?? '')
    return json ? { json } : missing
  }
  const vendor = await startVendor(script)
  return { ...vendor, objects, invoices, refunds, answers: () => vendor.answer(script) }
}

/** As Stripe refuses. */
export function refusal(status: number, type: string, headers: Record<string, string> = {}): VendorAnswer {
  return { status, headers, json: { error: { type, message: `No such thing: sk_test_secret, ${status}` } } }
}

const missing = {
  status: 404,
  json: { error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such customer' } },
}
