// Refunds of charges: the totals that events report, and the parts that people were notified of.
import { refundSumsFact } from '../../domain/fact.ts'
import type { RefundPart, RefundTotal } from '../../domain/refund.ts'
import { query, type Reader, type Tx } from '../db.ts'

/** Locks a charge to the end of the transaction, so that one of two events sees the part that the other reports. */
export async function lockCharge(tx: Tx, charge: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 34))', [charge])
}

/** The reported parts, the smallest total first. */
export async function refundParts(db: Reader, charge: string): Promise<RefundPart[]> {
  return query<RefundPart>(
    db,
    `select fact, charge, before::double precision as before, sum::double precision as sum, at
     from refunds where charge = $1 order by sum`,
    [charge],
  )
}

/** The totals of all events of the charge, planned or not, so that each of several concurrent events is one part. */
export async function refundTotals(db: Reader, charge: string): Promise<RefundTotal[]> {
  const start = refundSumsFact(charge)
  const rows = await query<{ fact: string; at: Date }>(
    db,
    `select fact, occurred_at as at from events where reference_names @> array[$1::text] and starts_with(fact, $2)`,
    [charge, start],
  )
  return rows.map(({ fact, at }) => ({ sum: Number.parseInt(fact.slice(start.length), 10), at }))
}

/** Idempotent by fact. */
export async function insertRefund(tx: Tx, { fact, charge, before, sum, at }: RefundPart): Promise<void> {
  await tx.query(
    'insert into refunds (fact, charge, before, sum, at) values ($1, $2, $3, $4, $5) on conflict (fact) do nothing',
    [fact, charge, before, sum, at],
  )
}
