// Finds unconfirmed notifications by a filter, to settle them.
import { query, type Reader } from '../db.ts'
import { type Add, type Clauses, conditionsOf, parameters } from '../parameters.ts'

export interface SettleFilter {
  /** Whose answer is unknown. */
  provider?: string
  notifier?: string
  channel?: string
  since?: Date
  until?: Date
  /** Only those made up to this time. */
  madeBy?: Date
  /** Only those that were in doubt at this time and still are by the same call, or a repeat of it. */
  doubtedAt?: Date
}

const clauses: Clauses<SettleFilter> = {
  provider: (name) =>
    `exists (select from attempts a where a.notification_id = s.id and a.outcome = 'unknown' and a.provider = ${name})`,
  notifier: (name) => `d.notifier = ${name}`,
  channel: (channel) => `s.channel = ${channel}`,
  since: (at) => `s.created_at >= ${at}`,
  until: (at) => `s.created_at < ${at}`,
  madeBy: (at) => `s.created_at <= ${at}`,
  doubtedAt: (at) => `s.created_at <= ${at} and not exists (
    select from attempts later where later.notification_id = s.id and (later.ended_at is null or later.ended_at > ${at})
      and not exists (
        select from attempts a where a.notification_id = s.id and a.outcome = 'unknown' and a.ended_at <= ${at}
          and a.provider = later.provider and a.round = later.round
          -- Rounds begin anew with a person's retry.
          and a.number > s.restarted_after))`,
}

function unconfirmed(filter: SettleFilter, add: Add): string {
  const conditions = [`s.state = 'unconfirmed'`, ...conditionsOf(clauses, filter, add)]
  return `notification_states s join notification_details d on d.id = s.id where ${conditions.join(' and ')}`
}

export async function countUnconfirmed(db: Reader, filter: SettleFilter): Promise<number> {
  const { values, add } = parameters()
  const [row] = await query<{ n: number }>(db, `select count(*)::integer as n from ${unconfirmed(filter, add)}`, values)
  return row?.n ?? 0
}

/** The ids of the next `limit` after an id, in the order of ids. */
export async function nextUnconfirmed(
  db: Reader,
  filter: SettleFilter,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const { values, add } = parameters()
  const from = unconfirmed(filter, add)
  const rest = after === null ? '' : ` and s.id > ${add(after)}`
  const rows = await query<{ id: string }>(db, `select s.id from ${from}${rest} order by s.id limit ${limit}`, values)
  return rows.map(({ id }) => id)
}
