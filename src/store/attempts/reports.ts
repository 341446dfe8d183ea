// Verified reports of providers, each stored raw and once.
import type { Receipt } from '../../domain/receipt.ts'
import { query, type Tx } from '../db.ts'

export interface NewReport {
  id: string
  raw: Buffer
  /** A hash of the raw body. */
  digest: string
  receipts: Receipt[]
  /** A single-use token; null if the provider's scheme has none. */
  once: string | null
  receivedAt: Date
}

/** Inserts reports of one provider, each with a token of its own, and returns the ids of those whose token is new. */
export async function insertReports(tx: Tx, provider: string, reports: NewReport[]): Promise<Set<string>> {
  const rows = await query<{ id: string }>(
    tx,
    `with given as (
       select * from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::bytea[])
         as r(id, received_at, once, digest, raw)),
     made as (
       insert into reports (id, provider, received_at, once)
       -- In one order, so that two batches with the same tokens cannot deadlock.
       select id, $1, received_at, once from given order by once, id
       on conflict (provider, once) do nothing returning id),
     kept as (
       insert into report_bodies (report_id, received_at, digest, raw)
       select id, received_at, digest, raw from given join made using (id))
     select id from made`,
    [
      provider,
      reports.map(({ id }) => id),
      reports.map(({ receivedAt }) => receivedAt),
      reports.map(({ once }) => once),
      reports.map(({ digest }) => digest),
      reports.map(({ raw }) => raw),
    ],
  )
  return new Set(rows.map(({ id }) => id))
}

/** The hashes of the bodies that came with these tokens, by token; without those that retention has removed. */
export async function digestsOf(tx: Tx, provider: string, tokens: (string | null)[]): Promise<Map<string, string>> {
  const rows = await query<{ once: string; digest: string }>(
    tx,
    // `offset 0`, so that each id is looked for in the table of its day.
    `select r.once, b.digest from reports r
     cross join lateral (select digest from report_bodies where report_id = r.id offset 0) as b
     where r.provider = $1 and r.once = any($2)`,
    [provider, tokens],
  )
  return new Map(rows.map(({ once, digest }) => [once, digest]))
}

export async function deleteReports(tx: Tx, ids: string[]): Promise<void> {
  await tx.query('delete from report_bodies where report_id = any($1)', [ids])
  await tx.query('delete from reports where id = any($1)', [ids])
}
