// Counts what waits for a person, for the navigation beside every page: a few index entries, however many rows there are.
import { query, type Reader } from '../db.ts'

/** Each is counted up to a limit. */
export interface ForAPerson {
  /** Without those that are being settled; looked for among the oldest thousand. */
  unconfirmed: number
  /** Given up since a time. */
  failed: number
  openCircuits: number
}

/** `most`: where counting ends. */
export async function forAPerson(db: Reader, failedSince: Date, most: number): Promise<ForAPerson> {
  const [row] = await query<ForAPerson>(db, {
    name: 'for-a-person',
    text: `select
        (select count(*) from (
           select from (select reason_code from notification_states where state = 'unconfirmed' order by created_at, id limit 1000) as u
           where reason_code <> 'settling' limit $2) as h)::integer as unconfirmed,
        (select count(*) from (
           select from notification_states where state = 'failed' and created_at >= $1 limit $2) as f)::integer as failed,
        (select count(*) from provider_health where circuit = 'open')::integer as open_circuits`,
    values: [failedSince, most],
  })
  if (!row) throw new Error('a count without a group answered no row')
  return row
}
