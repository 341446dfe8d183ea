// Finds the customer of a Stripe object, by the most reliable valid address.
import type { Recipient } from '../../domain/event.ts'
import { localeOf } from '../../domain/locale.ts'
import { at, type Fields, firstText } from '../../wire/json.ts'
import { type EnteredPhone, usableAddresses } from '../kit/usable-addresses.ts'
import { chargeOf, customerIdOf, isKind } from './references.ts'

/** The recipient, or the reason for support staff why there is none. */
export type Customer = { recipient: Recipient; why?: never } | { recipient: null; why: string }

/** Values with the most reliable first. */
interface Known {
  emails: unknown[]
  phones: EnteredPhone[]
  names: unknown[]
  locales: unknown[]
  /** The names of the address fields, for support staff. */
  fields: string
}

export function customerOf(object: Fields): Customer {
  const known = knownOf(object)
  const id = customerIdOf(object)
  const addresses = usableAddresses(known.emails, known.phones)
  const { email, phone, unusable } = addresses
  if (!email && !phone) return { recipient: null, why: noAddressText(id, known.fields, unusable) }
  const name = firstText(...known.names)
  const locale = known.locales.map(localeOf).find((found) => found !== null)
  const recipient: Recipient = {
    ...(id && { id }),
    ...addresses,
    ...(name && { name }),
    ...(locale && { locale }),
  }
  return { recipient }
}

function noAddressText(id: string | null, fields: string, unusable: Recipient['unusable'] = {}): string {
  const faults = Object.values(unusable).map((fault) => ` ${fault}`)
  return `No usable address in ${fields}.${faults.join('')} ${id ? `The customer is ${id}.` : 'There is no customer id.'}`
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
      phones: [phoneIn(object, 'customer_phone', 'customer_address'), phoneIn(customer), phoneIn(billing)],
      names: [object.customer_name, customer.name, billing.name],
      locales,
      fields: 'customer_email and customer_phone',
    }
  if (isKind(object, 'checkout.session')) {
    const details = at(object, 'customer_details')
    return {
      emails: [details.email, object.customer_email, customer.email, billing.email],
      phones: [phoneIn(details), phoneIn(customer), phoneIn(billing)],
      names: [details.name, customer.name, billing.name],
      locales,
      fields: 'customer_details and customer_email',
    }
  }
  if (isKind(object, 'subscription'))
    return {
      emails: [customer.email],
      phones: [phoneIn(customer)],
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
    phones: [...billings.map((each) => phoneIn(each)), phoneIn(customer), phoneIn(shipping)],
    names: [...billings.map(({ name }) => name), customer.name, shipping.name],
    locales,
    fields: 'receipt_email, the billing details and shipping.phone',
  }
}

function phoneIn(fields: Fields, phone = 'phone', address = 'address'): EnteredPhone {
  return { phone: fields[phone], country: at(fields, address).country }
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
