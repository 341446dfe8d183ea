// Decides which events report the same payment, or the same failed try of one.
import { paymentFact } from '../domain/fact.ts'
import { alikeWithinMs, idKinds, type KnownPayment, kindOf, type ReportedPayment, waits } from '../domain/payment.ts'

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

/** Whether the known payment is another part of the same invoice, and the invoice was not reported as a whole. */
function isOtherPart(known: KnownPayment, namesOfPayment: string[]): boolean {
  const isPayment = (name: string) => kindOf(name) === idKinds.payment
  return !isWhole(known) && contradict(known.names.filter(isPayment), namesOfPayment.filter(isPayment))
}

/** Whether it is an invoice whose event was the first, so that it was reported as a whole. */
export function isWhole(known: KnownPayment): boolean {
  return (
    !waits(known) && known.names.some((name) => kindOf(name) === idKinds.invoice && known.fact === paymentFact(name))
  )
}

export function byAge(a: KnownPayment, b: KnownPayment): number {
  return a.at.getTime() - b.at.getTime() || (a.fact < b.fact ? -1 : 1)
}

function share(some: string[], others: string[]): boolean {
  return some.some((name) => others.includes(name))
}

/** Both have ids of one kind and share none: two payment ids are two payments, however similar. */
function contradict(some: string[], others: string[]): boolean {
  return some.some((name) => {
    const alike = others.filter((other) => kindOf(other) === kindOf(name))
    return alike.length > 0 && !share(some, alike)
  })
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
