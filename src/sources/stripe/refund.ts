// Maps a Stripe refund. A charge's event has the sum of all its refunds, but a person is notified of each separately.
import type { Money } from '../../domain/money.ts'
import { reason } from '../../domain/reason.ts'
import { type ReportedRefund, refundFact } from '../../domain/refund.ts'
import { at, dateOf, type Fields, idOf, listOf } from '../../wire/json.ts'
import { distinct, linkOf, type Mapped, moneyOf, type Silent, withoutNulls } from '../mapping.ts'
import { forPayer } from './addressee.ts'
import { customerOf } from './customer.ts'
import type { StripeEvent } from './event.ts'
import { allRefunds } from './missing.ts'
import { presentmentOf } from './presentment.ts'
import { orderNumberOf, paymentIntentOf, referencesOf } from './references.ts'

/** The codes that customers may see. `fraudulent` concerns the shop and the bank. */
const customerReasons = ['requested_by_customer', 'duplicate']

export function mapRefund(event: StripeEvent): Mapped | Silent {
  if (isReleaseOfHold(event)) return { silent: reason('hold_released') }
  const { object } = event
  if (object.amount_refunded === 0) return { silent: reason('nothing_due', { cause: 'zero_refund' }) }
  const amount = amountOf(event)
  const refund = refundOf(object, amount)
  const refundId = idOf(refund)
  const identity = amount && identifyRefund(event)
  return forPayer(customerOf(object), {
    type: 'refund.processed',
    fact: identity?.fact ?? null,
    refund: identity,
    references: distinct([...referencesOf(object), refundId]),
    data: withoutNulls({
      amount,
      refundId,
      paymentId: paymentIntentOf(object) ?? idOf(object),
      orderNumber: orderNumberOf(object),
      reason: customerReasons.find((code) => code === refund.reason),
      pending: pendingStatuses.includes(String(refund.status)) || null,
      needsAction: refund.status === 'requires_action' || null,
      receiptUrl: linkOf(object.receipt_url),
    }),
  })
}

/** The customer does not have the money yet. */
const pendingStatuses = ['pending', 'requires_action']

/** A charge that was only authorized took no money, nor did the rest of one that is captured in part. */
function isReleaseOfHold({ object, previous }: StripeEvent): boolean {
  return object.captured === false || previous.captured === false || previous.amount_captured === 0
}

/** If the event does not say which part of the sum this refund is, planning subtracts the refunds of other events. */
function amountOf(event: StripeEvent): Money | null {
  const sum = integerOf(event.object.amount_refunded)
  return sum === null ? null : moneyOf(sum - (refundedBefore(event) ?? 0), event.object.currency)
}

/** The sum of the earlier refunds, by the event or by the list of refunds; null if neither has it. */
function refundedBefore({ object, previous }: StripeEvent): number | null {
  const before = integerOf(previous.amount_refunded)
  if (before !== null) return before
  const [sum, listed] = [integerOf(object.amount_refunded), integerOf(listedOf(object).amount)]
  return sum && listed && listed <= sum ? sum - listed : null
}

function integerOf(amount: unknown): number | null {
  return typeof amount === 'number' && Number.isSafeInteger(amount) && amount >= 0 ? amount : null
}

function refundOf(charge: Fields, amount: Money | null): Fields {
  const listed = listedOf(charge)
  return listed.amount === amount?.amount ? listed : {}
}

/** The event's refund, from the enrichment or else from the list that charges include before 2022-11-15. */
function listedOf(charge: Fields): Fields {
  if (allRefunds in charge) return refundReaching(charge.amount_refunded, oldestFirst(charge[allRefunds])) ?? {}
  return oldestFirst(at(charge, 'refunds').data).at(-1) ?? {}
}

/** The refund with which the sum is reached. There may be later ones. */
function refundReaching(sum: unknown, refunds: Fields[]): Fields | undefined {
  let reached = 0
  return refunds.find(({ amount, status }) => {
    if (status === 'failed' || status === 'canceled') return false
    reached += integerOf(amount) ?? 0
    return reached === sum
  })
}

/** Stripe lists the newest first, so reversing keeps the order of those in the same second. */
function oldestFirst(refunds: unknown): Fields[] {
  return listOf(refunds)
    .reverse()
    .sort((a, b) => createdAt(a) - createdAt(b))
}

function createdAt(refund: Fields): number {
  return dateOf(refund.created)?.getTime() ?? 0
}

function identifyRefund(event: StripeEvent): ReportedRefund | null {
  const { object, created } = event
  const [charge, sum, at] = [idOf(object), integerOf(object.amount_refunded), dateOf(created)]
  if (!charge || sum === null || !at) return null
  const refund = listedOf(object)
  return {
    ...{ fact: refundFact({ charge, sum, at }), charge, sum, before: refundedBefore(event), at },
    presented: presentmentOf(refund, refund.amount),
    presentedCharge: presentmentOf(object, object.amount),
  }
}
