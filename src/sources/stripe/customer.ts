// Finds the customer of a Stripe object, by the most reliable valid address.
import { emailOf, localeOf, phoneOf } from '../../domain/address.ts'
import type { Recipient } from '../../domain/event.ts'
import { at, type Fields, firstText } from '../../wire/json.ts'
import { chargeOf, customerIdOf, isKind } from './references.ts'

/** The recipient, or the reason for support staff why there is none. */
export type Customer = { recipient: Recipient; why?: never } | { recipient: null; why: string }

/** Values with the most reliable first. */
interface Known {
  emails: unknown[]
  phones: unknown[]
  names: unknown[]
  locales: unknown[]
  /** The names of the address fields, for support staff. */
  fields: string
}

export function customerOf(object: Fields): Customer {
  const known = knownOf(object)
  const id = customerIdOf(object)
  const email = firstOf(emailOf, known.emails)
  const phone = firstOf(phoneOf, known.phones)
  if (!email && !phone) return { recipient: null, why: noAddressText(id, known.fields) }
  const name = firstText(...known.names)
  const locale = firstOf(localeOf, known.locales)
  const recipient: Recipient = {
    ...(id && { id }),
    ...(email && { email }),
    ...(phone && { phone }),
    ...(name && { name }),
    ...(locale && { locale }),
  }
  return { recipient }
}

function firstOf(read: (value: unknown) => string | null, values: unknown[]): string | null {
  for (const value of values) {
    const found = read(typeof value === 'string' ? value.trim() : value)
    if (found) return found
  }
  return null
}

function noAddressText(id: string | null, fields: string): string {
  return `No usable address in ${fields}. ${id ? `The customer is ${id}.` : 'There is no customer id.'}`
}

function knownOf(object: Fields): Known {
  // Webhooks have the customer's id; a forwarded event may have the expanded customer.
  const customer = at(object, 'customer')
  const charge = isKind(object, 'charge') ? object : chargeOf(object)
  const billing = at(charge, 'billing_details')
  const locales = [...listed(customer.preferred_locales), object.locale === 'auto' ? null : object.locale]
  if (isKind(object, 'invoice'))
    return {
      emails: [object.customer_email, customer.email, billing.email],
      phones: [object.customer_phone, customer.phone, billing.phone],
      names: [object.customer_name, customer.name, billing.name],
      locales,
      fields: 'customer_email and customer_phone',
    }
  if (isKind(object, 'checkout.session')) {
    const details = at(object, 'customer_details')
    return {
      emails: [details.email, object.customer_email, customer.email, billing.email],
      phones: [details.phone, customer.phone, billing.phone],
      names: [details.name, customer.name, billing.name],
      locales,
      fields: 'customer_details and customer_email',
    }
  }
  if (isKind(object, 'subscription'))
    return {
      emails: [customer.email],
      phones: [customer.phone],
      names: [customer.name],
      locales,
      fields: 'a subscription, which has none of its own',
    }
  const billings = [
    billing,
    at(object, 'last_payment_error', 'payment_method', 'billing_details'),
    at(object, 'payment_method', 'billing_details'),
  ]
  // Shipping comes last, since a gift is shipped to somebody else.
  const shipping = at(object, 'shipping')
  return {
    emails: [object.receipt_email, ...billings.map(({ email }) => email), charge.receipt_email, customer.email],
    phones: [...billings.map(({ phone }) => phone), customer.phone, shipping.phone],
    names: [...billings.map(({ name }) => name), customer.name, shipping.name],
    locales,
    fields: 'receipt_email, the billing details and shipping.phone',
  }
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
