// Which part of a charge's refunds an event is told as: settled once, before a message is written.
import type { EventContent } from '../domain/event.ts'
import { partOf, type RefundTold, type ToldRefund, withPart } from '../domain/refund.ts'
import { type Db, type Reader, transaction } from '../store/db.ts'
import { setFact } from '../store/events/plans.ts'
import { heardSums, insertRefund, lockCharge, toldRefunds } from '../store/events/refunds.ts'

/** The content as it is told, for good: called again, it answers the same. The event is of that fact from now on. */
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

/** The content as it was told, or would be now. */
export async function asRefund(db: Reader, content: EventContent): Promise<EventContent> {
  return content.refund ? withPart(content, await findPart(db, content.refund)) : content
}

async function findPart(db: Reader, told: RefundTold): Promise<ToldRefund> {
  const parts = await toldRefunds(db, told.charge)
  return partOf(told, await heardSums(db, told.charge), parts)
}
