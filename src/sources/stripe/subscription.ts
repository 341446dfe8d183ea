// Maps Stripe's events of subscriptions: the upcoming invoice, the end of the trial and the cancellation.
import { reason } from '../../domain/reason.ts'
import { at, dateOf, type Fields, firstText, idOf, listOf, textOf } from '../../wire/json.ts'
import { distinct, linkOf, type Mapped, moneyOf, type Silent, withoutNulls } from '../mapping.ts'
import { forCustomer, forPayer } from './addressee.ts'
import { customerOf } from './customer.ts'
import type { StripeEvent } from './event.ts'
import { planNameOf, priceOf } from './plan.ts'
import { referencesOf, subscriptionOf } from './references.ts'

export function mapUpcomingInvoice({ object }: StripeEvent): Mapped | Silent {
  if (object.amount_due === 0) return { silent: reason('nothing_due', { detail: 'The invoice is of zero.' }) }
  // The invoice is a preview: its id is not that of the later invoice.
  const { id: _, ...preview } = object
  const owner = subscriptionOf(object) ?? idOf(object.customer)
  const references = distinct([...referencesOf(preview), owner])
  const due = dateOf(object.next_payment_attempt) ?? dateOf(object.due_date) ?? dateOf(object.period_end)
  const period = dateOf(object.period_end) ?? due
  return forPayer(customerOf(object), {
    type: 'installment.scheduled',
    fact: owner && period && `upcoming:${owner}:${period.toISOString()}`,
    reference: references[0] ?? null,
    references,
    data: withoutNulls({
      title: titleOf(object),
      amount: moneyOf(object.amount_due, object.currency),
      dueDate: due?.toISOString(),
      payUrl: linkOf(object.hosted_invoice_url),
    }),
  })
}

export function mapTrialEnd({ type, object, created }: StripeEvent): Mapped {
  const endsAt = dateOf(object.trial_end)
  // Stripe sends this three days ahead, and also when a trial is ended early.
  const isOver = endsAt !== null && endsAt <= (dateOf(created) ?? new Date(0))
  return forCustomer(customerOf(object), {
    type: `stripe:${type}`,
    fact: idOf(object) && `trial-ending:${idOf(object)}:${endsAt?.toISOString() ?? ''}`,
    expiresAt: isOver ? endsAt : null,
    data: withoutNulls({
      planName: planNameOf(object),
      trialEndsAt: endsAt?.toISOString(),
      amount: isCancelledBy(object, endsAt) ? null : priceOf(object),
    }),
  })
}

export function mapCancellation({ type, object, created }: StripeEvent): Mapped {
  const endedAt = dateOf(object.ended_at) ?? dateOf(object.canceled_at) ?? dateOf(created)
  const { reason } = at(object, 'cancellation_details')
  return forCustomer(customerOf(object), {
    type: `stripe:${type}`,
    fact: idOf(object) && `subscription-cancelled:${idOf(object)}`,
    data: withoutNulls({
      planName: planNameOf(object),
      endedAt: endedAt?.toISOString(),
      // The other reason, a disputed payment, concerns the shop and the bank.
      reason: ['cancellation_requested', 'payment_failed'].find((code) => code === reason),
    }),
  })
}

/** `Studio Plus` from `1 × Studio Plus (at £12.00 / month)`, since the amount is shown beside it. */
function titleOf(invoice: Fields): string {
  const lines = listOf(at(invoice, 'lines').data)
  // Prorations of a change come after the plan itself.
  const inOrder = [...lines.filter((line) => !isProration(line)), ...lines.filter(isProration)]
  const title = firstText(...[invoice, ...inOrder].map(({ description }) => textOf(description, 300)))
  return title?.replace(/^1 × /, '').replace(/ \(at [^()]+\)$/, '') || 'Subscription'
}

function isProration(line: Fields): boolean {
  return line.proration === true || at(line, 'parent', 'subscription_item_details').proration === true
}

/** Whether the subscription is cancelled by the end of the trial, so that no payment follows. */
function isCancelledBy({ cancel_at_period_end, cancel_at }: Fields, trialEnd: Date | null): boolean {
  const cancelled = dateOf(cancel_at)
  return cancel_at_period_end === true || (cancelled !== null && trialEnd !== null && cancelled <= trialEnd)
}
