// Matches an event to a known payment, and so to its fact.
import { factNamed, type KnownPayment, type ReportedPayment, sameAs } from '../domain/payment.ts'
import {
  linkWithinMs,
  mayBeInParts,
  mayBeLinkedTo,
  sameByParts,
  unlinkedNames,
  withLinks,
} from '../domain/payment-parts.ts'
import type { Reader, Tx } from '../store/db.ts'
import {
  emailDigestOf,
  linksOf,
  mergeFacts,
  paymentsOfCustomer,
  savePayment,
  similarPayments,
} from '../store/events/payments.ts'
import { setFact } from '../store/events/plans.ts'
import type { StoredEvent } from '../store/events/stored.ts'

/** The fact of such an event, as far as is known now. Reads only. */
export async function findFact(db: Reader, payment: ReportedPayment, now: Date): Promise<string> {
  const [same] = await sameOf(db, (await linkPayment(db, payment, now)).payment)
  return same?.fact ?? factNamed(payment)
}

/** Sets the event's fact, merges facts that it shows to be one payment, and stores what it says about the payment. */
export async function settlePayment(tx: Tx, eventId: string, payment: ReportedPayment): Promise<string> {
  const [same, ...others] = await sameOf(tx, payment)
  const fact = same?.fact ?? factNamed(payment)
  for (const other of others) await mergeFacts(tx, other.fact, fact)
  const union = (of: 'names' | 'lacks' | 'orders') => [...new Set([payment, ...others].flatMap((one) => one[of]))]
  await savePayment(tx, fact, {
    ...payment,
    ...{ names: union('names'), lacks: union('lacks'), orders: union('orders') },
    shopReference: [payment, ...others].find(({ shopReference }) => shopReference)?.shopReference ?? null,
  })
  await setFact(tx, eventId, fact)
  return fact
}

/** A payment with what links it to others. */
export interface LinkedPayment {
  payment: ReportedPayment
  /** Whether more may be known soon. */
  mayBeLinked: boolean
}

/** The payment with what events that were stored before say of its ids. To be asked under the lock of the payment. */
export async function linkPayment(db: Reader, payment: ReportedPayment, now: Date): Promise<LinkedPayment> {
  const names = unlinkedNames(payment)
  if (!payment.linkedBy || names.length === 0) return { payment, mayBeLinked: false }
  const { come, links } = await linksOf(db, payment.linkedBy, names, now)
  return { payment: withLinks(payment, links), mayBeLinked: come }
}

/** Until when the event waits for one that may link its payment to another; null if it need not. */
export async function waitsForLinkUntil(
  tx: Tx,
  { receivedAt }: StoredEvent,
  { payment, mayBeLinked }: LinkedPayment,
  now: Date,
): Promise<Date | null> {
  const until = new Date(receivedAt.getTime() + linkWithinMs)
  if (!mayBeLinked || until <= now || !mayBeInParts(payment)) return null
  const isApart = (await sameOf(tx, payment)).length === 0
  return isApart && mayBeLinkedTo(payment, await paymentsOfCustomer(tx, payment)) ? until : null
}

async function sameOf(db: Reader, payment: ReportedPayment): Promise<KnownPayment[]> {
  const same = sameAs({ ...payment, emailDigest: emailDigestOf(payment) }, await similarPayments(db, payment))
  if (same.length > 0 || !mayBeInParts(payment)) return same
  return [sameByParts(payment, await paymentsOfCustomer(db, payment))].filter((one) => one !== null)
}
