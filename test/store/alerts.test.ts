// What the alerts are decided by is read each minute: a few rows of indexes, however many have failed.
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readSigns } from '../../src/store/alerts.ts'
import type { Db } from '../../src/store/db.ts'
import { freshDatabase } from '../helper/world.ts'

const now = new Date('2026-11-21T10:00:00Z')
const since = new Date('2026-11-18T10:00:00Z')

let db: pg.Pool
let drop: () => Promise<void>

/** In the three days 5,000 events and 5,000 notifications failed; of each, seven were given up. */
const rows = `
  insert into events (id, source, source_id, type, source_type, status, reason_code, priority, received_at, occurred_at)
  select gen_random_uuid(), 'shop', 'evt_' || i, 'x.y', 'x.y', 'failed', case when i % 700 = 0 then 'planning_failed' else 'bad_data' end,
    'normal', at, at
  from (select i, timestamptz '2026-11-18 11:00Z' + i * interval '30 seconds' as at from generate_series(1, 5000) as i) as e;
  insert into notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel,
    recipient_key, locale, timezone, priority, when_unsure, created_at)
  select gen_random_uuid(), id, type, source_type, source, source_id, 'order-shipped', 'transactional', 'email', 'customer', 'en',
    'UTC', 'normal', 'resend', received_at from events;
  insert into notification_states (id, channel, priority, created_at, state, reason_code)
  select id, channel, priority, created_at, 'failed', case when substr(fact, 5)::integer % 700 = 0 then 'tries_used_up' else 'rejected' end
  from notification_details;
`

beforeAll(async () => {
  const database = await freshDatabase()
  drop = database.drop
  db = new pg.Pool({ connectionString: database.url, max: 2, options: '-c search_path=posthorn' })
  await db.query(rows)
  for (const table of ['events', 'notification_states']) await db.query(`vacuum analyze ${table}`)
})
afterAll(async () => {
  await db.end()
  await drop()
})

interface Node {
  'Index Name'?: string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Node[]
}

/** Each scan of the events and states, as the index that it reads and how many rows. */
async function scansOf(read: (db: Db) => Promise<unknown>): Promise<[index: string, rows: number][]> {
  const scans: [string, number][] = []
  const visit = (node: Node) => {
    const rows = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
    if (/^(events|notification_states)$/.test(node['Relation Name'] ?? ''))
      scans.push([node['Index Name'] ?? 'none', rows])
    node.Plans?.forEach(visit)
  }
  const explaining = {
    async query({ text, values }: { text: string; values: unknown[] }) {
      const explained = await db.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
        `explain (analyze, format json) ${text}`,
        values,
      )
      for (const row of explained.rows) visit(row['QUERY PLAN'][0].Plan)
      return { rows: [{}] }
    },
  }
  await read(explaining as unknown as Db)
  return scans
}

it('what was given up is counted, and nothing else that failed is read for it', async () => {
  expect(await readSigns(db, now, { deadSince: since, used: [] })).toMatchObject({ deadLetters: 14 })
  const scans = await scansOf((explaining) => readSigns(explaining, now, { deadSince: since, used: [] }))
  expect(scans.filter(([index]) => index.includes('given_up')).sort()).toEqual([
    ['events_by_given_up', 7],
    ['notifications_by_given_up', 7],
  ])
  expect(Math.max(...scans.map(([, rows]) => rows))).toBe(7)
})
