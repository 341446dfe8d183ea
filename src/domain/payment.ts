// Decides which events report the same payment, or the same failed try of one.
import { failedPaymentFact, paymentFact } from './fact.ts'

/** What one event reports of a payment. */
export interface ReportedPayment {
  outcome: 'received' | 'failed'
  /** Its ids: `pi_…`, `in_…`, `cs_…`. The leading letters are the kind of the id. */
  names: string[]
  /** Those ids that no other payment, or no other try, has; several PaymentIntents may pay one invoice. The first names the fact. */
  ownNames: string[]
  /** Ids of other payments that are parts of it, if it is an invoice that was paid in parts. They are not its own. */
  parts: string[]
  /** The type of the source's events that only say which ids belong together; null if it has none. */
  linkedBy: string | null
  /** Kinds of ids that it is known not to have: with `in`, it pays no invoice. */
  lacks: string[]
  /** What the shop calls the order that it pays, if the event says so. */
  orders: string[]
  /** The shop's reference for it, which may be that of the order. */
  shopReference: string | null
  customer: string | null
  email: string | null
  /** In the currency's smallest unit. */
  amount: number
  currency: string
  at: Date
}

/** What is kept of it. */
export type PaymentAsKept = Omit<ReportedPayment, 'ownNames' | 'parts' | 'linkedBy' | 'email'>

/** A payment as reported so far. */
export interface KnownPayment extends PaymentAsKept {
  fact: string
  emailDigest: string | null
  /** The event that waits for others before it is planned, and until when. Nobody has been notified of the payment yet. */
  waitingEvent: string | null
  waitsUntil: Date | null
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
  payment: Omit<ReportedPayment, 'email'> & { emailDigest: string | null },
  known: KnownPayment[],
): KnownPayment[] {
  const certainNames = [...payment.ownNames, ...payment.parts]
  const certain = known
    .filter(
      (one) => one.outcome === payment.outcome && share(one.names, certainNames) && !isOtherPart(one, payment.names),
    )
    // What was reported as a whole stays so, and its parts with it.
    .toSorted((a, b) => Number(isWhole(b)) - Number(isWhole(a)) || Number(waits(a)) - Number(waits(b)) || byAge(a, b))
  const [first] = certain
  // The event of an invoice that was paid in parts shows them all, and they stay apart.
  if (first) return certain.filter((one) => !contradict(one.names, first.names))
  const apart = (one: KnownPayment) => Math.abs(one.at.getTime() - payment.at.getTime())
  const likely = known
    .filter(
      (one) => one.outcome === payment.outcome && apart(one) <= alikeWithinMs && !contradict(one.names, payment.names),
    )
    .filter((one) => share(one.names, payment.names) || (isAlike(one, payment) && !isKnownToDiffer(one, payment)))
  return likely.toSorted((a, b) => apart(a) - apart(b) || byAge(a, b)).slice(0, 1)
}

/** Whether there is an id of this kind. */
export function has(names: string[], kind: string): boolean {
  return names.some((name) => kindOf(name) === kind)
}

/** Whether the known payment is another part of the same invoice, and the invoice was not reported as a whole. */
function isOtherPart(known: KnownPayment, namesOfPayment: string[]): boolean {
  const isIntent = (name: string) => kindOf(name) === 'pi'
  return !isWhole(known) && contradict(known.names.filter(isIntent), namesOfPayment.filter(isIntent))
}

/** Whether it is an invoice whose event was the first, so that it was reported as a whole. */
export function isWhole(known: KnownPayment): boolean {
  return !waits(known) && known.names.some((name) => kindOf(name) === 'in' && known.fact === paymentFact(name))
}

/** Whether its event has not been planned, so that nobody has been notified of it. */
export function waits({ waitingEvent }: KnownPayment): boolean {
  return waitingEvent !== null
}

export function byAge(a: KnownPayment, b: KnownPayment): number {
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

export function kindOf(name: string): string {
  return /^[a-z]*/.exec(name)?.[0] ?? ''
}

type Described = Pick<ReportedPayment, 'names' | 'lacks' | 'orders' | 'shopReference'>

/** What the events say of the two rules out that they are one, although no id does. */
function isKnownToDiffer(one: Described, other: Described): boolean {
  return lacksIdOf(one, other) || lacksIdOf(other, one) || isOtherOrder(one, other)
}

function lacksIdOf(one: Described, other: Described): boolean {
  const kinds = one.lacks.filter((kind) => !one.names.some((name) => kindOf(name) === kind))
  return other.names.some((name) => kinds.includes(kindOf(name)))
}

/** Orders are compared with orders. Where one of the two has only a reference, that may be the order's name. */
function isOtherOrder(one: Described, other: Described): boolean {
  if (one.orders.length > 0 && other.orders.length > 0) return nameOtherOrders(one, other)
  const [some, others] = [one, other].map(({ orders, shopReference }) => [
    ...orders,
    ...(shopReference ? [shopReference] : []),
  ])
  return some !== undefined && others !== undefined && some.length > 0 && others.length > 0 && !share(some, others)
}

/** Whether both name orders, and none that is the same. */
export function nameOtherOrders({ orders }: Pick<Described, 'orders'>, other: Pick<Described, 'orders'>): boolean {
  return orders.length > 0 && other.orders.length > 0 && !share(orders, other.orders)
}

/** The same amount from the same customer; compared by email unless both name the customer. */
function isAlike(one: KnownPayment, payment: Omit<ReportedPayment, 'email'> & { emailDigest: string | null }): boolean {
  if (one.amount !== payment.amount || one.currency !== payment.currency) return false
  if (one.customer && payment.customer) return one.customer === payment.customer
  return one.emailDigest !== null && one.emailDigest === payment.emailDigest
}
