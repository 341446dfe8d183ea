// Settles which part of a charge's refunds an event reports, once, before its messages are composed.
import type { EventContent } from '../domain/event.ts'
import { partOf, type RefundPart, type ReportedRefund, withPart } from '../domain/refund.ts'
import { type Db, type Reader, transaction } from '../store/db.ts'
import { setFact } from '../store/events/plans.ts'
import { insertRefund, lockCharge, refundParts, refundTotals } from '../store/events/refunds.ts'

/** Stores the part and the event's fact, and answers the content with that part. Idempotent. */
export async function settleRefund(db: Db, eventId: string, content: EventContent): Promise<EventContent> {
  const { refund } = content
  if (!refund) return content
  return transaction(db, async (tx) => {
    await lockCharge(tx, refund.charge)
    const part = await findPart(tx, refund)
    await insertRefund(tx, part)
    await setFact(tx, eventId, part.fact)
    return withPart(content, part)
  })
}

/** The content with its part as settled before, or as it would be settled now. Reads only. */
export async function asRefund(db: Reader, content: EventContent): Promise<EventContent> {
  return content.refund ? withPart(content, await findPart(db, content.refund)) : content
}

async function findPart(db: Reader, refund: ReportedRefund): Promise<RefundPart> {
  const parts = await refundParts(db, refund.charge)
  return partOf(refund, await refundTotals(db, refund.charge), parts)
}
