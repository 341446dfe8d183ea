// Which payment an event tells of, among those that were told, and so which fact.
import { factNamed, type KnownPayment, type PaymentTold, sameAs } from '../domain/payment.ts'
import type { Reader, Tx } from '../store/db.ts'
import { emailDigestOf, keepPayment, mergeFacts, similarPayments } from '../store/events/payments.ts'
import { setFact } from '../store/events/plans.ts'

/** The fact that such an event would tell, as far as is known now. */
export async function findFact(db: Reader, told: PaymentTold): Promise<string> {
  const [same] = await sameOf(db, told)
  return same?.fact ?? factNamed(told)
}

/** The fact that this event tells. It is kept on the event, and what it says is known of the payment from now on. */
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
