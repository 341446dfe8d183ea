// A receipt costs the same however many its notification has already, and what all of them come to stays the same.
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Receipt, ReceiptKind } from '../../src/domain/receipt.ts'
import { makeRecord, recordWaiting } from '../../src/record/record.ts'
import { recountCopy } from '../../src/store/dashboard/copy-counts.ts'
import { transaction } from '../../src/store/db.ts'
import { deliver } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { eventually } from '../helper/world.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
  // Rows that were replaced stay in the indexes, and are read, while an analysis of its own accord is under way.
  await stage.db.query('alter table receipts set (autovacuum_enabled = false)')
})
afterAll(() => stage.stop())

async function sentEmail(): Promise<{ id: string; attemptId: string }> {
  const id = (await stage.planned(shipped())).ids.email ?? ''
  await deliver(stage.ctx, id)
  const { rows } = await stage.db.query('select id from attempts where notification_id = $1', [id])
  return { id, attemptId: rows[0].id }
}

/** Opens and clicks, as the version before left them: applied, and none of them outweighed. */
async function earlier({ id, attemptId }: { id: string; attemptId: string }, count: number): Promise<void> {
  const reportId = uuidv7()
  await stage.db.query(
    `with report as (insert into reports (id, provider, received_at) values ($1, 'sandbox', $2))
     insert into receipts (id, report_id, provider, key, kind, at, received_at, named_attempt_id, notification_id, attempt_id,
       applied_at)
     select gen_random_uuid(), $1, 'sandbox', $3::text || n, case when n % 3 = 0 then 'clicked' else 'opened' end,
       $2::timestamptz + (($5 - n) * interval '1 ms'), $2::timestamptz + (n * interval '1 ms'), $3::uuid, $4, $3::uuid, $2
     from generate_series(1, $5::integer) as n`,
    [reportId, stage.clock.now(), attemptId, id, count],
  )
  stage.clock.advance(count)
}

let told = 0
async function tell({ attemptId }: { attemptId: string }, kind: ReceiptKind): Promise<void> {
  stage.clock.advance(1000)
  const about = { address: null, providerMessageId: null, notificationId: null, attemptId }
  const receipt: Receipt = {
    ...{ key: `told ${told++}`, kind, at: stage.clock.now(), ...about, suppress: null, code: null, text: null },
  }
  await makeRecord(stage.ctx)({ provider: 'sandbox', raw: Buffer.from(receipt.key), receipts: [receipt], once: null })
}

/** The entries of receipts' indexes and the rows of their table that were read so far, those of dead rows included. */
async function readSoFar(): Promise<number> {
  // Those of this test as well, as what they read would be counted later.
  for (const pool of [stage.ctx.db, stage.db]) {
    const clients = await Promise.all(Array.from({ length: pool.totalCount }, () => pool.connect()))
    for (const client of clients) await client.query('select pg_stat_force_next_flush()')
    for (const client of clients) client.release()
  }
  const { rows } = await stage.db.query(
    // Without those by time, which is an index of ranges of pages.
    `select (select sum(idx_tup_read) from pg_stat_user_indexes where relname = 'receipts' and indexrelname <> 'receipts_by_time')
       + (select seq_tup_read from pg_stat_user_tables where relname = 'receipts') as n`,
  )
  return Number(rows[0].n)
}

/**
 * Rows that were replaced stay in the indexes, and are read, while somebody reads as of before: an analysis of any table, which
 * Postgres makes of its own accord.
 */
async function nobodyReadsTheReplaced(): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await stage.db.query(
      `select from pg_stat_activity
       where datname = current_database() and backend_xmin is not null and pid <> pg_backend_pid()`,
    )
    return rowCount === 0
  })
}

async function readBy(work: () => Promise<unknown>): Promise<number> {
  const before = await readSoFar()
  await work()
  return (await readSoFar()) - before
}

const stateOf = async ({ id }: { id: string }) => (await stage.audit(id)).notification

it('a receipt reads as few others behind thousands as behind ten, and none of them is written again', async () => {
  const costs: number[] = []
  for (const count of [10, 10_000]) {
    const sent = await sentEmail()
    await earlier(sent, count)
    // The first one marks what the version before had applied.
    await tell(sent, 'delivered')
    await nobodyReadsTheReplaced()
    await stage.db.query('analyze receipts')
    // And this one finds the dead rows in the index, which it is rid of then.
    await tell(sent, 'opened')
    costs.push(await readBy(() => tell(sent, 'opened')))
    const { rows } = await stage.db.query(
      `select count(*)::integer as counting from receipts where notification_id = $1 and not outweighed`,
      [sent.id],
    )
    expect(rows).toEqual([{ counting: 5 }])
    const { rows: written } = await stage.db.query(
      'select count(*)::integer as now from receipts where notification_id = $1 and xmin = $2',
      [sent.id, (await stage.db.query('select xmin from receipts order by received_at desc limit 1')).rows[0].xmin],
    )
    expect(written).toEqual([{ now: 1 }])
  }
  expect(Math.max(...costs)).toBeLessThan(40)
})

it('one that waits for an open call reads as few when its try is counted, and when it is applied', async () => {
  const sent = await sentEmail()
  await earlier(sent, 2000)
  await tell(sent, 'delivered')
  await nobodyReadsTheReplaced()
  const state = (to: string, dueAt: Date | null) =>
    stage.db.query(`update notification_states set state = $2, reason_code = 'due', due_at = $3 where id = $1`, [
      sent.id,
      to,
      dueAt,
    ])
  await state('sending', stage.clock.now())
  await tell(sent, 'undelivered')
  await stage.db.query('analyze receipts')
  stage.clock.advance(60_000)
  await recordWaiting(stage.ctx)
  stage.clock.advance(60_000)
  expect(await readBy(() => recordWaiting(stage.ctx))).toBeLessThan(40)
  await state('sent', null)
  stage.clock.advance(600_000)
  expect(await readBy(() => recordWaiting(stage.ctx))).toBeLessThan(60)
  expect(await stateOf(sent)).toMatchObject({ state: 'undelivered' })
})

it('thousands of receipts that wait are applied together, page by page, to the state and times of all', async () => {
  const sent = await sentEmail()
  const at = stage.clock.now()
  await earlier(sent, 4500)
  await stage.db.query(
    'update receipts set applied_at = null, attempt_id = null, try_at = $2 where notification_id = $1',
    [sent.id, at],
  )
  await tell(sent, 'delivered')
  const first = (n: number) => new Date(at.getTime() + (4500 - n))
  expect(await stateOf(sent)).toMatchObject({
    ...{ state: 'delivered', openedAt: first(4499), clickedAt: first(4500) },
  })
  const { rows } = await stage.db.query(
    `select count(*) filter (where applied_at is null or try_at is not null or attempt_id is distinct from $2)::integer as open,
       count(*) filter (where not outweighed)::integer as counting
     from receipts where notification_id = $1`,
    [sent.id, sent.attemptId],
  )
  expect(rows).toEqual([{ open: 0, counting: 5 }])
})

it('after an upgrade, no transaction marks more than a few thousand, and no step shows the state of a part', async () => {
  const sent = await sentEmail()
  await earlier(sent, 9000)
  // The last one that the version before applied decided the state.
  await stage.db.query(
    `update receipts set kind = 'undelivered' where notification_id = $1 and received_at =
       (select max(received_at) from receipts where notification_id = $1)`,
    [sent.id],
  )
  await stage.db.query(
    `update notification_states set state = 'undelivered', reason_code = 'bounced', reason_params = '{"code":null,"text":null}'
     where id = $1`,
    [sent.id],
  )
  await stage.db.query(`insert into callback_apps values ('shop')`)
  await tell(sent, 'opened')
  expect(await stateOf(sent)).toMatchObject({ state: 'undelivered' })
  expect((await stage.db.query('select notification from callback_outbox')).rows).toEqual([])
  const { rows } = await stage.db.query(
    `select max(n)::integer as most, count(*)::integer as transactions from (
       select count(*) as n from receipts where notification_id = $1 group by xmin::text) t`,
    [sent.id],
  )
  expect(rows[0].transactions).toBeGreaterThanOrEqual(4)
  expect(rows[0].most).toBeLessThanOrEqual(4000)
})

it('of copy, a message’s first open and first click count, however many came before them or after', async () => {
  const sent = await sentEmail()
  const from = stage.clock.now()
  await earlier(sent, 2000)
  await tell(sent, 'delivered')
  await nobodyReadsTheReplaced()
  await tell(sent, 'opened')
  await stage.db.query('analyze receipts')
  const later = stage.clock.now()
  await tell(sent, 'opened')
  await tell(sent, 'clicked')
  const recount = (range: { from: Date; to: Date }) => transaction(stage.ctx.db, (tx) => recountCopy(tx, range))
  expect(await readBy(() => recount({ from: later, to: stage.clock.now() }))).toBeLessThan(100)
  await recount({ from, to: new Date(stage.clock.now().getTime() + 60_000) })
  const { rows } = await stage.db.query(
    'select sum(opened)::integer as opened, sum(clicked)::integer as clicked from copy_counts',
  )
  expect(rows).toEqual([{ opened: 1, clicked: 1 }])
})
