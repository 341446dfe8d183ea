// Matches an event to a known payment, and so to its fact. An event that may be one of several of an invoice waits for the others:
// store-part.ts puts its plan off, and the event that settles the payment has it planned at once.
import type { Ctx } from '../context.ts'
import type { KnownPayment, ReportedPayment } from '../domain/payment.ts'
import {
  addedUp,
  mayBeAddedUp,
  mayBeInParts,
  mayBeLinkedTo,
  partsComeWithinMs,
  unlinkedNames,
  withLinks,
} from '../policy/payment-parts.ts'
import { type Settlement, settledAs, settledBySums } from '../policy/payment-settlement.ts'
import { sameAs } from '../policy/same-payment.ts'
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

/**
 * `eventId`: the event itself, which may have waited before; null if it is only asked about. To be called under the payment's
 * lock.
 */
export async function findPayment(
  db: Reader,
  eventId: string | null,
  reported: ReportedPayment,
  now: Date,
): Promise<FoundPayment> {
  const { payment: linked, mayBeLinked } = await linkPayment(db, reported, now)
  const similar = await similarPayments(db, linked)
  const own = similar.filter((one) => isOf(one, eventId))
  // What came during its wait may have made it known as a part.
  const payment = { ...linked, names: [...new Set([linked, ...own].flatMap(({ names }) => names))] }
  const others = similar.filter((one) => !isOf(one, eventId))
  const { settlement, mayWait } = await settlementOf(db, payment, { eventId, others, mayBeLinked })
  const merged = [...settlement.merged, ...own.filter(({ fact }) => fact !== settlement.fact)]
  const until = own[0]?.waitsUntil ?? new Date(now.getTime() + partsComeWithinMs)
  return { payment, settlement: { ...settlement, merged }, waitsUntil: mayWait && until > now ? until : null }
}

/** Whether the known payment is what this event waits to report. */
function isOf({ waitingEvent }: KnownPayment, eventId: string | null): boolean {
  return waitingEvent !== null && waitingEvent === eventId
}

/**
 * What the payment is, given those known that could be the same (`others`), and whether others that come soon may show it to be
 * something else.
 */
async function settlementOf(
  db: Reader,
  payment: ReportedPayment,
  { eventId, others, mayBeLinked }: { eventId: string | null; others: KnownPayment[]; mayBeLinked: boolean },
): Promise<{ settlement: Settlement; mayWait: boolean }> {
  const same = sameAs({ ...payment, emailDigest: emailDigestOf(payment) }, others)
  if (same.length > 0 || !mayBeInParts(payment)) return { settlement: settledAs(payment, same), mayWait: false }
  const ofCustomer = (await paymentsOfCustomer(db, payment)).filter((one) => !isOf(one, eventId))
  const sum = addedUp(payment, ofCustomer)
  if (sum) return { settlement: settledBySums(payment, sum), mayWait: false }
  const mayWait = (mayBeLinked && mayBeLinkedTo(payment, ofCustomer)) || mayBeAddedUp(payment, ofCustomer)
  return { settlement: settledAs(payment, []), mayWait }
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
