// Counts what waits for a person, for the navigation beside every page and for the overview: a few index entries, however many
// rows there are.
import { query, type Reader } from '../db.ts'

/** `since`: when the first of those that were counted was made, or given up; null where there are none. */
interface Counted {
  count: number
  since: Date | null
}

/** Each is counted up to a limit. */
export interface ForAPerson {
  /** Without those that are being settled. */
  unconfirmed: Counted
  /** Given up since a time, and how many of them are callbacks to apps. */
  givenUp: Counted & { callbacks: number }
  /** Providers that are not called, and how many of them a person has paused. */
  providers: { away: number; paused: number }
}

export interface Asked {
  givenUpSince: Date
  /** Those on a route. */
  providers: string[]
  /** Where counting ends. */
  most: number
}

interface Row {
  unconfirmed: number
  unconfirmedSince: Date | null
  givenUp: number
  givenUpFirst: Date | null
  callbacks: number
  away: number
  paused: number
}

export async function forAPerson(db: Reader, { givenUpSince, providers, most }: Asked): Promise<ForAPerson> {
  const [row] = await query<Row>(db, {
    name: 'for-a-person',
    text: `select u.*, g.*, p.* from
        (select count(*)::integer as unconfirmed, min(created_at) as unconfirmed_since from (
           select created_at from notification_states where state = 'unconfirmed' and reason_code <> 'settling'
           order by created_at limit $2) as held) as u,
        (select count(*)::integer as given_up, min(at) as given_up_first,
           (count(*) filter (where channel = 'callback'))::integer as callbacks from (
           select channel, coalesce(given_up_at, created_at) as at from notification_states
           where state = 'failed' and coalesce(given_up_at, created_at) >= $1
           order by coalesce(given_up_at, created_at) desc, id desc limit $2) as failed) as g,
        (select count(*)::integer as away, (count(*) filter (where paused_at is not null))::integer as paused from provider_health
           where provider = any($3) and (circuit <> 'closed' or paused_at is not null)) as p`,
    values: [givenUpSince, most, providers],
  })
  if (!row) throw new Error('a count without a group answered no row')
  return {
    unconfirmed: { count: row.unconfirmed, since: row.unconfirmedSince },
    givenUp: { count: row.givenUp, since: row.givenUpFirst, callbacks: row.callbacks },
    providers: { away: row.away, paused: row.paused },
  }
}
