// Which part of a charge's refunds an event tells (refund.ts decides). plan.ts settles it before a message is written;
// explain.ts, retry.ts and replay.ts read what is settled, or would be.
import type { EventContent } from '../../domain/event.ts'
import { type HeardSum, partOf, type RefundTold, sumsOf, type ToldRefund, withPart } from '../../domain/refund.ts'
import { type Db, type Reader, transaction } from '../db.ts'

/** The content as it is told, for good: called again, it answers the same. The event is of that fact from now on. */
export async function settleRefund(db: Db, eventId: string, content: EventContent): Promise<EventContent> {
  const { refund } = content
  if (!refund) return content
  return transaction(db, async (tx) => {
    // Held to the end of the transaction, so that of two events of a charge one sees what the other is told as.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 34))', [refund.charge])
    const part = await findPart(tx, refund)
    await tx.query(
      'insert into refunds (fact, charge, before, sum, at) values ($1, $2, $3, $4, $5) on conflict (fact) do nothing',
      [part.fact, part.charge, part.before, part.sum, part.at],
    )
    await tx.query('update events set fact = $2 where id = $1 and fact is distinct from $2', [eventId, part.fact])
    return withPart(content, part)
  })
}

/** The content as it was told, or would be now. */
export async function asRefund(db: Reader, content: EventContent): Promise<EventContent> {
  return content.refund ? withPart(content, await findPart(db, content.refund)) : content
}

async function findPart(db: Reader, told: RefundTold): Promise<ToldRefund> {
  const { rows: parts } = await db.query<ToldRefund>(
    `select fact, charge, before::double precision as before, sum::double precision as sum, at
     from refunds where charge = $1 order by sum`,
    [told.charge],
  )
  return partOf(told, await heardOf(db, told.charge), parts)
}

/** Every event of the charge counts, planned or not: of several that come at once, each is told by itself. */
async function heardOf(db: Reader, charge: string): Promise<HeardSum[]> {
  const { rows } = await db.query<{ fact: string; at: Date }>(
    `select fact, occurred_at as at from events where "references" @> array[$1::text] and starts_with(fact, $2)`,
    [charge, sumsOf(charge)],
  )
  return rows.map(({ fact, at }) => ({ sum: Number.parseInt(fact.slice(sumsOf(charge).length), 10), at }))
}
