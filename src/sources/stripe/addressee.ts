// Addresses a mapped Stripe event to its customer or to the operator.
import { reason } from '../../domain/reason.ts'
import type { Mapped } from '../mapping.ts'
import type { Customer } from './customer.ts'

type Content = Omit<Mapped['content'], 'recipients'>

/** Incomplete without an address. */
export function forCustomer({ recipient, why }: Customer, content: Content): Mapped {
  return {
    content: { ...content, recipients: recipient ? [recipient] : [] },
    fault: recipient ? null : reason('no_recipient', why === undefined ? {} : { detail: why }),
  }
}

/** Incomplete without an address or `data.amount`. */
export function forPayer(customer: Customer, content: Content): Mapped {
  const mapped = forCustomer(customer, content)
  return { ...mapped, fault: mapped.fault ?? (content.data.amount ? null : reason('no_amount')) }
}

export function forOperator(content: Content): Mapped {
  return { content: { ...content, recipients: [] }, fault: null }
}
