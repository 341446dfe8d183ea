// What the metrics show of the database: few rows, each by an index, however many there are.
import { type Db, query, snapshot } from './db.ts'
import { jobsSchema } from './jobs/queues.ts'
import { callbacksRetrying, oldestDueEvent, oldestDueNotification, oldestForProvider } from './waiting.ts'

/** No more are counted, so that a backlog of any size costs the same. */
const countedAtMost = 10_000

export interface QueueDepth {
  name: string
  /** Due and not begun, in jobs; at most 10,000. */
  ready: number
  active: number
  /** Out of retries; the sweep enqueues again what is still due. */
  failed: number
  /** How long the oldest ready job has been due; 0 if none is. */
  oldestSeconds: number
}

export interface Waiting {
  /** How long the oldest event has waited to be planned, and the oldest notification to be delivered; 0 if none is due. */
  planSeconds: number
  deliverSeconds: number
  /** How long the oldest message has waited for a provider that can be called; 0 if none does. */
  providerSeconds: number
  /** Notifications that a person or a receipt must settle, at most 10,000 a channel. */
  unconfirmed: Record<string, number>
  /** Status changes that wait to become callbacks, at most 10,000. */
  outbox: number
  /** Callbacks that were tried and wait to be tried again, at most 10,000. */
  callbacksRetrying: number
}

export interface ProviderState {
  provider: string
  isOpen: boolean
  isPaused: boolean
}

export interface Observed {
  queues: QueueDepth[]
  waiting: Waiting
  providers: ProviderState[]
}

/** In one snapshot. */
export async function observe(db: Db, queues: string[], channels: readonly string[]): Promise<Observed> {
  return snapshot(db, async (tx) => {
    const depths = await query<QueueDepth>(
      tx,
      `select q.name, r.ready, a.active, f.failed, r.oldest_seconds
       from unnest($1::text[]) with ordinality as q(name, place)
       cross join lateral (select count(*)::integer as ready,
         coalesce(extract(epoch from now() - min(start_after)), 0)::double precision as oldest_seconds
         from (select start_after from ${jobsSchema}.job where name = q.name and state < 'active' and start_after <= now()
           order by start_after limit $2) j) r
       cross join lateral (select count(*)::integer as active
         from (select from ${jobsSchema}.job where name = q.name and state = 'active' limit $2) j) a
       cross join lateral (select count(*)::integer as failed
         from (select from ${jobsSchema}.job where name = q.name and state = 'failed' limit $2) j) f
       order by q.place`,
      [queues, countedAtMost],
    )
    const [waiting] = await query<Waiting>(
      tx,
      `select
         coalesce(extract(epoch from now() - ${oldestDueEvent('now()')}), 0)::double precision as plan_seconds,
         coalesce(extract(epoch from now() - ${oldestDueNotification('now()')}), 0)::double precision as deliver_seconds,
         greatest(0, extract(epoch from now() - ${oldestForProvider}))::double precision as provider_seconds,
         (select json_object_agg(c.name, (select count(*) from (select from notification_states
           where state = 'unconfirmed' and channel = c.name limit $2) n)) from unnest($1::text[]) c(name)) as unconfirmed,
         (select count(*)::integer from (select from callback_outbox limit $2) o) as outbox,
         ${callbacksRetrying('$2')} as callbacks_retrying`,
      [channels, countedAtMost],
    )
    const providers = await query<ProviderState>(
      tx,
      `select provider, circuit = 'open' as is_open, paused_at is not null as is_paused from provider_health`,
    )
    if (!waiting) throw new Error('the database answered without a row')
    return { queues: depths, waiting, providers }
  })
}
