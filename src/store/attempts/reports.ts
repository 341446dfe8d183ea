// Verified reports of providers, each stored raw and once.
import type { Receipt } from '../../domain/receipt.ts'
import { query, type Tx } from '../db.ts'

export interface NewReport {
  id: string
  provider: string
  raw: Buffer
  /** A hash of the raw body. */
  digest: string
  receipts: Receipt[]
  /** A single-use token; null if the provider's scheme has none. */
  once: string | null
  receivedAt: Date
}

/** False: its token has been used before. */
export async function insertReport(
  tx: Tx,
  { id, provider, receivedAt, once, digest, raw }: NewReport,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with made as (
       insert into reports (id, provider, received_at, once) values ($1, $2, $3, $4)
       on conflict (provider, once) do nothing returning id, received_at)
     insert into report_bodies (report_id, received_at, digest, raw) select id, received_at, $5, $6 from made`,
    [id, provider, receivedAt, once, digest, raw],
  )
  return rowCount === 1
}

/** The body's hash in the report that used this token; null once retention has removed it. */
export async function digestOf(tx: Tx, { provider, once }: NewReport): Promise<string | null> {
  const [report] = await query<{ id: string }>(tx, 'select id from reports where provider = $1 and once = $2', [
    provider,
    once,
  ])
  const [body] = await query<{ digest: string }>(tx, 'select digest from report_bodies where report_id = $1', [
    report?.id,
  ])
  return body?.digest ?? null
}

export async function deleteReport(tx: Tx, id: string): Promise<void> {
  await tx.query('delete from report_bodies where report_id = $1', [id])
  await tx.query('delete from reports where id = $1', [id])
}
