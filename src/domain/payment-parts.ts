// Decides which PaymentIntents paid one invoice in parts: by what links them, or else by the sums.
import { alikeWithinMs, byAge, has, isWhole, type KnownPayment, kindOf, type ReportedPayment } from './payment.ts'

/** How long before the invoice is paid the first of its parts may have been. */
export const partsWithinMs = 90 * 24 * 60 * 60_000

/** The ids by which a link may be known: of a PaymentIntent without an invoice, or of an invoice without a PaymentIntent. */
export function unlinkedNames({ outcome, names }: ReportedPayment): string[] {
  if (outcome !== 'received' || has(names, 'pi') === has(names, 'in')) return []
  return names.filter(isLinked)
}

/** The payment with what links of those ids say: the invoice that a PaymentIntent pays, or the parts of an invoice. */
export function withLinks(payment: ReportedPayment, links: string[][]): ReportedPayment {
  const linked = links.flat().filter((name) => isLinked(name) && !payment.names.includes(name))
  if (has(payment.names, 'in')) return { ...payment, parts: [...payment.parts, ...linked] }
  return { ...payment, names: [...payment.names, ...linked], ownNames: [...payment.ownNames, ...linked] }
}

/** How long a payment waits for the event that may link it. A source sends it within the same seconds. */
export const linkWithinMs = 10_000

/** Whether a link may show it to be a part of an invoice that was reported before, or the invoice of a part that was. */
export function mayBeLinkedTo(payment: ReportedPayment, known: KnownPayment[]): boolean {
  const ofCustomer = known.filter((one) => one.customer === payment.customer && one.currency === payment.currency)
  return has(payment.names, 'in')
    ? ofCustomer.some((one) => mayBeInParts(one) && has(one.names, 'pi') && isLess(one, payment))
    : ofCustomer.some((one) => isWhole(one) && isLess(payment, one))
}

function isLess(part: Part, invoice: Part): boolean {
  return mayPay(part, invoice) && part.amount < invoice.amount
}

function isLinked(name: string): boolean {
  return kindOf(name) === 'pi' || kindOf(name) === 'in'
}

/** Whether it may be a part of an invoice, or an invoice that was paid in parts: its event names only one of the two. */
export function mayBeInParts({ outcome, customer, names, lacks }: Omit<KnownPayment, 'fact' | 'emailDigest'>): boolean {
  return outcome === 'received' && customer !== null && !lacks.includes('in') && has(names, 'pi') !== has(names, 'in')
}

/**
 * The payment that an event belongs to where nothing but the sums shows that PaymentIntents paid an invoice in parts: those of
 * its customer add up to exactly its sum, and the latest of them is near it. Of an invoice it is that latest part; of the part
 * that completes the sum of an invoice reported before, the invoice as a whole.
 */
export function sameByParts(
  payment: Omit<KnownPayment, 'fact' | 'emailDigest'>,
  known: KnownPayment[],
): KnownPayment | null {
  if (!mayBeInParts(payment)) return null
  const ofCustomer = known.filter(
    (one) => mayBeInParts(one) && one.customer === payment.customer && one.currency === payment.currency,
  )
  const parts = ofCustomer.filter(({ names }) => has(names, 'pi')).toSorted((a, b) => byAge(b, a))
  if (has(payment.names, 'in')) return parts.find((latest) => addUp([latest], parts, payment)) ?? null
  const invoices = ofCustomer.filter(({ names }) => has(names, 'in'))
  const completes = (invoice: Part) =>
    mayPay(payment, invoice) &&
    (addUp([payment], parts, invoice) || parts.some((latest) => addUp([latest, payment], parts, invoice)))
  return invoices.find(completes) ?? null
}

/** As many as are tried: an invoice is paid in few parts. */
const maxParts = 10

type Part = Pick<KnownPayment, 'amount' | 'at'>

/** Whether these parts add up to exactly the invoice's sum with others, the first of them being the latest and near the invoice. */
function addUp(parts: [latest: Part, ...more: Part[]], others: Part[], invoice: Part): boolean {
  if (!isNear(parts[0], invoice)) return false
  const more = others.filter((one) => !parts.includes(one) && mayPay(one, invoice)).slice(0, maxParts)
  const sums = [parts.reduce((sum, { amount }) => sum + amount, 0)]
  for (const { amount } of more) sums.push(...sums.map((one) => one + amount))
  // A single payment of the sum is the invoice's only one.
  return (parts.length > 1 ? sums : sums.slice(1)).includes(invoice.amount)
}

/** Whether it was made at a time at which it can be a part of the invoice. */
function mayPay({ at }: Part, invoice: Part): boolean {
  const before = invoice.at.getTime() - at.getTime()
  return before >= -alikeWithinMs && before <= partsWithinMs
}

function isNear(one: Pick<KnownPayment, 'at'>, other: Pick<KnownPayment, 'at'>): boolean {
  return Math.abs(one.at.getTime() - other.at.getTime()) <= alikeWithinMs
}
