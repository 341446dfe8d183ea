// Who is told of a Stripe event: its customer or the operator, and what it lacks for that.
import { reason } from '../../domain/reason.ts'
import type { Mapped } from '../mapping.ts'
import type { Customer } from './customer.ts'

type Content = Omit<Mapped['content'], 'recipients'>

/** For the customer; incomplete where nobody knows an address. */
export function forCustomer({ recipient, why }: Customer, content: Content): Mapped {
  return {
    content: { ...content, recipients: recipient ? [recipient] : [] },
    fault: recipient ? null : reason('no_recipient', why),
  }
}

/** For the customer whose money it is: incomplete where `data.amount` cannot be shown, too. */
export function forPayer(customer: Customer, content: Content): Mapped {
  const mapped = forCustomer(customer, content)
  return { ...mapped, fault: mapped.fault ?? (content.data.amount ? null : reason('no_amount')) }
}

/** For the operator alone. */
export function forOperator(content: Content): Mapped {
  return { content: { ...content, recipients: [] }, fault: null }
}
