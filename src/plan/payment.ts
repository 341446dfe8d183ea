// Matches an event to a known payment, and so to its fact.
import {
  factNamed,
  type KnownPayment,
  mayBeInParts,
  type ReportedPayment,
  sameAs,
  sameByParts,
} from '../domain/payment.ts'
import type { Reader, Tx } from '../store/db.ts'
import {
  emailDigestOf,
  mergeFacts,
  paymentsOfCustomer,
  savePayment,
  similarPayments,
} from '../store/events/payments.ts'
import { setFact } from '../store/events/plans.ts'

/** The fact of such an event, as far as is known now. Reads only. */
export async function findFact(db: Reader, payment: ReportedPayment): Promise<string> {
  const [same] = await sameOf(db, payment)
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

async function sameOf(db: Reader, payment: ReportedPayment): Promise<KnownPayment[]> {
  const same = sameAs({ ...payment, emailDigest: emailDigestOf(payment) }, await similarPayments(db, payment))
  if (same.length > 0 || !mayBeInParts(payment)) return same
  return [sameByParts(payment, await paymentsOfCustomer(db, payment))].filter((one) => one !== null)
}
