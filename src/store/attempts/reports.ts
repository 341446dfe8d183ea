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
    `insert into reports (id, provider, received_at, once, digest, raw) values ($1, $2, $3, $4, $5, $6)
     on conflict (provider, once) do nothing`,
    [id, provider, receivedAt, once, digest, raw],
  )
  return rowCount === 1
}

/** The body's hash in the report that used this token. */
export async function digestOf(tx: Tx, { provider, once }: NewReport): Promise<string | null> {
  const [row] = await query<{ digest: string }>(tx, 'select digest from reports where provider = $1 and once = $2', [
    provider,
    once,
  ])
  return row?.digest ?? null
}

export async function deleteReport(tx: Tx, id: string): Promise<void> {
  await tx.query('delete from reports where id = $1', [id])
}
