// A stand-in for Stripe's API that serves the objects which a test gives it.
import { type Recorded, startVendor, type Vendor, type VendorAnswer } from './vendor.ts'

export interface StripeVendor extends Vendor {
  /** Customers, PaymentIntents, charges, invoices and Checkout sessions by id. */
  objects: Map<string, object>
  /** Invoices by PaymentIntent. */
  invoices: Map<string, string>
  /** Refunds by charge, newest first. */
  refunds: Map<string, object[]>
  /** Answers from `objects` again. */
  answers(): void
}

export async function startStripe(): Promise<StripeVendor> {
  const objects = new Map<string, object>()
  const invoices = new Map<string, string>()
  const refunds = new Map<string, object[]>()
  const script = (request: Recorded): VendorAnswer => {
    const url = new URL(request.path, 'http://stripe')
    if (url.pathname === '/v1/invoice_payments') {
      const id = invoices.get(url.searchParams.get('payment[payment_intent]') ?? '')
      const isExpanded = [...url.searchParams.values()].includes('data.invoice')
      const invoice = id && isExpanded ? (objects.get(id) ?? id) : id
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

/** An error in Stripe's format. */
export function refusal(status: number, type: string, headers: Record<string, string> = {}): VendorAnswer {
  return { status, headers, json: { error: { type, message: `No such thing: sk_test_secret, ${status}` } } }
}

const missing = {
  status: 404,
  json: { error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such customer' } },
}
