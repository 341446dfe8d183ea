// Content by days: a day is made ahead, read through one table, and dropped as a whole, but for what is still needed of it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dropContentDays, dropLeftDays, makeContentDays } from '../../src/schedule/content-days.ts'
import { applyRetention } from '../../src/schedule/retention.ts'
import { messagesOf } from '../../src/store/attempts/rows.ts'
import { contentDaysBefore } from '../../src/store/content-days.ts'
import type { Tx } from '../../src/store/db.ts'
import { beginPlans } from '../../src/store/events/load.ts'
import { type Stage, startStage } from '../helper/stage.ts'

const old = '2026-08-01'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ RETENTION_DAYS: '30' })
  await stage.db.query(
    `select make_content_day(parent, $1) from unnest(array['event_bodies', 'messages', 'report_bodies']) parent`,
    [old],
  )
})
afterEach(() => stage.stop())

/** Events of the old day with a message each, all at their end; those whose number is in `waiting` are still scheduled. */
async function oldEvents(count: number, waiting: number): Promise<void> {
  await stage.db.query(
    `with made as materialized (
       select n, (left(first_id_at($1)::text, 13) || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id, $1::timestamptz as at,
         n <= $3 as waits
       from generate_series(1, $2) n),
     event as (
       insert into events (id, source, source_id, type, source_type, status, priority, received_at, occurred_at)
       select id, 'shop', id, 'x.y', 'x.y', 'planned', 'normal', at, at from made),
     body as (insert into event_bodies (event_id, raw) select id, 'grace@example.org' from made),
     details as (
       insert into notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel,
         recipient_key, locale, timezone, priority, when_unsure, created_at)
       select id, id, 'x.y', 'x.y', 'shop', id, 'order-shipped', 'transactional', 'email', 'customer', 'en', 'UTC', 'normal',
         'resend', at from made),
     states as (
       insert into notification_states (id, channel, priority, created_at, state, reason_code, due_at)
       select id, 'email', 'normal', at, case when waits then 'scheduled' else 'sent' end, case when waits then 'later' end,
         case when waits then at + interval '1 year' end from made)
     insert into messages (notification_id, content) select id, json_build_object('text', n) from made`,
    [`${old}T12:00:00Z`, count, waiting],
  )
}

const tables = async (like: string) =>
  (
    await stage.db.query<{ name: string }>('select name from content_days where name like $1 order by name', [like])
  ).rows.map(({ name }) => name)
const countOf = async (table: string) => (await stage.db.query(`select from ${table}`)).rowCount

it('a day whose content is forgotten is dropped, and nothing is deleted row by row', async () => {
  await oldEvents(20, 0)
  await stage.db.query(
    `create function refuse_to_delete() returns trigger language plpgsql as $$ begin raise 'deleted by row'; end $$;
     create trigger none_is_deleted before delete on messages for each row execute function refuse_to_delete();
     create trigger none_is_deleted before delete on event_bodies for each row execute function refuse_to_delete()`,
  )
  expect(await tables('%20260801')).toEqual(['event_bodies_20260801', 'messages_20260801', 'report_bodies_20260801'])
  expect(await applyRetention(stage.ctx)).toMatchObject({ forgottenEvents: 20, forgottenNotifications: 20 })
  expect(await tables('%20260801')).toEqual([])
  expect([await countOf('messages'), await countOf('event_bodies')]).toEqual([0, 0])
})

it('what is still needed of a day stays readable, and goes in its own time', async () => {
  await oldEvents(20, 3)
  expect(await applyRetention(stage.ctx)).toMatchObject({ forgottenEvents: 17 })
  expect(await tables('%20260801')).toEqual([])
  const { rows } = await stage.db.query(`select content->>'text' as text from messages order by notification_id`)
  expect(rows.map(({ text }) => text)).toEqual(['1', '2', '3'])
  expect([await countOf('messages_rest'), await countOf('event_bodies_rest')]).toEqual([3, 3])
  await stage.db.query(`update notification_states set state = 'sent', reason_code = null, due_at = null`)
  expect(await applyRetention(stage.ctx)).toMatchObject({ forgottenEvents: 3 })
  expect([await countOf('messages'), await countOf('event_bodies')]).toEqual([0, 0])
})

it('a day of which much is needed keeps that, and loses the rest row by row', async () => {
  await oldEvents(1600, 600)
  expect(await applyRetention(stage.ctx)).toMatchObject({ forgottenEvents: 1000 })
  expect(await tables('%20260801')).toEqual(['event_bodies_20260801', 'messages_20260801'])
  expect([await countOf('messages'), await countOf('event_bodies')]).toEqual([600, 600])
})

it('the bodies of reports go with their day and are counted, and a report that comes again is not taken for another', async () => {
  await stage.db.query(
    `with made as (
       insert into reports (id, provider, received_at, once) select first_id_at($1), 'mailgun', $1, 'token' returning id, received_at)
     insert into report_bodies (report_id, received_at, digest, raw) select id, received_at, 'digest', 'grace@example.org' from made`,
    [`${old}T12:00:00Z`],
  )
  expect(await applyRetention(stage.ctx)).toMatchObject({ forgottenReceipts: 1 })
  expect([await countOf('reports'), await countOf('report_bodies')]).toEqual([1, 0])
})

it('a day in use is left alone, and dropped by a later look', async () => {
  await oldEvents(2, 0)
  const dump = await stage.db.connect()
  await dump.query('begin')
  await dump.query('select from messages')
  await applyRetention(stage.ctx)
  expect(await tables('messages_20260801')).toEqual(['messages_20260801'])
  await dump.query('commit')
  dump.release()
  await dropLeftDays(stage.ctx, { messages: stage.clock.now(), events: stage.clock.now() })
  expect(await tables('messages_20260801')).toEqual([])
})

it('a day that another process has dropped meanwhile is left out, and those after it are dropped', async () => {
  await oldEvents(2, 0)
  const before = new Date(`${old}T23:59:59.999Z`)
  before.setUTCDate(before.getUTCDate() + 1)
  const days = await contentDaysBefore(stage.db, { event_bodies: before, messages: before, report_bodies: before })
  await stage.db.query('drop table event_bodies_20260801')
  await dropContentDays(stage.ctx, days)
  expect(days.map(({ name }) => name)).toContain('event_bodies_20260801')
  expect(await tables('%20260801')).toEqual([])
})

it('the next days have their tables, and a day that has none, or not in time, is served all the same', async () => {
  stage.clock.set(new Date('2026-08-10T23:00:00Z'))
  await oldEvents(1, 0)
  await stage.db.query(`update messages set notification_id = first_id_at('2026-08-12')`)
  await makeContentDays(stage.ctx)
  expect(await tables('messages_202608%')).toEqual(['01', '10', '11', '13'].map((date) => `messages_202608${date}`))
  expect([await countOf('messages'), await countOf('messages_rest')]).toEqual([1, 1])
  await makeContentDays(stage.ctx)
})

describe('is read through one table', () => {
  /** How Postgres executes the statement that `read` sends. */
  async function planOf(mode: string, read: (tx: Tx) => Promise<unknown>): Promise<string> {
    const session = await stage.db.connect()
    try {
      const sent: { text: string; values: unknown[] }[] = []
      await read(
        Object.assign(Object.create(session), {
          query: async (one: (typeof sent)[0]) => sent.push(one) && { rows: [] },
        }),
      )
      const [{ text, values } = { text: '', values: [] }] = sent
      const literals = values.map((value) =>
        session.escapeLiteral(Array.isArray(value) ? `{${value.join()}}` : String(value)),
      )
      await session.query(`set plan_cache_mode = ${mode}; prepare one as ${text}`)
      const { rows } = await session.query(`explain (analyze, costs off) execute one (${literals.join()})`)
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    } finally {
      session.release(true)
    }
  }

  beforeEach(async () => {
    for (let day = 2; day < 9; day++)
      await stage.db.query(
        `select make_content_day(parent, $1) from unnest(array['event_bodies', 'messages']) as parent`,
        [`2026-08-0${day}`],
      )
    await oldEvents(3, 0)
  })

  const scans = (plan: string) => plan.match(/Scan .*on (messages|event_bodies)\w*/g)

  it.each(['force_generic_plan', 'force_custom_plan'])('a message with %s', async (mode) => {
    const { rows } = await stage.db.query<{ id: string }>('select id from notification_details')
    const ids = rows.map(({ id }) => id)
    expect(scans(await planOf(mode, (tx) => messagesOf(tx, ids)))).toEqual([
      expect.stringContaining('on messages_20260801'),
    ])
  })
  it('a body, when events are planned', async () => {
    const { rows } = await stage.db.query<{ id: string }>('select id from events')
    const plan = await planOf('force_custom_plan', (tx) =>
      beginPlans(
        tx,
        rows.map(({ id }) => id),
        'tried',
      ),
    )
    expect(scans(plan)).toEqual([expect.stringContaining('on event_bodies_20260801')])
  })
})
