// What a Stripe event comes to in our words, and the pieces that they are made of. The stripe-*.ts files of each kind of
// event make one; stripe.ts puts the envelope around it.
import type { EventContent, EventFault } from '../event.ts'
import { reason } from '../reason.ts'
import type { Money } from '../voice.ts'
import { type Fields, textOf } from './json.ts'
import { customerOf } from './stripe-customer.ts'

export interface Telling {
  content: Pick<EventContent, 'type' | 'fact' | 'data' | 'recipients'> &
    Partial<Pick<EventContent, 'reference' | 'references' | 'expiresAt'>>
  fault: EventFault | null
}

type Told = Omit<Telling['content'], 'recipients'>

/** Told to the customer whom the object names; incomplete where it names none. */
export function toCustomer(object: Fields, told: Told): Telling {
  const customer = customerOf(object)
  const content = { ...told, recipients: customer.recipient ? [customer.recipient] : [] }
  return { content, fault: customer.recipient ? null : reason('no_recipient', customer.why) }
}

/** The same of money: incomplete where `data.amount` cannot be shown, too. */
export function ofMoney(object: Fields, told: Told): Telling {
  const { content, fault } = toCustomer(object, told)
  return { content, fault: fault ?? (told.data.amount ? null : reason('no_amount')) }
}

/** Told to the operator alone. */
export function toOperator(told: Told): Telling {
  return { content: { ...told, recipients: [] }, fault: null }
}

/** Stripe's smallest unit stays as it is, whatever the currency's decimals. Null for none, and for nothing to pay. */
export function moneyOf(amount: unknown, currency: unknown): Money | null {
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount <= 0) return null
  if (typeof currency !== 'string' || !/^[a-z]{3}$/i.test(currency)) return null
  return { amount, currency: currency.toLowerCase() }
}

export function withoutNulls(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))
}

export function linkOf(value: unknown): string | null {
  const link = textOf(value, 2_000)
  return link && /^https:\/\/\S+$/i.test(link) && URL.canParse(link) ? link : null
}
