// Counts the messages that wait for more than a worker: each count ends at a bound, so that it costs the same
// at any size.
import { type Db, query } from './db.ts'

const countedAtMost = 10_000

export interface WaitingMessages {
  /** That wait until a provider of their channel can be called; a channel without any is left out. */
  forProvider: { channel: string; count: number; since: Date }[]
  /** That a provider did not take, and that are tried again later. */
  forNextTry: number
  /** Whose lost answer is being settled, without a person. */
  settling: number
}

/** Each count is at most 10,000. */
export async function waitingMessages(db: Db, channels: readonly string[]): Promise<WaitingMessages> {
  const forProvider = await query<WaitingMessages['forProvider'][number]>(
    db,
    `select c.name as channel, w.count, w.since from unnest($1::text[]) as c(name)
     cross join lateral (select count(*)::integer as count, min(created_at) as since
       from (select created_at from notification_states
         where state = 'pending' and reason_code = 'providers_unavailable' and channel = c.name limit $2) n) w
     where w.count > 0`,
    [channels, countedAtMost],
  )
  const [row] = await query<Omit<WaitingMessages, 'forProvider'>>(
    db,
    `with unconfirmed as (
       select reason_code from notification_states where state = 'unconfirmed' order by created_at, id limit $1)
     select
       (select count(*)::integer from (select reason_code from notification_states
          where attempted and due_at > now() and state = 'pending' limit $1) n
        where reason_code <> 'providers_unavailable') as for_next_try,
       (select count(*)::integer from unconfirmed where reason_code = 'settling') as settling`,
    [countedAtMost],
  )
  if (!row) throw new Error('the database answered without a row')
  return { forProvider, ...row }
}
