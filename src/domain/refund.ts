// Splits a charge's running refund total, as vendors report it, into the single refunds that people are notified of.
import { refundSumsFact } from './fact.ts'
import { exactShare, type Money, type Presentment } from './money.ts'

/** What one event reports, in the currency's smallest unit. */
export interface ReportedRefund {
  fact: string
  charge: string
  /** The charge's refund total including this refund. */
  sum: number
  /** The total before it; null if the event does not say. */
  before: number | null
  at: Date
  /** This refund as the customer gets it, if they paid in another currency than the shop's and the event says it. */
  presented?: Presentment | null
  /** The whole charge as they paid it. */
  presentedCharge?: Presentment | null
}

/** A part of the total, reported once. */
export interface RefundPart extends Pick<ReportedRefund, 'fact' | 'charge' | 'sum' | 'at'> {
  before: number
}

/** A total from another event of the charge, notified or not. */
export type RefundTotal = Pick<ReportedRefund, 'sum' | 'at'>

/**
 * The fact of one refund, the same in every API version: the charge and its refund total. The day separates a refund
 * that failed, which takes days, from the same amount refunded again.
 */
export function refundFact({ charge, sum, at }: Pick<ReportedRefund, 'charge' | 'sum' | 'at'>): string {
  return `${refundSumsFact(charge)}${sum}:${at.toISOString().slice(0, 10)}`
}

/**
 * The part that an event reports: what it adds to the largest smaller total of an earlier event. If a later, larger total
 * was already reported as a whole, that part covers this one, and it is not reported again. A smaller total of a later
 * event is not part of it: a refund failed, and its money was refunded again.
 */
export function partOf(refund: ReportedRefund, totals: RefundTotal[], parts: RefundPart[]): RefundPart {
  const own = parts.find(({ fact }) => fact === refund.fact)
  if (own) return own
  const isLater = ({ at }: RefundTotal) => refund.at <= at
  const whole = parts.find((part) => part.before < refund.sum && refund.sum < part.sum && isLater(part))
  if (whole) return whole
  const isEarlier = ({ at }: RefundTotal) => at <= refund.at
  const smaller = [...totals, ...parts].filter((one) => one.sum < refund.sum && isEarlier(one))
  const { fact, charge, sum, at } = refund
  return { fact, charge, sum, at, before: refund.before ?? Math.max(0, ...smaller.map((one) => one.sum)) }
}

interface Reporting {
  fact: string | null
  refund?: ReportedRefund | null
  data: Record<string, unknown>
}

/** The event's content with the fact and the amount of its part. */
export function withPart<C extends Reporting>(content: C, part: RefundPart): C {
  const { refundId: _, reason: __, pending: ___, needsAction: ____, ...ofAll } = content.data
  const own = part.fact === content.fact ? content.data : ofAll
  return { ...content, fact: part.fact, data: { ...own, amount: amountOf(content, part) } }
}

/** As the customer gets it; in the shop's currency where their share of the charge is not exact. */
function amountOf({ refund, data }: Reporting, part: RefundPart): Money {
  const sum = part.sum - part.before
  const { presented, presentedCharge } = refund ?? {}
  if (presented && part.fact === refund?.fact && presented.standsFor === sum) return presented.money
  return (presentedCharge && exactShare(presentedCharge, sum)) ?? { ...Object(data.amount), amount: sum }
}
