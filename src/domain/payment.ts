// Decides which events report the same payment, or the same failed try of one.
import { failedPaymentFact, paymentFact } from './fact.ts'

/** What one event reports of a payment. */
export interface ReportedPayment {
  outcome: 'received' | 'failed'
  /** Its ids: `pi_…`, `in_…`, `cs_…`. The leading letters are the kind of the id. */
  names: string[]
  /** Those ids that no other payment, or no other try, has. The first names the fact. */
  ownNames: string[]
  customer: string | null
  email: string | null
  /** In the currency's smallest unit. */
  amount: number
  currency: string
  at: Date
}

/** A payment as reported so far. */
export interface KnownPayment extends Omit<ReportedPayment, 'ownNames' | 'email'> {
  fact: string
  emailDigest: string | null
}

/** Events that share only the customer and the amount are of one payment if they are at most this far apart. */
export const alikeWithinMs = 10 * 60_000

/** The fact of a payment. A try without an id of its own is named by the last shared id and its time. */
export function factNamed({ outcome, names, ownNames, at }: ReportedPayment): string {
  const name = ownNames[0] ?? `${names.at(-1)}:${at.toISOString()}`
  return outcome === 'received' ? paymentFact(name) : failedPaymentFact(name)
}

/**
 * All known payments that are certainly the same; else the one that most likely is. More than one means that this event
 * is the first to show that they are the same.
 */
export function sameAs(
  told: Omit<ReportedPayment, 'email'> & { emailDigest: string | null },
  known: KnownPayment[],
): KnownPayment[] {
  const certain = known.filter((one) => one.outcome === told.outcome && share(one.names, told.ownNames))
  if (certain.length > 0) return certain.toSorted(byAge)
  const apart = (one: KnownPayment) => Math.abs(one.at.getTime() - told.at.getTime())
  const likely = known
    .filter((one) => one.outcome === told.outcome && apart(one) <= alikeWithinMs && !contradict(one.names, told.names))
    .filter((one) => share(one.names, told.names) || isAlike(one, told))
  return likely.toSorted((a, b) => apart(a) - apart(b) || byAge(a, b)).slice(0, 1)
}

function byAge(a: KnownPayment, b: KnownPayment): number {
  return a.at.getTime() - b.at.getTime() || (a.fact < b.fact ? -1 : 1)
}

function share(some: string[], others: string[]): boolean {
  return some.some((name) => others.includes(name))
}

/** Both have ids of one kind and share none: two PaymentIntents are two payments, however similar. */
function contradict(some: string[], others: string[]): boolean {
  return some.some((name) => {
    const alike = others.filter((other) => kindOf(other) === kindOf(name))
    return alike.length > 0 && !share(some, alike)
  })
}

function kindOf(name: string): string {
  return /^[a-z]*/.exec(name)?.[0] ?? ''
}

/** The same amount from the same customer; compared by email unless both name the customer. */
function isAlike(one: KnownPayment, told: Omit<ReportedPayment, 'email'> & { emailDigest: string | null }): boolean {
  if (one.amount !== told.amount || one.currency !== told.currency) return false
  if (one.customer && told.customer) return one.customer === told.customer
  return one.emailDigest !== null && one.emailDigest === told.emailDigest
}
