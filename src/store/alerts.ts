// The alerts of the service about itself, and what they are decided by.
import type { AlertSigns } from '../policy/alerts.ts'
import type { Alert } from '../policy/raise-alert.ts'
import { query, type Reader, type Tx } from './db.ts'
import { callbacksRetrying, oldestDueEvent, oldestDueNotification, oldestForProvider } from './waiting.ts'

/** 'alrt' as a number. */
const watchLock = 0x616c7274
/** Counted no further: more is as bad. */
const countedAtMost = 1000

/** False if another process is at it, unless it is to wait for that. Held until the transaction ends. */
export async function lockAlerts(tx: Tx, waits: boolean): Promise<boolean> {
  if (waits) await tx.query('select pg_advisory_xact_lock($1)', [watchLock])
  const [row] = await query<{ locked: boolean }>(tx, 'select pg_try_advisory_xact_lock($1) as locked', [watchLock])
  return row?.locked ?? false
}

/** Null if nothing of this name was ever wrong. Only under the lock of `lockAlerts`. */
export async function findAlert(tx: Tx, name: string): Promise<Alert | null> {
  const [row] = await query<Alert>(
    tx,
    'select raised_at, told_at as sent_at, is_told as is_sent, cleared_at from alerts where name = $1',
    [name],
  )
  return row ?? null
}

export async function saveAlert(tx: Tx, name: string, { raisedAt, sentAt, isSent, clearedAt }: Alert): Promise<void> {
  await tx.query(
    `insert into alerts (name, raised_at, told_at, is_told, cleared_at) values ($1, $2, $3, $4, $5)
     on conflict (name) do update set raised_at = excluded.raised_at, told_at = excluded.told_at,
       is_told = excluded.is_told, cleared_at = excluded.cleared_at`,
    [name, raisedAt, sentAt, isSent, clearedAt],
  )
}

/** Notes that it is over. True if the operator was sent it. */
export async function clearAlert(tx: Tx, name: string, at: Date): Promise<boolean> {
  const [row] = await query<{ isSent: boolean }>(
    tx,
    'update alerts set cleared_at = $2 where name = $1 and cleared_at is null returning is_told as is_sent',
    [name, at],
  )
  return row?.isSent ?? false
}

/** Whether an alert that was raised since then is not over. */
export async function isAnyAlertOn(tx: Tx, raisedSince: Date): Promise<boolean> {
  const [row] = await query<{ isOn: boolean }>(
    tx,
    'select exists (select from alerts where cleared_at is null and raised_at > $1) as is_on',
    [raisedSince],
  )
  return row?.isOn ?? false
}

/** SQL: how many messages to people a provider took in the hour to a time, by the counts of minutes. */
const sentInHourTo = (at: string) => `(select coalesce(sum(n), 0)::integer from minute_counts
  where what = 'sent' and minute > ${at} - interval '1 hour' and minute <= ${at})`

interface SignsOptions {
  deadSince: Date
  used: string[]
}

/** `deadSince`: what was given up before is left out. `used`: the providers of the routes. */
export async function readSigns(db: Reader, at: Date, { deadSince, used }: SignsOptions): Promise<AlertSigns> {
  const [row] = await query<Omit<AlertSigns, 'providers'>>(
    db,
    `select
       greatest(0, extract(epoch from $1 - ${oldestDueEvent('$1')}),
         extract(epoch from $1 - ${oldestDueNotification('$1')}),
         extract(epoch from $1 - ${oldestForProvider}))::double precision as oldest_seconds,
       (select count(*)::integer from (
         (select from notification_states where state = 'failed' and coalesce(given_up_at, created_at) > $2
           and reason_code in ('tries_used_up', 'delivery_failed') limit $3)
         union all
         (select from events where status = 'failed' and coalesce(replayed_at, received_at) > $2
           and reason_code = 'planning_failed' limit $3)
       ) d) as dead_letters,
       ${callbacksRetrying('$3')} as callbacks_retrying,
       ${sentInHourTo('c.up_to')} as sent,
       (select json_agg(${sentInHourTo("(c.up_to - weeks * interval '7 days')")})
         from generate_series(1, 4) weeks) as sent_before
     -- What is not counted yet is not silence.
     from (select least($1::timestamptz, (select counted_up_to from minute_counts_state)) as up_to) as c`,
    [at, deadSince, countedAtMost],
  )
  if (!row) throw new Error('the database answered without a row')
  const providers = await query<AlertSigns['providers'][number]>(
    db,
    `select provider, provider = any($1) as is_used, circuit = 'open' as is_open, paused_at is not null as is_paused,
       extract(epoch from clock_timestamp() - closed_at)::double precision as closed_seconds from provider_health`,
    [used],
  )
  return { ...row, providers }
}
