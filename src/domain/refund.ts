// Which part of a charge's refunds an event tells: vendors say what all of them come to, and a person is told of each by itself.
import { refundSumsFact } from './fact.ts'

/** What one event says, in the currency's smallest unit. */
export interface RefundTold {
  fact: string
  charge: string
  /** What the refunds of the charge came to with this one. */
  sum: number
  /** And without it; null where the event does not say. */
  before: number | null
  at: Date
}

/** A part of the sum as it is told, once. */
export interface ToldRefund extends Omit<RefundTold, 'before'> {
  before: number
}

/** What other events of the charge say, told or not. */
export type HeardSum = Pick<RefundTold, 'sum' | 'at'>

/**
 * One name for one refund, in every API version: the charge and what its refunds come to. The day keeps apart a refund
 * that failed, which takes days, and the same amount refunded anew.
 */
export function refundFact({ charge, sum, at }: Omit<RefundTold, 'fact' | 'before'>): string {
  return `${refundSumsFact(charge)}${sum}:${at.toISOString().slice(0, 10)}`
}

/**
 * The part that it tells: what it adds to the largest smaller sum of before. Where a larger sum of later was told as a whole
 * before this one came, that is what tells it, and it is not told again. A smaller sum that is later is no piece of it: a
 * refund failed, and its money went out anew.
 */
export function partOf(told: RefundTold, heard: HeardSum[], parts: ToldRefund[]): ToldRefund {
  const own = parts.find(({ fact }) => fact === told.fact)
  if (own) return own
  const isLater = ({ at }: HeardSum) => told.at <= at
  const whole = parts.find((part) => part.before < told.sum && told.sum < part.sum && isLater(part))
  if (whole) return whole
  const isEarlier = ({ at }: HeardSum) => at <= told.at
  const smaller = [...heard, ...parts].filter((one) => one.sum < told.sum && isEarlier(one))
  return { ...told, before: told.before ?? Math.max(0, ...smaller.map(({ sum }) => sum)) }
}

/** What an event says, as the part of the refunds that it tells. */
export function withPart<C extends { fact: string | null; data: Record<string, unknown> }>(
  content: C,
  part: ToldRefund,
): C {
  const { refundId: _, reason: __, ...ofAll } = content.data
  const own = part.fact === content.fact ? content.data : ofAll
  const amount = { ...Object(content.data.amount), amount: part.sum - part.before }
  return { ...content, fact: part.fact, data: { ...own, amount } }
}
