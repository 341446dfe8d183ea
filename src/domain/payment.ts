// Which events tell of the same payment, or of the same try of one that failed.
import { failedPaymentFact, paymentFact } from './fact.ts'

/** What one event says of a payment. */
export interface PaymentTold {
  outcome: 'received' | 'failed'
  /** Its ids: `pi_…`, `in_…`, `cs_…`. What stands before the id's first sign that is no letter is the kind of the name. */
  names: string[]
  /** Those of them that no other payment has, or no other try. The first names the fact. */
  ownNames: string[]
  customer: string | null
  email: string | null
  /** In the currency's smallest unit. */
  amount: number
  currency: string
  at: Date
}

/** A payment as it was told so far. */
export interface KnownPayment extends Omit<PaymentTold, 'ownNames' | 'email'> {
  fact: string
  emailDigest: string | null
}

/** As long as the events of one payment may lie apart where nothing but its customer and amount says that they are of one. */
export const alikeWithinMs = 10 * 60_000

/** A try that has no name of its own goes by the last of those that it shares, and by its time. */
export function factNamed({ outcome, names, ownNames, at }: PaymentTold): string {
  const name = ownNames[0] ?? `${names.at(-1)}:${at.toISOString()}`
  return outcome === 'received' ? paymentFact(name) : failedPaymentFact(name)
}

/**
 * All that are certainly the same; else the one that most likely is. More than one: nobody knew until now that they are.
 */
export function sameAs(
  told: Omit<PaymentTold, 'email'> & { emailDigest: string | null },
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

/** Both have a name of one kind, and not the same: two PaymentIntents are two payments, however alike. */
function contradict(some: string[], others: string[]): boolean {
  return some.some((name) => {
    const alike = others.filter((other) => kindOf(other) === kindOf(name))
    return alike.length > 0 && !share(some, alike)
  })
}

function kindOf(name: string): string {
  return /^[a-z]*/.exec(name)?.[0] ?? ''
}

/** The same amount by the same customer; by email where not both say who the customer is. */
function isAlike(one: KnownPayment, told: Omit<PaymentTold, 'email'> & { emailDigest: string | null }): boolean {
  if (one.amount !== told.amount || one.currency !== told.currency) return false
  if (one.customer && told.customer) return one.customer === told.customer
  return one.emailDigest !== null && one.emailDigest === told.emailDigest
}
