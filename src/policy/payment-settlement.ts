// Decides what becomes of the payments known so far when an event of one is planned.
import { factNamed, has, idKinds, type KnownPayment, kindOf, type ReportedPayment, waits } from '../domain/payment.ts'
import type { AddedUp } from './payment-parts.ts'

/** What an event shows of known payments. Those of them that wait need wait no longer. */
export interface Settlement {
  /** The fact of the event. */
  fact: string
  /** Those that turn out to be the same payment, besides the one of that fact. */
  merged: KnownPayment[]
  /** Those that stay payments of their own, as parts of this invoice. */
  parts: KnownPayment[]
  invoice: string | null
  /** The events that waited for this one. */
  waiting: string[]
}

/** By what is the same. Nobody was notified of a payment that waits, so it is then that of this event. */
export function settledAs(payment: ReportedPayment, same: KnownPayment[]): Settlement {
  const fact = same.find((one) => !waits(one))?.fact ?? factNamed(payment)
  const merged = same.filter((one) => one.fact !== fact)
  return { fact, merged, parts: [], invoice: null, waiting: waitingOf(same) }
}

/**
 * By the sums. People are notified of the whole where it was reported before its last part, or where nobody was notified of a
 * part when the invoice comes; else of each part.
 */
export function settledBySums(payment: ReportedPayment, { same, parts }: AddedUp): Settlement {
  const isInvoice = has(payment.names, idKinds.invoice)
  const all = [same, ...parts]
  if (isInvoice && all.every(waits)) return settledAs(payment, all)
  const isOfWhole = !isInvoice && !waits(same)
  const merged = isOfWhole ? parts.filter(waits) : []
  return {
    ...settledAs(payment, [same, ...merged]),
    parts: parts.filter((one) => !merged.includes(one)),
    invoice: (isInvoice ? payment : same).names.find((name) => kindOf(name) === idKinds.invoice) ?? null,
    waiting: waitingOf(all),
  }
}

function waitingOf(known: KnownPayment[]): string[] {
  return known.map(({ waitingEvent }) => waitingEvent).filter((id) => id !== null)
}
