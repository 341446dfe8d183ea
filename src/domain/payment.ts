// Payments as sources report them, by the ids that they name, and what is known of them so far.
import { failedPaymentFact, paymentFact } from './fact.ts'

/** What one event reports of a payment. */
export interface ReportedPayment {
  outcome: 'received' | 'failed'
  /** Its ids. The leading letters are the kind of the id, such as `idKinds`. */
  names: string[]
  /** Those ids that no other payment, or no other try, has; several payments may pay one invoice. The first names the fact. */
  ownNames: string[]
  /** Ids of other payments that are parts of it, if it is an invoice that was paid in parts. They are not its own. */
  parts: string[]
  /** The type of the source's events that only say which ids belong together; null if it has none. */
  linkedBy: string | null
  /** Kinds of ids that it is known not to have: without an invoice's, it pays none. */
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

/** The kinds of ids by which parts of an invoice are told from the invoice; those of a source that has no parts are others. */
export const idKinds = { payment: 'pi', invoice: 'in' } as const

/** Events that share only the customer and the amount are of one payment if they are at most this far apart. */
export const alikeWithinMs = 10 * 60_000

/** The fact of a payment. A try without an id of its own is named by the last shared id and its time. */
export function factNamed({ outcome, names, ownNames, at }: ReportedPayment): string {
  const name = ownNames[0] ?? `${names.at(-1)}:${at.toISOString()}`
  return outcome === 'received' ? paymentFact(name) : failedPaymentFact(name)
}

/** How long before the invoice is paid the first of its parts may have been. */
export const partsWithinMs = 90 * 24 * 60 * 60_000

/** Whether there is an id of this kind. */
export function has(names: string[], kind: string): boolean {
  return names.some((name) => kindOf(name) === kind)
}

/** Whether its event has not been planned, so that nobody has been notified of it. */
export function waits({ waitingEvent }: KnownPayment): boolean {
  return waitingEvent !== null
}

export function kindOf(name: string): string {
  return /^[a-z]*/.exec(name)?.[0] ?? ''
}
