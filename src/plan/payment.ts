// Matches an event to a known payment, and so to its fact. An event that may be one of several of an invoice waits for the others:
// store-part.ts puts its plan off, and the event that settles the payment has it planned at once.
import type { Ctx } from '../context.ts'
import { type KnownPayment, type ReportedPayment, sameAs } from '../domain/payment.ts'
import {
  addedUp,
  mayBeAddedUp,
  mayBeInParts,
  mayBeLinkedTo,
  partsComeWithinMs,
  unlinkedNames,
  withLinks,
} from '../domain/payment-parts.ts'
import { type Settlement, settledAs, settledBySums } from '../domain/payment-settlement.ts'
import type { Reader, Tx } from '../store/db.ts'
import {
  emailDigestOf,
  linksOf,
  mergeFacts,
  paymentsOfCustomer,
  saveParts,
  savePayment,
  similarPayments,
} from '../store/events/payments.ts'
import { planNow, setFact } from '../store/events/plans.ts'

/** The fact of such an event, as far as is known now. Reads only. */
export async function findFact(db: Reader, payment: ReportedPayment, now: Date): Promise<string> {
  return (await findPayment(db, null, payment, now)).settlement.fact
}

/** What an event reports, and what that is beside the payments known so far. */
export interface FoundPayment {
  payment: ReportedPayment
  settlement: Settlement
  /** Until when the event waits for others, which may show that its payment is a part or was paid in parts. */
  waitsUntil: Date | null
}

/** `eventId`: the event itself, which may have waited before; null if it is only asked about. To be called under the payment's lock. */
export async function findPayment(
  db: Reader,
  eventId: string | null,
  reported: ReportedPayment,
  now: Date,
): Promise<FoundPayment> {
  const { payment: linked, mayBeLinked } = await linkPayment(db, reported, now)
  const similar = await similarPayments(db, linked)
  const isOwn = ({ waitingEvent }: KnownPayment) => waitingEvent !== null && waitingEvent === eventId
  const own = similar.filter(isOwn)
  // What came during its wait may have made it known as a part.
  const payment = { ...linked, names: [...new Set([linked, ...own].flatMap(({ names }) => names))] }
  const found = (settlement: Settlement, waitsUntil: Date | null = null): FoundPayment => {
    const merged = [...settlement.merged, ...own.filter(({ fact }) => fact !== settlement.fact)]
    return { payment, settlement: { ...settlement, merged }, waitsUntil }
  }
  const others = similar.filter((one) => !isOwn(one))
  const same = sameAs({ ...payment, emailDigest: emailDigestOf(payment) }, others)
  if (same.length > 0 || !mayBeInParts(payment)) return found(settledAs(payment, same))
  const ofCustomer = (await paymentsOfCustomer(db, payment)).filter((one) => !isOwn(one))
  const sum = addedUp(payment, ofCustomer)
  if (sum) return found(settledBySums(payment, sum))
  const until = own[0]?.waitsUntil ?? new Date(now.getTime() + partsComeWithinMs)
  const mayWait = (mayBeLinked && mayBeLinkedTo(payment, ofCustomer)) || mayBeAddedUp(payment, ofCustomer)
  return found(settledAs(payment, []), mayWait && until > now ? until : null)
}

/** Makes known that the event waits to report its payment. */
export async function keepWaiting(
  tx: Tx,
  waitingEvent: string,
  { payment, settlement, waitsUntil }: FoundPayment,
): Promise<void> {
  await savePayment(tx, settlement.fact, { ...payment, waitingEvent, waitsUntil })
}

/**
 * Sets the event's fact, merges facts that it shows to be one payment, and stores what it says about the payment. Has the events
 * planned that waited for it.
 */
export async function settlePayment(
  ctx: Ctx,
  tx: Tx,
  eventId: string,
  { payment, settlement }: FoundPayment,
): Promise<string> {
  const { fact, merged, parts, invoice, waiting } = settlement
  for (const other of merged) await mergeFacts(tx, other.fact, fact)
  const union = (of: 'names' | 'lacks' | 'orders') => [...new Set([payment, ...merged].flatMap((one) => one[of]))]
  await savePayment(tx, fact, {
    ...payment,
    ...{ names: union('names'), lacks: union('lacks'), orders: union('orders') },
    shopReference: [payment, ...merged].find(({ shopReference }) => shopReference)?.shopReference ?? null,
    ...{ waitingEvent: null, waitsUntil: null },
  })
  await setFact(tx, eventId, fact)
  const now = ctx.clock.now()
  if (invoice && parts.length > 0) await saveParts(tx, { facts: parts.map((one) => one.fact), invoice, now })
  if (waiting.length > 0) await ctx.jobs.enqueue(tx, await planNow(tx, waiting, now))
  return fact
}

/** The payment with what events that were stored before say of its ids, and whether more may be known soon. */
async function linkPayment(db: Reader, payment: ReportedPayment, now: Date) {
  const names = unlinkedNames(payment)
  if (!payment.linkedBy || names.length === 0) return { payment, mayBeLinked: false }
  const { come, links } = await linksOf(db, payment.linkedBy, names, now)
  return { payment: withLinks(payment, links), mayBeLinked: come }
}
