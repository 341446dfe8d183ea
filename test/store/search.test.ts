// Searches of notifications and events: what they find, alone and in pairs, a page at a time, and the indexes they read.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../../src/store/db.ts'
import { type EventFilter, searchEvents } from '../../src/store/events/search.ts'
import { type NotificationFilter, searchNotifications } from '../../src/store/notifications/search.ts'
import { freshDatabase } from '../helper/world.ts'

let db: pg.Pool
let drop: () => Promise<void>

/**
 * A fifth of the events is a vendor's. Each event has an email and an SMS; one notification in a hundred failed, half of them hours later, and one in 300
 * is being sent, the newest of them on the first pages.
 */
const rows = `
  insert into events (id, source, source_id, type, source_type, status, reason_code, reference, reference_names, mentions,
    priority, received_at, occurred_at)
  select gen_random_uuid(), source, 'evt_' || i, type, case source when 'stripe' then 'vendor.' || type else type end,
    case when i % 100 = 7 then 'failed' else 'planned' end, case when i % 100 = 7 then 'bad_data' end, 'ORD-' || i,
    array['ORD-' || i, 'pi_' || i], case when i % 50 = 0 then array['sub_' || i] else '{}'::text[] end, 'normal', at, at
  from (select i, (array['stripe', 'shop', 'school', 'shop', 'shop'])[1 + i % 5] as source,
      (array['payment.received', 'order.created', 'order.shipped'])[1 + i % 3] as type,
      timestamptz '2026-11-01' + i / 2 * interval '1 minute' as at
    from generate_series(1, 3000) as i) as e;
  insert into notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel, recipient_id,
    recipient_key, address, locale, timezone, reference, priority, when_unsure, created_at)
  select gen_random_uuid(), id, type, source_type, source, source_id, replace(type, '.', '-'), 'transactional', channel,
    'cus_' || i % 500, 'id:cus_' || i % 500, case channel when 'email' then 'Person' || i % 500 || '@example.com' else '+1415' || i % 500 end,
    'en', 'UTC', reference, 'normal', 'resend', received_at
  from (select e.*, substr(source_id, 5)::integer as i from events e) as e cross join unnest(array['email', 'sms']) as channel;
  insert into notification_states (id, channel, priority, created_at, state, reason_code, due_at, given_up_at, provider)
  select id, channel, priority, created_at,
    case when i % 100 = 3 then 'failed' when i % 300 = 290 then 'sending' else 'sent' end,
    case when i % 100 = 3 then 'rejected' when i % 300 = 290 then 'attempt_open' end,
    case when i % 300 = 290 then created_at + interval '30 seconds' end,
    case when i % 200 = 3 then created_at + interval '3 hours' end,
    case when i % 100 <> 3 and i % 300 <> 290 then case channel when 'sms' then 'twilio' else case i % 40 when 0 then 'smtp' else 'resend' end end end
  from (select d.*, substr(fact, 5)::integer as i from notification_details d) as d;
  insert into attempts (id, notification_id, number, round, provider, cause, started_at, ended_at, outcome)
  select gen_random_uuid(), id, 1, 1, coalesce(provider, 'resend'), 'first', created_at,
    case state when 'sent' then created_at end, case state when 'sent' then 'accepted' end
  from notification_states where state in ('sent', 'sending');
`

beforeAll(async () => {
  const database = await freshDatabase()
  drop = database.drop
  db = new pg.Pool({ connectionString: database.url, max: 2, options: '-c search_path=posthorn' })
  await db.query(rows)
  for (const table of ['events', 'notification_details', 'notification_states', 'attempts'])
    await db.query(`vacuum analyze ${table}`)
})
afterAll(async () => {
  await db.end()
  await drop()
})

const since = new Date('2026-11-01T12:00:00Z')
const until = new Date('2026-11-02T00:00:00Z')
const notificationFilters: NotificationFilter[] = [
  { recipient: 'cus_77' },
  { recipient: 'PERSON78@example.com' },
  { recipient: 'nobody' },
  { reference: 'ORD-2900' },
  { reference: 'pi_12' },
  { reference: 'sub_50' },
  { notifier: 'order-shipped' },
  { channel: 'sms' },
  { channel: 'callback' },
  { state: 'failed' },
  { state: 'sent' },
  { state: 'sending' },
  { provider: 'smtp' },
  { provider: 'sandbox' },
  { eventType: 'payment.received' },
  { eventType: 'vendor.order.created' },
  { source: 'school' },
  { source: 'nowhere' },
  { since },
  { until },
  { givenUpSince: since },
]
const eventFilters: EventFilter[] = [
  { type: 'payment.received' },
  { type: 'vendor.order.created' },
  { type: 'nothing' },
  { source: 'school' },
  { source: 'nowhere' },
  { status: 'failed' },
  { status: 'planned' },
  { reference: 'ORD-2900' },
  { reference: 'sub_50' },
  { since },
  { until },
]

/** Each filter by itself and with each other one. */
function inPairs<F extends object>(filters: F[]): F[] {
  const pairs = filters.flatMap((one, i) => filters.slice(i + 1).map((other) => ({ ...one, ...other })))
  return [{} as F, ...filters, ...pairs]
}

/** What each filter means, as plainly as it can be said. */
const givenUpAt = '(select coalesce(given_up_at, created_at) from notification_states where id = n.id)'
const meaning: Record<string, string> = {
  givenUpSince: `n.state = 'failed' and ${givenUpAt} >= $`,
  recipient: '(n.recipient_id = $ or lower(n.address) = lower($))',
  notifier: 'n.notifier = $',
  channel: 'n.channel = $',
  state: 'n.state = $',
  provider: 'n.provider = $',
  eventType: '(e.type = $ or e.source_type = $)',
  type: '(e.type = $ or e.source_type = $)',
  source: 'e.source = $',
  status: 'e.status = $',
  reference: '($ = any(e.reference_names) or $ = any(e.mentions))',
  since: 'e.received_at >= $',
  until: 'e.received_at < $',
}

async function expected(of: 'n' | 'e', filter: object): Promise<string[]> {
  const given = Object.entries(filter)
  const clauses = given.map(([name], i) => `(${meaning[name]?.replaceAll('$', () => `$${i + 1}`)})`)
  const from = of === 'n' ? 'notifications n join events e on e.id = n.event_id' : 'events e'
  const at = 'givenUpSince' in filter ? givenUpAt : of === 'n' ? 'n.created_at' : 'e.received_at'
  const { rows } = await db.query<{ id: string }>(
    `select ${of}.id from ${from} where ${['true', ...clauses].join(' and ')} order by ${at} desc, ${of}.id desc`,
    given.map(([, value]) => value),
  )
  return rows.map(({ id }) => id)
}

interface Place {
  at: Date
  id: string
}
type Search = (db: Db, after: Place | null, limit: number) => Promise<Place[]>

const notificationsBy =
  (filter: NotificationFilter): Search =>
  async (db, after, limit) =>
    (await searchNotifications(db, filter, { limit, after })).map(({ place, id }) => ({ at: place, id }))
const eventsBy =
  (filter: EventFilter): Search =>
  async (db, after, limit) =>
    (await searchEvents(db, filter, { limit, after })).map(({ event }) => ({ at: event.receivedAt, id: event.id }))

/** The first three pages of 20. */
async function pages(search: Search): Promise<string[]> {
  const found: string[] = []
  for (let after: Place | null = null; found.length < 60; ) {
    const page: Place[] = await search(db, after, 20)
    found.push(...page.slice(0, 20).map(({ id }) => id))
    if (page.length <= 20) break
    after = page[19] ?? null
  }
  return found
}

describe('a search', () => {
  it.each([
    ['notifications', 'n' as const, inPairs(notificationFilters), notificationsBy],
    ['events', 'e' as const, inPairs(eventFilters), eventsBy],
  ])('of %s finds what matches every filter, newest first, a page at a time', async (_what, of, filters, by) => {
    for (const filter of filters) {
      const found = await pages((by as (filter: object) => Search)(filter))
      expect(found, JSON.stringify(filter)).toEqual((await expected(of, filter)).slice(0, 60))
    }
  })

  it.each([
    ['notifications', notificationFilters, notificationsBy],
    ['events', eventFilters, eventsBy],
  ])(
    'of %s reads little more than it finds, from indexes alone, on the first page and a page deep',
    async (_what, filters, by) => {
      for (const filter of [{}, ...filters])
        for (const after of [
          null,
          { at: new Date('2026-11-01T20:00:00Z'), id: 'ffffffff-ffff-4fff-8fff-ffffffffffff' },
        ]) {
          const scans = await scansOf((by as (filter: object) => Search)(filter), after)
          const told = JSON.stringify({ filter, after, scans })
          expect(
            scans.map(({ kind }) => kind),
            told,
          ).not.toContain('Seq Scan')
          // At most a page from each list that is merged, and what a name or a person has.
          for (const { rows, lists } of scans) expect(rows, told).toBeLessThanOrEqual(51 * Math.max(1, lists))
        }
    },
  )

  it('of a pair reads indexes alone', async () => {
    for (const [filters, by] of [
      [inPairs(notificationFilters), notificationsBy],
      [inPairs(eventFilters), eventsBy],
    ] as const)
      for (const filter of filters) {
        const scans = await scansOf((by as (filter: object) => Search)(filter), null)
        expect(
          scans.map(({ kind }) => kind),
          JSON.stringify({ filter, scans }),
        ).not.toContain('Seq Scan')
      }
  })
})

interface Scan {
  kind: string
  index: string | undefined
  /** How many rows it read, in how many lists. */
  rows: number
  lists: number
}

interface Node {
  'Node Type': string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Node[]
}

/** The scans of tables in the statement that finds the page. */
async function scansOf(search: Search, after: Place | null): Promise<Scan[]> {
  const scans: Scan[] = []
  const visit = (node: Node) => {
    const { 'Node Type': kind, 'Index Name': index, 'Actual Loops': lists } = node
    const each = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)
    if (index || kind === 'Seq Scan') scans.push({ kind, index, rows: each * lists, lists })
    node.Plans?.forEach(visit)
  }
  const explaining = {
    async query({ text, values }: { text: string; values: unknown[] }) {
      if (!text.includes(' page ')) return { rows: [] }
      const { rows } = await db.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
        `explain (analyze, format json) ${text}`,
        values,
      )
      for (const row of rows) visit(row['QUERY PLAN'][0].Plan)
      return { rows: [] }
    },
  }
  await search(explaining as unknown as Db, after, 50)
  return scans
}
