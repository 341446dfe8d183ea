// Loss of power: the database is recovered from prefixes of the write-ahead log of the run, and audited at each.
import pg from 'pg'
import { type Checked, type EventRow, type NotificationRow, openAudit, type Recovered } from './audit.ts'
import type { Random } from './random.ts'
import type { Claim } from './witness.ts'
import { type Lsn, shownLsn, type WriteAheadLog } from './write-ahead-log.ts'

/** A transaction that had locked a table at the end of the prefix holds its lock for as long as the recovery is paused. */
const options = '-c search_path=posthorn,posthorn_jobs -c statement_timeout=20s'
const isLocked = (error: unknown) => error instanceof pg.DatabaseError && error.code === '57014'

/** Of the faults at one prefix. */
const mostShown = 3

export interface Losses {
  prefixes: number
  first: string
  last: string
  megabytes: number
  checked: Checked
  broken: string[]
}

/** Half of them at moments of an answer or a call, the others evenly over the log between the first and the last of those. */
export function choosePrefixes(claims: Claim[], count: number, random: Random): Lsn[] {
  const [first, last] = [claims[0]?.lsn, claims.at(-1)?.lsn]
  if (first === undefined || last === undefined) return []
  const even = Math.ceil(count / 2)
  const spread = Array.from({ length: even }, (_, i) => first + ((last - first) * BigInt(i + 1)) / BigInt(even))
  const moments = random.shuffled(claims).map(({ lsn }) => lsn)
  const chosen = [...new Set([...spread, ...moments])].slice(0, count)
  return chosen.sort((a, b) => (a < b ? -1 : 1))
}

export async function loseThePower(
  log: WriteAheadLog,
  claims: Claim[],
  { databases, prefixes }: { databases: string[]; prefixes: Lsn[] },
): Promise<Losses> {
  const audit = openAudit(claims)
  const broken: string[] = []
  const locked: Lsn[] = []
  await log.finish()
  await log.recover(prefixes, async (lsn, urlOf) => {
    const all = await Promise.all(databases.map((name) => read(urlOf(name)))).catch((error: unknown) => {
      if (isLocked(error)) return null
      throw error
    })
    if (!all) return void locked.push(lsn)
    const recovered = {
      events: all.flatMap(({ events }) => events),
      notifications: all.flatMap(({ notifications }) => notifications),
    }
    const faults = audit.look(lsn, recovered)
    const more = faults.length - mostShown
    broken.push(...faults.slice(0, mostShown), ...(more > 0 ? [`and ${more} more at ${shownLsn(lsn)}`] : []))
  })
  const [first = 0n, last = first] = [prefixes[0], prefixes.at(-1)]
  return {
    prefixes: prefixes.length - locked.length,
    first: shownLsn(first),
    last: shownLsn(last),
    megabytes: Number((last - first) >> 20n),
    checked: audit.checked,
    broken,
  }
}

/** Empty if the database, or its tables, were created later. */
async function read(url: string): Promise<Recovered> {
  const client = new pg.Client({ connectionString: url, options })
  try {
    await client.connect()
    const { rows } = await client.query<{ exists: boolean }>(
      `select to_regclass('notifications') is not null and to_regclass('job') is not null as exists`,
    )
    if (!rows[0]?.exists) return { events: [], notifications: [] }
    const events = await client.query<EventRow>(selectEvents)
    const notifications = await client.query<NotificationRow>(selectNotifications)
    return { events: events.rows, notifications: notifications.rows }
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '3D000') return { events: [], notifications: [] }
    throw error
  } finally {
    await client.end()
  }
}

const jobs = `select distinct jsonb_array_elements_text(data -> 'ids') as id from job`
const unfinished = `where state in ('created', 'retry', 'active')`

const selectEvents = `
  select e.source_id as id, e.status, b.event_id is not null as "hasBody", j.id is not null as "hasJob",
    (select count(*)::int from notifications n where n.event_id = e.id) as notifications
  from events e left join event_bodies b on b.event_id = e.id left join (${jobs} ${unfinished}) j on j.id = e.id::text
  where e.source = 'bench'`

const selectNotifications = `
  select n.id, n.address, n.state, n.generation, m.notification_id is not null as "hasMessage", j.id is not null as "hasJob",
    coalesce((
      select json_agg(json_build_object('number', a.number, 'provider', a.provider, 'outcome', a.outcome,
        'verdict', s.verdict, 'ref', coalesce(s.provider_message_id, a.provider_message_id)) order by a.number)
      from attempts a left join settlements s on s.attempt_id = a.id where a.notification_id = n.id), '[]') as attempts
  from notifications n left join messages m on m.notification_id = n.id left join (${jobs}) j on j.id = n.id::text
  where n.source = 'bench'`
