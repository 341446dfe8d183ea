// Matches an event to a known payment, and so to its fact.
import { factNamed, type KnownPayment, type PaymentTold, sameAs } from '../domain/payment.ts'
import type { Reader, Tx } from '../store/db.ts'
import { emailDigestOf, keepPayment, mergeFacts, similarPayments } from '../store/events/payments.ts'
import { setFact } from '../store/events/plans.ts'

/** The fact of such an event, as far as is known now. Reads only. */
export async function findFact(db: Reader, told: PaymentTold): Promise<string> {
  const [same] = await sameOf(db, told)
  return same?.fact ?? factNamed(told)
}

/** Sets the event's fact, merges facts that it shows to be one payment, and stores what it says about the payment. */
export async function settlePayment(tx: Tx, eventId: string, told: PaymentTold): Promise<string> {
  const [same, ...others] = await sameOf(tx, told)
  const fact = same?.fact ?? factNamed(told)
  for (const other of others) await mergeFacts(tx, other.fact, fact)
  await keepPayment(tx, fact, [...new Set([...told.names, ...others.flatMap(({ names }) => names)])], told)
  await setFact(tx, eventId, fact)
  return fact
}

async function sameOf(db: Reader, told: PaymentTold): Promise<KnownPayment[]> {
  return sameAs({ ...told, emailDigest: emailDigestOf(told) }, await similarPayments(db, told))
}
