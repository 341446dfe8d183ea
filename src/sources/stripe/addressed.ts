// Who is told of a Stripe event, and what it lacks for that. The stripe-*.ts files of each kind of event make a telling
// with it; stripe.ts puts the envelope around it.
import { reason } from '../../domain/reason.ts'
import type { Fields } from '../../wire/json.ts'
import type { Telling } from '../mapping.ts'
import { customerOf } from './customer.ts'

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
