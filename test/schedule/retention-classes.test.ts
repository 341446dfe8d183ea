// Retention by class of data: each goes at its own age and not before, and what is left without it answers.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { timelineOf } from '../../src/http/answers/timeline.ts'
import { erase } from '../../src/operate/erase.ts'
import { retry } from '../../src/operate/retry.ts'
import { plan } from '../../src/plan/plan.ts'
import { notifyApps } from '../../src/record/notify-apps.ts'
import { makeSaveReport } from '../../src/record/save-report.ts'
import { agedByDays } from '../../src/schedule/aged.ts'
import { makeContentDays } from '../../src/schedule/content-days.ts'
import { applyRetention } from '../../src/schedule/retention.ts'
import { recordAccess } from '../../src/store/people/access-log.ts'
import { deliver } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

const day = 86_400_000
const by = 'operator key `ops`'
const ages = {
  RETENTION_DAYS_MESSAGES: '10',
  RETENTION_DAYS_EVENTS: '20',
  RETENTION_DAYS_ADDRESSES: '40',
  RETENTION_DAYS_ACCESS_LOG: '50',
  RETENTION_DAYS_AUDIT: '60',
}

let stage: Stage
beforeEach(async () => {
  stage = await startStage(ages)
  // The database, whose clock the test does not move, lets nobody end the audit of the last 30 days.
  stage.clock.set(new Date(Date.now() - 400 * day))
})
afterEach(() => stage.stop())

const counted = {
  messages: 'messages',
  subjects: 'notification_details where subject is not null',
  bodies: 'event_bodies',
  reports: 'report_bodies',
  addresses: 'notification_details where address is not null',
  seen: 'access_log where forgotten_at is null',
  accesses: 'access_log',
  notifications: 'notifications',
  attempts: 'attempts',
  entries: 'timeline_entries',
  events: 'events',
}
type Counts = Record<keyof typeof counted, number>

async function counts(): Promise<Counts> {
  const all = Object.entries(counted).map(([name, from]) => `(select count(*)::integer from ${from}) as ${name}`)
  const { rows } = await stage.db.query<Counts>(`select ${all.join()}`)
  return rows[0] as Counts
}

/** An event whose email and text message have gone out. */
async function sent(more: object = {}) {
  const { eventId, ids } = await stage.planned(shipped(more))
  for (const id of Object.values(ids)) await deliver(stage.ctx, id)
  return { eventId, email: ids.email ?? '', sms: ids.sms ?? '' }
}

it('each class goes at its own age and not before, and the run says how much of it', async () => {
  const { email } = await sent()
  await stage.db.query(
    `insert into timeline_entries (notification_id, at, code, params) values ($1, $2, 'delayed', '{}')`,
    [...[email, stage.clock.now()]],
  )
  const raw = Buffer.from(JSON.stringify({ to: 'grace@example.org' }))
  await makeSaveReport(stage.ctx)({ provider: 'resend', raw, receipts: [], once: null })
  await recordAccess(stage.ctx.db, {
    ...{ at: stage.clock.now(), keyName: 'viewer', what: 'searched by address', subject: 'notifications' },
    whose: ['grace@example.org'],
  })
  const began = stage.clock.now().getTime()
  let expected = await counts()
  expect(Object.entries(expected).filter(([, count]) => count === 0)).toEqual([])

  const nothing = {
    ...{ forgottenEvents: 0, forgottenMessages: 0, forgottenNotifications: 0, forgottenReceipts: 0 },
    ...{ removedNotifications: 0, removedAccesses: 0 },
  }
  const steps: [days: number, gone: Partial<Counts>, result: Partial<typeof nothing>][] = [
    [10, { messages: 0, subjects: 0 }, { forgottenMessages: 2 }],
    [20, { bodies: 0, reports: 0 }, { forgottenEvents: 1, forgottenReceipts: 1 }],
    [40, { addresses: 0, seen: 0 }, { forgottenNotifications: 2 }],
    [50, { accesses: 0 }, { removedAccesses: 1 }],
    [60, { notifications: 0, attempts: 0, entries: 0 }, { removedNotifications: 2 }],
  ]
  for (const [days, gone, result] of steps) {
    stage.clock.set(new Date(began + days * day))
    expect(await applyRetention(stage.ctx), `at ${days} days`).toEqual(nothing)
    expect(await counts()).toEqual(expected)
    stage.clock.advance(1)
    expect(await applyRetention(stage.ctx), `after ${days} days`).toEqual({ ...nothing, ...result })
    expected = { ...expected, ...gone }
    expect(await counts()).toEqual(expected)
  }
  stage.clock.advance(300 * day)
  expect(await applyRetention(stage.ctx)).toEqual(nothing)
  expect(await counts()).toEqual(expected)
})

it('the tables of a day are dropped each at the age of its class', async () => {
  const tables = async () =>
    (
      await stage.db.query<{ parent: string }>('select parent from content_days where name like $1 order by 1', [
        `%_${began.toISOString().slice(0, 10).replaceAll('-', '')}`,
      ])
    ).rows.map(({ parent }) => parent)
  const began = stage.clock.now()
  await makeContentDays(stage.ctx)
  await sent()
  stage.clock.advance(12 * day)
  await applyRetention(stage.ctx, agedByDays(stage.ctx))
  expect(await tables()).toEqual(['event_bodies', 'report_bodies'])
  stage.clock.advance(10 * day)
  await applyRetention(stage.ctx, agedByDays(stage.ctx))
  expect(await tables()).toEqual([])
})

it('what has not ended keeps its message, and the rest of its event does not', async () => {
  const { email, sms } = await sent()
  await stage.db.query(`update notification_states set state = 'unconfirmed', reason_code = 'held' where id = $1`, [
    sms,
  ])
  stage.clock.advance(41 * day)
  expect(await applyRetention(stage.ctx)).toMatchObject({ forgottenMessages: 1, forgottenEvents: 0 })
  expect([(await stage.audit(email)).message, (await stage.audit(sms)).message]).toEqual([null, expect.anything()])
  await stage.db.query(`update notification_states set state = 'sent' where id = $1`, [sms])
  expect(await applyRetention(stage.ctx)).toMatchObject({
    ...{ forgottenMessages: 1, forgottenEvents: 1, forgottenNotifications: 2 },
  })
})

describe('a notification without its message', () => {
  it('shows to whom it went until its address goes too, and its timeline says when each went', async () => {
    const { email } = await sent()
    stage.clock.advance(21 * day)
    await applyRetention(stage.ctx)
    const before = await stage.audit(email)
    expect(before).toMatchObject({ message: null, notification: { to: 'grace@example.org', subject: null } })
    const removedAt = stage.clock.now()
    stage.clock.advance(20 * day)
    await applyRetention(stage.ctx)
    const after = await stage.audit(email)
    expect(after.notification.to).toBeNull()
    expect(timelineOf(after, stage.clock.now()).slice(-2)).toMatchObject([
      { at: removedAt, code: 'message_removed', what: 'Its content was removed.' },
      { at: stage.clock.now(), code: 'address_removed', what: 'Its address was removed.' },
    ])
  })

  it('is not retried', async () => {
    const { email } = await sent()
    await stage.db.query(`update notification_states set state = 'failed', reason_code = 'rejected' where id = $1`, [
      email,
    ])
    stage.clock.advance(11 * day)
    await applyRetention(stage.ctx)
    expect(await retry(stage.ctx, email, by)).toMatchObject({ kind: 'refused', detail: /message has been removed/ })
  })

  it('is found and erased by its address', async () => {
    const { email } = await sent()
    stage.clock.advance(21 * day)
    await applyRetention(stage.ctx)
    expect(await erase(stage.ctx, 'grace@example.org', { name: 'ops', text: by })).toMatchObject({ notifications: 2 })
    expect((await stage.audit(email)).notification.to).toBeNull()
    expect((await counts()).addresses).toBe(0)
  })
})

it.each([
  ['all at one age', { RETENTION_DAYS: '10' }],
  ['addresses later', { RETENTION_DAYS: '10', RETENTION_DAYS_ADDRESSES: '40' }],
  ['messages sooner', { RETENTION_DAYS: '20', RETENTION_DAYS_MESSAGES: '10', RETENTION_DAYS_ADDRESSES: '40' }],
])('a callback made after its event lost its body goes as others do: %s', async (_which, days) => {
  await stage.stop()
  stage = await startStage({
    ...{ ...days, RETENTION_DAYS_AUDIT: '60', CALLBACKS_ALLOW_PRIVATE: 'true' },
    ...{ APP_CALLBACKS: 'shop=http://127.0.0.1:9', APP_WEBHOOK_SECRETS: `shop=whsec_${'a2V5'.repeat(8)}` },
  })
  stage.clock.set(new Date(Date.now() - 400 * day))
  const { email } = await sent()
  await stage.db.query('delete from callback_outbox')
  stage.clock.advance(21 * day)
  await applyRetention(stage.ctx, agedByDays(stage.ctx))
  await makeContentDays(stage.ctx)
  await stage.db.query(`update notification_states set state = 'undelivered', reason_code = 'bounced' where id = $1`, [
    email,
  ])
  expect(await notifyApps(stage.ctx)).toBe(1)
  const made = await stage.db.query<{ id: string }>(`select id from notifications where channel = 'callback'`)
  expect(made.rows).toHaveLength(1)
  await stage.db.query(
    `update notification_states set state = 'sent', reason_code = null, due_at = null, sent_at = created_at
     where channel = 'callback'`,
  )
  stage.clock.advance(22 * day)
  await applyRetention(stage.ctx, agedByDays(stage.ctx))
  expect((await counts()).messages).toBe(0)
  stage.clock.advance(80 * day)
  await applyRetention(stage.ctx, agedByDays(stage.ctx))
  expect(await counts()).toMatchObject({ notifications: 0, events: 1, addresses: 0 })
})

describe('without its audit an event', () => {
  it('is still known when it comes again', async () => {
    const once = { sourceId: 'once' }
    const event = shipped({ recipient: { id: 'cus_7', email: 'grace@example.org' } })
    const first = await stage.accepted(event, once)
    await plan(stage.ctx, first)
    const { rows } = await stage.db.query<{ id: string }>('select id from notifications')
    for (const { id } of rows) await deliver(stage.ctx, id)
    stage.clock.advance(61 * day)
    expect(await applyRetention(stage.ctx)).toMatchObject({ removedNotifications: 1 })
    expect(await stage.accepted(event, once)).toBe(first)
    expect((await counts()).notifications).toBe(0)
  })

  it('has lost its own timeline and what was left out of it, and others keep theirs', async () => {
    const recipient = { id: 'cus_7', email: 'grace@example.org' }
    const { eventId } = await sent({ recipient })
    const { rowCount } = await stage.db.query('select from omissions where event_id = $1', [eventId])
    expect(rowCount).toBe(1)
    await stage.db.query(
      `insert into timeline_entries (event_id, at, code, params) values ($1, $2, 'replayed', '{}')`,
      [...[eventId, stage.clock.now()]],
    )
    stage.clock.advance(50 * day)
    const { eventId: later, email } = await sent({ recipient })
    stage.clock.advance(11 * day)
    expect(await applyRetention(stage.ctx)).toMatchObject({ removedNotifications: 1 })
    const left = await stage.db.query('select event_id from omissions')
    expect(left.rows).toEqual([{ event_id: later }])
    expect((await stage.db.query('select from timeline_entries where event_id = $1', [eventId])).rowCount).toBe(0)
    expect((await stage.audit(email)).attempts).toHaveLength(1)
  })
})

it('the audit of the last 30 days cannot be ended, and none of it by a statement', async () => {
  await sent()
  await expect(stage.db.query(`select end_audit(now() - interval '29 days', 10)`)).rejects.toThrow('30 days at least')
  await expect(stage.db.query('delete from attempts')).rejects.toThrow('append-only')
  const session = await stage.db.connect()
  await session.query(`begin; select end_audit(now() - interval '1 year', 10)`)
  await expect(session.query('delete from attempts')).rejects.toThrow('append-only')
  await session.query('rollback')
  session.release()
})
