// Maps Stripe's events of subscriptions: the upcoming invoice, the end of the trial, and the cancellation.
import { subscriptionEndFact, subscriptionResumedFact } from '../../domain/fact.ts'
import { reason } from '../../domain/reason.ts'
import { at, dateOf, type Fields, firstText, idOf, isFields, listOf, textOf } from '../../wire/json.ts'
import { distinct, linkOf, type Mapped, moneyOf, type Silent, withoutNulls } from '../mapping.ts'
import { forCustomer, forPayer } from './addressee.ts'
import { customerOf } from './customer.ts'
import type { StripeEvent } from './event.ts'
import { planNameOf, priceOf } from './plan.ts'
import { asPaid } from './presentment.ts'
import { customerIdOf, referencesOf, subscriptionOf } from './references.ts'

export function mapUpcomingInvoice({ object }: StripeEvent): Mapped | Silent {
  if (object.amount_due === 0) return { silent: reason('nothing_due', { cause: 'zero_invoice' }) }
  // The invoice is a preview: its id is not that of the later invoice.
  const { id: _, ...preview } = object
  const owner = subscriptionOf(object) ?? customerIdOf(object)
  const references = distinct([...referencesOf(preview), owner])
  const due = dateOf(object.next_payment_attempt) ?? dateOf(object.due_date) ?? dateOf(object.period_end)
  const period = dateOf(object.period_end) ?? due
  const title = titleOf(object)
  return forPayer(customerOf(object), {
    type: 'installment.scheduled',
    fact: owner && period && `upcoming:${owner}:${period.toISOString()}`,
    reference: references[0] ?? null,
    references,
    data: withoutNulls({
      title: title ?? 'Subscription',
      untitled: title === null || null,
      // Then nothing is there to be paid by the customer, as there is where the invoice is sent.
      renews: object.collection_method === 'charge_automatically' || null,
      amount: asPaid(moneyOf(object.amount_due, object.currency), object),
      dueDate: due?.toISOString(),
      payUrl: linkOf(object.hosted_invoice_url),
    }),
  })
}

/** Stripe sends this three days ahead, or as soon as a trial is cut short. It may also arrive late: nobody is notified then. */
export function mapTrialEnd({ type, object }: StripeEvent): Mapped | Silent {
  const endsAt = dateOf(object.trial_end)
  if (!endsAt) return { silent: reason('nothing_new', { cause: 'no_trial' }) }
  const endedAt = dateOf(object.ended_at)
  const outcome = trialOutcome(object, endsAt)
  return forCustomer(customerOf(object), {
    type: `stripe:${type}`,
    fact: idOf(object) && `trial-ending:${idOf(object)}:${endsAt.toISOString()}`,
    expiresAt: endedAt && endedAt < endsAt ? endedAt : endsAt,
    data: withoutNulls({
      planName: planNameOf(object),
      trialEndsAt: endsAt.toISOString(),
      outcome,
      ...(outcome !== 'cancelled' && priceOf(object)),
    }),
  })
}

export function mapCancellation({ type, object, created }: StripeEvent): Mapped {
  const id = idOf(object)
  const endedAt = dateOf(object.ended_at) ?? dateOf(object.canceled_at) ?? dateOf(created)
  const { reason } = at(object, 'cancellation_details')
  return forCustomer(customerOf(object), {
    type: `stripe:${type}`,
    fact: id && subscriptionEndFact(id),
    data: withoutNulls({
      planName: planNameOf(object),
      endedAt: endedAt?.toISOString(),
      // The other reason, a disputed payment, concerns the shop and the bank.
      reason: ['cancellation_requested', 'payment_failed'].find((code) => code === reason),
    }),
  })
}

/** The end of what is collected for it, or the withdrawal of that; any other change is no news. */
export function mapSubscriptionChange({ type, object, previous }: StripeEvent): Mapped | Silent | null {
  const id = idOf(object)
  if (!id) return null
  if (type === 'customer.subscription.paused' || isNotCollected(object) || endsBy(object, periodEndOf(object)))
    return {
      content: { type: 'subscription.ending', fact: subscriptionEndFact(id), recipients: [], data: {} },
      fault: null,
    }
  const wasCancelled = previous.cancel_at_period_end === true || dateOf(previous.cancel_at) !== null
  if (type !== 'customer.subscription.resumed' && !wasCancelled && !isNotCollected(previous))
    return { silent: reason('nothing_new', { cause: 'still_renews' }) }
  const fact = subscriptionResumedFact(id)
  return { content: { type: 'subscription.resumed', fact, recipients: [], data: {} }, fault: null }
}

/** After the last failed try it may be `unpaid`: its invoices are made, and nobody is charged. */
const uncollected = ['canceled', 'incomplete_expired', 'paused', 'unpaid']

function isNotCollected({ status, pause_collection }: Fields): boolean {
  return uncollected.includes(String(status)) || isFields(pause_collection)
}

/** The items have it since 2025-03-31.basil. */
function periodEndOf(subscription: Fields): Date | null {
  const items = listOf(at(subscription, 'items').data)
  const ends = [subscription, ...items].flatMap(({ current_period_end }) => dateOf(current_period_end) ?? [])
  return ends.length > 0 ? new Date(Math.max(...ends.map(Number))) : null
}

/**
 * `Studio Plus` from `1 × Studio Plus (at £12.00 / month)`, since the amount is shown beside it. A price may name its unit
 * (`1 seat × …`), and Stripe writes the rest in the customer's language (`(zu 12,00 € / Monat)`).
 */
function titleOf(invoice: Fields): string | null {
  const lines = listOf(at(invoice, 'lines').data)
  // Prorations of a change come after the plan itself.
  const inOrder = [...lines.filter((line) => !isProration(line)), ...lines.filter(isProration)]
  const title = firstText(...[invoice, ...inOrder].map(({ description }) => textOf(description, 300)))
  return title?.replace(/^1 (?:\p{L}[^×]{0,40} )?× /u, '').replace(priceInTitle, '') || null
}

const priceInTitle =
  / \((?:at |(?=[^()]*(?:\p{Sc}\s?\d|\d\s?\p{Sc}|\b[A-Z]{3}\s?\d|\d\s?[A-Z]{3}\b))(?=[^()]* \/ \p{L}))[^()]+\)$/u

function isProration(line: Fields): boolean {
  return line.proration === true || at(line, 'parent', 'subscription_item_details').proration === true
}

/** What follows the trial by itself. */
function trialOutcome(subscription: Fields, endsAt: Date): 'cancelled' | 'no_payment_method' | 'paused' | null {
  if (endsBy(subscription, endsAt)) return 'cancelled'
  if (!lacksPaymentMethod(subscription)) return null
  switch (at(subscription, 'trial_settings', 'end_behavior').missing_payment_method) {
    case 'cancel':
      return 'no_payment_method'
    case 'pause':
      return 'paused'
    default:
      return null
  }
}

/** False where it is not known: the customer, who may have a default, is not expanded. */
function lacksPaymentMethod(subscription: Fields): boolean {
  const { customer, default_payment_method: own, default_source: source } = subscription
  if (subscription.collection_method === 'send_invoice' || own !== null || idOf(source) || !isFields(customer))
    return false
  return !idOf(at(customer, 'invoice_settings').default_payment_method) && !idOf(customer.default_source)
}

/** Whether the subscription is cancelled as of this date, or ends before. */
function endsBy({ cancel_at_period_end, cancel_at }: Fields, date: Date | null): boolean {
  const cancelled = dateOf(cancel_at)
  return cancel_at_period_end === true || (cancelled !== null && date !== null && cancelled <= date)
}
