// Counts what happened in each minute, and reads the counts for the overview.
import { type Db, query, type Reader, type Tx } from '../db.ts'

export interface Range {
  from: Date
  to: Date
}

/** The time up to which every minute has been counted; null while another worker counts. */
export async function lockCounting(tx: Tx): Promise<Date | null> {
  const [row] = await query<{ countedUpTo: Date }>(
    tx,
    'select counted_up_to from minute_counts_state for update skip locked',
  )
  return row?.countedUpTo ?? null
}

/**
 * Counts whole minutes again. An attempt belongs to the minute in which it began, a receipt to that in which it came, a failed
 * message to that in which it was given up. `inTimeMs`: how soon after it is due a message counts as handed over in time.
 */
export async function recount(tx: Tx, { from, to }: Range, inTimeMs: number): Promise<void> {
  await tx.query('delete from minute_counts where minute >= $1 and minute < $2', [from, to])
  await tx.query(
    `with calls as (
       select date_trunc('minute', a.started_at) as minute,
         a.ended_at <= greatest(d.created_at, d.scheduled_for) + make_interval(secs => $3::double precision / 1000) as in_time
       from attempts a join notification_details d on d.id = a.notification_id
       -- An attempt's id begins with the time at which it began.
       where a.id >= first_id_at($1) and a.id < first_id_at($2) and a.outcome = 'accepted' and d.channel <> 'callback')
     insert into minute_counts (minute, what, n)
     select date_trunc('minute', received_at), 'accepted', count(*) from events
       where received_at >= $1 and received_at < $2 group by 1
     union all select minute, 'sent', count(*) from calls group by 1
     union all select minute, 'in_time', count(*) from calls where in_time group by 1
     union all select date_trunc('minute', received_at), kind, count(*) from receipts
       where received_at >= $1 and received_at < $2 and kind in ('delivered', 'undelivered') group by 1, 2
     union all select date_trunc('minute', coalesce(given_up_at, created_at)), 'failed', count(*) from notification_states
       where state = 'failed' and channel <> 'callback'
         and coalesce(given_up_at, created_at) >= $1 and coalesce(given_up_at, created_at) < $2 group by 1`,
    [from, to, inTimeMs],
  )
}

/** Also removes minutes before `keepSince`. */
export async function advanceCounting(tx: Tx, countedUpTo: Date, keepSince: Date): Promise<void> {
  await tx.query('update minute_counts_state set counted_up_to = $1', [countedUpTo])
  await tx.query('delete from minute_counts where minute < $1', [keepSince])
}

export interface Bucket {
  /** When it begins. */
  at: Date
  accepted: number
  sent: number
  inTime: number
  delivered: number
  undelivered: number
  failed: number
}

export interface CountsOverTime {
  buckets: Bucket[]
  /** Null where nothing was ever counted: the service is new, or no worker has run. */
  countedUpTo: Date | null
}

/** One bucket for each `minutes`, the empty ones too, oldest first. */
export async function countsOverTime(db: Db, { from, to }: Range, minutes: number): Promise<CountsOverTime> {
  const buckets = await query<Bucket>(
    db,
    `select b.at, ${['accepted', 'sent', 'in_time', 'delivered', 'undelivered', 'failed'].map(sumOf).join(', ')}
     from generate_series($1::timestamptz, $2::timestamptz - interval '1 second', make_interval(mins => $3)) as b(at)
     left join minute_counts c on c.minute >= b.at and c.minute < b.at + make_interval(mins => $3)
     group by b.at order by b.at`,
    [from, to, minutes],
  )
  return { buckets, countedUpTo: await countedUpTo(db) }
}

function sumOf(what: string): string {
  return `coalesce(sum(c.n) filter (where c.what = '${what}'), 0)::integer as ${what}`
}

/** The schema begins to count an hour before it was made, so a time that is old means something only where there are counts. */
async function countedUpTo(db: Reader): Promise<Date | null> {
  const [row] = await query<{ countedUpTo: Date; isCounted: boolean }>(
    db,
    `select counted_up_to, counted_up_to > now() - interval '5 minutes' or exists (select from minute_counts) as is_counted
     from minute_counts_state`,
  )
  if (!row) throw new Error('the state of the counts has no row')
  return row.isCounted ? row.countedUpTo : null
}
