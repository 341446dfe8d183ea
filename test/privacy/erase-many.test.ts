// The work of an erase grows with what is stored about the person, and no faster.
import type pg from 'pg'
import { expect, it } from 'vitest'
import { erase } from '../../src/operate/erase.ts'
import { shipped } from '../helper/events.ts'
import { startStage } from '../helper/stage.ts'

const by = { name: 'ops', text: 'operator key `ops`' }
const read = ['notification_details', 'notification_states', 'events', 'omissions', 'receipts']

/** Statements that store an event and its notifications so many times more. */
const copied = (table: string, from: string, changes: string) =>
  `insert into ${table} select r.* from ${table} t ${from},
     jsonb_populate_record(t, jsonb_build_object(${changes})) as r`
const copies = [
  `create temp table new_events as select id as old, gen_random_uuid() as id from events, generate_series(1, $1)`,
  `create temp table new_notifications as select n.id as old, gen_random_uuid() as id, e.id as event_id
   from notification_details n join new_events e on e.old = n.event_id`,
  copied('events', 'join new_events c on c.old = t.id', `'id', c.id, 'source_id', c.id`),
  `insert into event_bodies (event_id, raw) select c.id, raw from event_bodies b join new_events c on c.old = b.event_id`,
  copied('omissions', 'join new_events c on c.old = t.event_id', `'event_id', c.id`),
  copied(
    'notification_details',
    'join new_notifications c on c.old = t.id',
    `'id', c.id, 'event_id', c.event_id, 'fact', c.event_id`,
  ),
  copied('notification_states', 'join new_notifications c on c.old = t.id', `'id', c.id`),
  copied('messages', 'join new_notifications c on c.old = t.notification_id', `'notification_id', c.id`),
]

/** The statements of an erase of a person with so many events, and the rows that it read in the tables of these. */
async function work(events: number) {
  const stage = await startStage({})
  const recipient = { id: 'ada', email: 'ada@example.org', phone: '+14155550123', name: 'Ada Lovelace' }
  await stage.planned(shipped({ recipient }))
  await stage.db.query(`update notification_states set state = 'sent', due_at = null`)
  const one = await stage.db.connect()
  for (const sql of copies) await one.query(sql.replace('$1', String(events - 1)))
  one.release()
  await stage.db.query(
    `with made as materialized (select id, gen_random_uuid() as report, now() as at from notification_details),
     reported as (insert into reports (id, provider, received_at) select report, 'sandbox', at from made)
     insert into receipts (id, report_id, provider, key, kind, received_at, notification_id, applied_at)
     select gen_random_uuid(), report, 'sandbox', id, 'delivered', at, id, at from made`,
  )
  await stage.db.query('analyze')
  let statements = 0
  const { ctx } = stage
  const connect = async () => {
    const client = await ctx.db.connect()
    const query = async (text: unknown, values: unknown) => {
      const sql = String(typeof text === 'string' ? text : (text as { text: string }).text)
      statements += 1
      // A session tells its counts at the end of a transaction, and else but once a second.
      if (sql === 'commit') await client.query('select pg_stat_force_next_flush()')
      return await (client.query as (...args: unknown[]) => Promise<unknown>).call(client, text, values)
    }
    return Object.create(client, { query: { value: query }, release: { value: client.release.bind(client) } })
  }
  const db = Object.create(ctx.db, { connect: { value: connect }, query: { value: ctx.db.query.bind(ctx.db) } })
  const before = await rowsRead(stage.db)
  const result = await erase({ ...ctx, db }, 'ada', by)
  expect(result).toMatchObject({ kind: 'done', events, notifications: 2 * events })
  const rows = (await rowsRead(stage.db)) - before
  await stage.stop()
  return { statements, rows }
}

async function rowsRead(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::integer as n from pg_stat_user_tables
     where relname = any($1)`,
    [read],
  )
  return rows[0]?.n ?? 0
}

it('takes no statement for each event, and reads no table once more for each of them', async () => {
  const [few, many] = [await work(50), await work(500)]
  expect(many.statements - few.statements).toBeLessThan(100)
  // Ten times as many rows. It was 43 times where the tables were read for every ten rows.
  expect(many.rows / few.rows).toBeLessThan(20)
})
