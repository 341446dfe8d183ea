// Decides which payments paid one invoice in parts: by what links them, or else by the sums.
import {
  alikeWithinMs,
  has,
  idKinds,
  type KnownPayment,
  kindOf,
  type PaymentAsKept,
  partsWithinMs,
  type ReportedPayment,
  waits,
} from '../domain/payment.ts'
import type { Reason } from '../domain/reason.ts'
import { byAge, isWhole, nameOtherOrders } from './same-payment.ts'

/** The ids by which a link may be known: of a payment without an invoice, or of an invoice without a payment. */
export function unlinkedNames({ outcome, names }: ReportedPayment): string[] {
  if (outcome !== 'received' || has(names, idKinds.payment) === has(names, idKinds.invoice)) return []
  return names.filter(isLinked)
}

/**
 * Whether an event that notifies nobody for this reason links ids, so that a payment with one of them need wait for it no longer.
 */
export function isLink(why: Reason | null): boolean {
  return why?.code === 'nothing_new' && why.params.cause === 'payment_link'
}

/** The payment with what links of those ids say: the invoice that a payment pays, or the parts of an invoice. */
export function withLinks(payment: ReportedPayment, links: string[][]): ReportedPayment {
  const linked = links.flat().filter((name) => isLinked(name) && !payment.names.includes(name))
  if (has(payment.names, idKinds.invoice)) return { ...payment, parts: [...payment.parts, ...linked] }
  return { ...payment, names: [...payment.names, ...linked], ownNames: [...payment.ownNames, ...linked] }
}

/** How long a payment waits for the events that show what it is a part of. A source sends them within the same seconds. */
export const partsComeWithinMs = 5_000

/** Whether a link may show it to be a part of an invoice that was reported before, or the invoice of a part that was. */
export function mayBeLinkedTo(payment: PaymentAsKept, known: KnownPayment[]): boolean {
  const ofCustomer = ofSameCustomer(payment, known)
  return has(payment.names, idKinds.invoice)
    ? ofCustomer.some((one) => mayBeInParts(one) && has(one.names, idKinds.payment) && isLess(one, payment))
    : ofCustomer.some((one) => isWhole(one) && isLess(payment, one))
}

/**
 * Whether others that come soon may add up with it: to the sum of an invoice near it that was reported as a whole and of which
 * no other payment is known, or with a smaller payment near it to its own sum.
 */
export function mayBeAddedUp(payment: PaymentAsKept, known: KnownPayment[]): boolean {
  const unexplained = ofSameCustomer(payment, known).filter((one) => mayBeInParts(one) && isNear(one, payment))
  return has(payment.names, idKinds.invoice)
    ? unexplained.some((one) => has(one.names, idKinds.payment) && mayPay(one, payment) && one.amount < payment.amount)
    : unexplained.some((one) => isWhole(one) && mayPay(payment, one) && payment.amount < one.amount)
}

function ofSameCustomer({ customer, currency }: PaymentAsKept, known: KnownPayment[]): KnownPayment[] {
  return known.filter((one) => one.customer === customer && one.currency === currency)
}

function isLess(part: Part, invoice: Part): boolean {
  return isInTime(part, invoice) && part.amount < invoice.amount
}

function isLinked(name: string): boolean {
  return kindOf(name) === idKinds.payment || kindOf(name) === idKinds.invoice
}

/** Whether it may be a part of an invoice, or an invoice that was paid in parts: its event names only one of the two. */
export function mayBeInParts({ outcome, customer, names, lacks }: PaymentAsKept): boolean {
  return (
    outcome === 'received' &&
    customer !== null &&
    !lacks.includes(idKinds.invoice) &&
    has(names, idKinds.payment) !== has(names, idKinds.invoice)
  )
}

/** Whether a link or a sum may join it to payments with which it has no id in common. */
export function mayBeJoined(payment: ReportedPayment): boolean {
  return mayBeInParts(payment) || unlinkedNames(payment).length > 0
}

/** What adds up to an invoice's sum. */
export interface AddedUp {
  /** The known payment that the event belongs to: of an invoice its latest part, of a part the invoice. */
  same: KnownPayment
  /** The other known parts. */
  parts: KnownPayment[]
}

/**
 * What the event belongs to where nothing but the sums shows that payments paid an invoice in parts: those of its
 * customer add up to exactly its sum, and the latest of them is near it. A part completes the sum of an invoice that came before.
 */
export function addedUp(payment: PaymentAsKept, known: KnownPayment[]): AddedUp | null {
  if (!mayBeInParts(payment)) return null
  const ofCustomer = ofSameCustomer(payment, known).filter(mayBeInParts)
  const intents = ofCustomer.filter(({ names }) => has(names, idKinds.payment)).toSorted((a, b) => byAge(b, a))
  if (has(payment.names, idKinds.invoice)) {
    for (const same of reportedFirst(intents.filter((one) => mayPay(one, payment)))) {
      const parts = addUp([same], intents, payment)
      if (parts) return { same, parts }
    }
    return null
  }
  for (const same of reportedFirst(ofCustomer.filter(({ names }) => has(names, idKinds.invoice)))) {
    const parts = mayPay(payment, same) && partsWith(payment, intents, same)
    if (parts) return { same, parts }
  }
  return null
}

/** The other parts where the last that came is one of several; the latest of all need not be it. */
function partsWith(payment: PaymentAsKept, others: KnownPayment[], invoice: PaymentAsKept): KnownPayment[] | null {
  const parts = addUp([payment], others, invoice)
  if (parts) return parts
  for (const latest of others.filter((one) => mayPay(one, invoice))) {
    const more = addUp([latest, payment], others, invoice)
    if (more) return [latest, ...more]
  }
  return null
}

const reportedFirst = (known: KnownPayment[]) => known.toSorted((a, b) => Number(waits(a)) - Number(waits(b)))

/** As many as are tried: an invoice is paid in few parts. */
const maxParts = 10

type Part = Pick<KnownPayment, 'amount' | 'at'>

/**
 * Which others add up with these parts to exactly the invoice's sum, the first of them being the latest and near the invoice.
 * Those that wait are preferred, as nobody has been notified of them. Null if none do.
 */
function addUp(
  parts: [latest: PaymentAsKept, ...more: PaymentAsKept[]],
  others: KnownPayment[],
  invoice: PaymentAsKept,
): KnownPayment[] | null {
  if (!isNear(parts[0], invoice)) return null
  const more = others.filter((one) => !parts.includes(one) && mayPay(one, invoice)).slice(0, maxParts)
  // The bits of a sum's index say which of them it has.
  const sums = [parts.reduce((sum, { amount }) => sum + amount, 0)]
  for (const { amount } of more) sums.push(...sums.map((one) => one + amount))
  const found = sums.flatMap((amount, bits) =>
    amount === invoice.amount ? [more.filter((_, nth) => (bits >> nth) & 1)] : [],
  )
  const waiting = (some: KnownPayment[]) => some.filter(waits).length
  // A single payment of the sum is the invoice's only one.
  const several = found.filter((some) => parts.length + some.length > 1)
  return several.toSorted((a, b) => waiting(b) - waiting(a))[0] ?? null
}

/** Whether it can be a part of the invoice: by its time, and by the orders that both name. */
function mayPay(part: PaymentAsKept, invoice: PaymentAsKept): boolean {
  return isInTime(part, invoice) && !nameOtherOrders(part, invoice)
}

function isInTime({ at }: Part, invoice: Part): boolean {
  const before = invoice.at.getTime() - at.getTime()
  return before >= -alikeWithinMs && before <= partsWithinMs
}

function isNear(one: Pick<KnownPayment, 'at'>, other: Pick<KnownPayment, 'at'>): boolean {
  return Math.abs(one.at.getTime() - other.at.getTime()) <= alikeWithinMs
}
