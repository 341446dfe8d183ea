// Counts what became of each notifier's messages by the copy that they were rendered from, and reads the counts.
import { query, type Reader, type Tx } from '../db.ts'
import type { Range } from './minute-counts.ts'

/** Counts whole minutes again: an attempt belongs to the minute in which it began, a receipt to that in which it came. */
export async function recountCopy(tx: Tx, { from, to }: Range): Promise<void> {
  await tx.query('delete from copy_counts where minute >= $1 and minute < $2', [from, to])
  await tx.query(
    `with happened as (
       select a.notification_id, a.started_at as at, 1 as sent, 0 as delivered, 0 as opened, 0 as clicked
       from attempts a
       -- An attempt's id begins with the time at which it began.
       where a.id >= first_id_at($1) and a.id < first_id_at($2) and a.outcome = 'accepted'
       union all
       select notification_id, received_at, 0, 1, 0, 0 from receipts
       where received_at >= $1 and received_at < $2 and kind = 'delivered'
       union all
       select r.notification_id, r.received_at, 0, 0, (not before.opened)::integer, (r.kind = 'clicked' and not before.clicked)::integer
       from receipts r cross join lateral (
         -- The first of each kind is never outweighed.
         select count(*) > 0 as opened, count(*) filter (where e.kind = 'clicked') > 0 as clicked from receipts e
         where e.notification_id = r.notification_id and not e.outweighed and (e.received_at, e.id) < (r.received_at, r.id)
           and e.kind in ('opened', 'clicked')) as before
       where r.received_at >= $1 and r.received_at < $2 and r.kind in ('opened', 'clicked'))
     insert into copy_counts (notifier, minute, channel, locale, version, sent, delivered, opened, clicked)
     select d.notifier, date_trunc('minute', h.at), d.channel, d.words->>'locale', coalesce((d.words->>'version')::integer, 0),
       sum(h.sent), sum(h.delivered), sum(h.opened), sum(h.clicked)
     from happened h join notification_details d on d.id = h.notification_id
     where d.words is not null and h.sent + h.delivered + h.opened + h.clicked > 0
     group by 1, 2, 3, 4, 5`,
    [from, to],
  )
}

/** Adds the minutes before a time up into their days, and removes what is older than `keepSince`. */
export async function foldCopy(tx: Tx, before: Date, keepSince: Date): Promise<void> {
  await tx.query('delete from copy_counts where minute < $1', [keepSince])
  await tx.query(
    `with old as (
       delete from copy_counts where minute < $1 and minute <> date_trunc('day', minute, 'UTC') returning *)
     insert into copy_counts
     select notifier, date_trunc('day', minute, 'UTC'), channel, locale, version, sum(sent), sum(delivered), sum(opened), sum(clicked)
     from old group by 1, 2, 3, 4, 5
     on conflict (notifier, minute, channel, locale, version) do update set sent = copy_counts.sent + excluded.sent,
       delivered = copy_counts.delivered + excluded.delivered, opened = copy_counts.opened + excluded.opened,
       clicked = copy_counts.clicked + excluded.clicked`,
    [before],
  )
}

export interface CopyCount {
  channel: string
  locale: string
  /** 0 for our own copy. */
  version: number
  sent: number
  delivered: number
  opened: number
  clicked: number
}

/** What became of a notifier's messages since then, by channel and copy: the locales in alphabetical order, new versions first. */
export async function copyCounts(db: Reader, notifier: string, since: Date): Promise<CopyCount[]> {
  return query<CopyCount>(
    db,
    `select channel, locale, version, sum(sent)::integer as sent, sum(delivered)::integer as delivered,
       sum(opened)::integer as opened, sum(clicked)::integer as clicked
     from copy_counts where notifier = $1 and minute >= $2
     group by channel, locale, version order by locale, version desc, channel`,
    [notifier, since],
  )
}
