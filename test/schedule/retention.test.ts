// Retention: by a clock that the test moves, what is old and at its end loses its bodies and addresses, the rest keeps
// them, and everything that asks for what is gone gets an answer.

import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { timelineOf } from '../../src/http/answers/timeline.ts'
import { planReplay, replayEvent } from '../../src/operate/replay.ts'
import { retry } from '../../src/operate/retry.ts'
import { plan } from '../../src/plan/plan.ts'
import { makeSaveReport } from '../../src/record/save-report.ts'
import { applyRetention, forgetEvents } from '../../src/schedule/retention.ts'
import { ensureSchedules, runNow, runSchedule } from '../../src/schedule/run-schedule.ts'
import { agedEvents } from '../../src/store/notifications/retention.ts'
import { recordAccess } from '../../src/store/people/access-log.ts'
import { deliver } from '../helper/deliver.ts'
import { paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { leaks, planted, spellings } from '../helper/planted.ts'
import { signedApp } from '../helper/signed.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { type EventAudit, keys, type NotificationAudit, shopSecret, startWorld } from '../helper/world.ts'

const day = 86_400_000
const by = 'operator key `ops`'
const nothing = {
  forgottenEvents: 0,
  forgottenMessages: 0,
  forgottenNotifications: 0,
  forgottenReceipts: 0,
  removedNotifications: 0,
  removedAccesses: 0,
}

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ RETENTION_DAYS: '30' })
})
afterEach(() => stage.stop())

/** Wherever an address, a name or a number of theirs still stands, as `table: row`. */
async function traces(): Promise<string[]> {
  const { rows: tables } = await stage.db.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('posthorn', 'posthorn_jobs')`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await stage.db.query<{ row: string }>(
      `select row::text as row from (select t.*, case when to_jsonb(t) ? 'raw' then
         convert_from(decode(substr(to_jsonb(t)->>'raw', 3), 'hex'), 'UTF8') end as said from ${name} t) row
       where row::text ~* 'grace@example|Grace Hopper|4155550177'`,
    )
    found.push(...rows.map(({ row }) => `${name}: ${row}`))
  }
  return found
}

const rowOf = async (id: string) => (await stage.db.query('select * from notifications where id = $1', [id])).rows[0]

/** An event whose email and text message have gone out. */
async function sent(more: object = {}) {
  const { eventId, ids } = await stage.planned(shipped(more))
  for (const id of Object.values(ids)) await deliver(stage.ctx, id)
  return { eventId, email: ids.email ?? '', sms: ids.sms ?? '' }
}

it('removes bodies and addresses from what is old, everywhere, and keeps rows, attempts and timelines', async () => {
  const { eventId, email } = await sent()
  const raw = Buffer.from(JSON.stringify({ to: 'grace@example.org' }))
  await makeSaveReport(stage.ctx)({ provider: 'resend', raw, receipts: [], once: null })
  const before = await stage.audit(email)
  stage.clock.advance(30 * day)
  expect(await applyRetention(stage.ctx)).toEqual(nothing)
  expect((await traces()).length).toBeGreaterThan(4)

  stage.clock.advance(1)
  expect(await applyRetention(stage.ctx)).toEqual({
    ...nothing,
    forgottenEvents: 1,
    forgottenMessages: 2,
    forgottenNotifications: 2,
    forgottenReceipts: 1,
  })
  expect(await traces()).toEqual([])
  const after = await stage.audit(email)
  expect(after).toEqual({
    ...before,
    isSuppressed: null,
    message: null,
    notification: {
      ...before.notification,
      ...{ to: null, subject: null, contentRemovedAt: stage.clock.now(), forgottenAt: stage.clock.now() },
    },
  })
  expect(after.notification).toMatchObject({ state: 'sent', recipientId: 'cus_7', reference: 'ORD-77' })
  expect(after.attempts).toHaveLength(1)
  expect(timelineOf(after, stage.clock.now()).at(-1)).toEqual({
    at: stage.clock.now(),
    code: 'content_removed',
    what: 'Its content and its address were removed.',
    detail: 'Removed at the end of the retention period (RETENTION_DAYS).',
  })
  expect(await applyRetention(stage.ctx)).toEqual(nothing)
  const { rows } = await stage.db.query('select status, forgotten_at from events where id = $1', [eventId])
  expect(rows).toEqual([{ status: 'planned', forgotten_at: stage.clock.now() }])
})

describe('keeps', () => {
  it('what is still on its way, however old, and all of its event', async () => {
    const sendAt = new Date(stage.clock.now().getTime() + 60 * day).toISOString()
    const { ids } = await stage.planned(shipped({ sendAt }))
    stage.clock.advance(45 * day)
    expect((await applyRetention(stage.ctx)).forgottenEvents).toBe(0)
    // Sent, it is as old as its sending.
    stage.clock.advance(16 * day)
    for (const id of Object.values(ids)) await deliver(stage.ctx, id)
    expect((await applyRetention(stage.ctx)).forgottenEvents).toBe(0)
    expect((await rowOf(ids.email ?? '')).address).toBe('grace@example.org')
    stage.clock.advance(31 * day)
    expect((await applyRetention(stage.ctx)).forgottenEvents).toBe(1)
  })

  it('what is in doubt, until somebody settles it', async () => {
    const { email } = await sent()
    await stage.db.query(`update notification_states set state = 'unconfirmed', reason_code = 'held' where id = $1`, [
      email,
    ])
    stage.clock.advance(40 * day)
    expect((await applyRetention(stage.ctx)).forgottenEvents).toBe(0)
    await stage.db.query(`update notification_states set state = 'sent' where id = $1`, [email])
    expect((await applyRetention(stage.ctx)).forgottenEvents).toBe(1)
  })

  it('an event that a person has asked for again since it was looked at', async () => {
    const { eventId, email } = await sent()
    await stage.db.query(`update notification_states set state = 'failed', reason_code = 'rejected' where id = $1`, [
      email,
    ])
    stage.clock.advance(40 * day)
    const now = stage.clock.now()
    const before = new Date(now.getTime() - 30 * day)
    expect(await agedEvents(stage.ctx.db, before, null, 10)).toMatchObject([{ id: eventId, isBusy: false }])
    expect(await retry(stage.ctx, email, by)).toEqual({ kind: 'done' })
    expect(await forgetEvents(stage.ctx, [eventId], { before, now, upTo: {} }, false)).toEqual({
      ...{ events: 0, messages: 0, addresses: 0 },
    })
    await deliver(stage.ctx, email)
    expect((await rowOf(email)).state).toBe('sent')
  })
})

describe('what is gone', () => {
  it('is not retried, replayed or planned again, and says so', async () => {
    const { eventId, email } = await sent()
    await stage.db.query(`update notification_states set state = 'failed', reason_code = 'rejected' where id = $1`, [
      email,
    ])
    const since = new Date(stage.clock.now().getTime() - day)
    stage.clock.advance(40 * day)
    await applyRetention(stage.ctx)
    expect(await retry(stage.ctx, email, by)).toEqual({
      kind: 'refused',
      detail: 'Its message has been removed. Removed at the end of the retention period (RETENTION_DAYS).',
    })
    expect(await replayEvent(stage.ctx, eventId, true, by)).toBe('forgotten')
    const plan30 = await planReplay(stage.ctx, { since, until: stage.clock.now() })
    expect(plan30).toEqual({ events: 1, willSend: 0, alreadySent: 1, expired: 0, suppressed: 0, other: 1 })
    await stage.db.query(`update events set status = 'accepted', due_at = now() where id = $1`, [eventId])
    await plan(stage.ctx, eventId)
    expect((await stage.db.query('select from notifications')).rowCount).toBe(2)
  })

  it('is still a duplicate, and of a payment still the same one to the same person', async () => {
    const raw = Buffer.from(JSON.stringify(shipped()))
    const translation = await stage.ctx.sources.named('shop').translate(raw)
    const incoming = { source: 'shop', sourceId: 'once', raw, translation, reportsFaultsToSender: true }
    const first = await stage.accepted({}, incoming)
    await plan(stage.ctx, first)
    const { rows } = await stage.db.query<{ id: string }>('select id from notifications where event_id = $1', [first])
    for (const { id } of rows) await deliver(stage.ctx, id)
    stage.clock.advance(40 * day)
    await applyRetention(stage.ctx)
    expect(await stage.accepted({}, incoming)).toBe(first)
    const { rows: kept } = await stage.db.query<{ recipient_key: string }>('select recipient_key from notifications')
    for (const { recipient_key } of kept) expect(recipient_key).toMatch(/^forgotten:[0-9a-f]{64}$/)
  })
})

describe('addresses where ids and names belong', () => {
  /** Every text of every row of every table, but of what people must be remembered for. */
  async function everything(): Promise<Map<string, string>> {
    const { rows: columns } = await stage.db.query<{ name: string; column: string; type: string }>(
      `select format('%I.%I', table_schema, table_name) as name, column_name as column, data_type as type
       from information_schema.columns c join pg_tables t on (t.schemaname, t.tablename) = (c.table_schema, c.table_name)
       where table_schema in ('posthorn', 'posthorn_jobs') and table_name not in ('suppressions', 'preferences', 'secrets', 'migrations')
         and (data_type in ('text', 'json', 'jsonb', 'bytea', 'ARRAY') or data_type like 'character%')`,
    )
    const found = new Map<string, string>()
    for (const { name, column, type } of columns) {
      const said = type === 'bytea' ? `convert_from("${column}", 'UTF8')` : `"${column}"::text`
      const { rows } = await stage.db.query<{ all: string | null }>(
        `select string_agg(${said}, e'\\n') as all from ${name}`,
      )
      if (rows[0]?.all) found.set(`${name}.${column}`, rows[0].all)
    }
    return found
  }

  /** Of the planted people, as an app and as Stripe would name them. */
  async function plant() {
    for (const [p, person] of planted.entries()) {
      const { email, phone, national } = person
      const shapes = spellings(person).filter((text) => text.length <= 100 && !/\p{Cc}/u.test(text))
      for (let nth = p; nth < shapes.length; nth += 41) {
        const at = (more: number) => shapes[(nth + more) % shapes.length]
        const recipient = { id: at(1), email, phone, name: at(2) }
        const data = { orderNumber: at(3), carrier: 'DHL', trackingNumber: at(4) }
        const event = shipped({ recipient, reference: at(5), data })
        const eventId = await stage.accepted(event, { sourceId: `${at(6)}` })
        await plan(stage.ctx, eventId)
        const { rows } = await stage.db.query('select id from notifications where event_id = $1', [eventId])
        for (const { id } of rows) await deliver(stage.ctx, id)
      }
      await stage.accepted({ type: `kept.${email}`, reference: phone, data: { tel: national } }, { sourceId: national })
      const payment = paymentIntent({
        receipt_email: email,
        shipping: { phone },
        metadata: { order_id: national, reference: email },
      })
      await plan(
        stage.ctx,
        await stage.accepted(stripeEvent('payment_intent.succeeded', payment), { source: 'stripe' }),
      )
      await recordAccess(stage.ctx.db, {
        ...{ at: stage.clock.now(), keyName: 'viewer', what: 'searched by address', subject: 'notifications' },
        whose: [email, phone],
      })
    }
    await stage.db.query(
      `update notification_states set state = 'failed', reason_code = 'rejected' where state in ('pending', 'scheduled')`,
    )
  }

  it('are in no column of any table afterwards, and no hash of one gives it back', async () => {
    await plant()
    const before = await everything()
    const where = [...before]
      .filter(([, text]) => planted.some(({ email, national }) => text.includes(email) || text.includes(national)))
      .map(([column]) => column)
    expect(where).toEqual(
      expect.arrayContaining(
        [
          'events.source_id',
          'events.reference',
          'events.reference_names',
          'notification_details.recipient_id',
          'access_log.whose',
        ].map((column) => `posthorn.${column.replaceAll('"', '')}`),
      ),
    )
    const { rows: keys } = await stage.db.query<{ fact: string; recipient_key: string }>(
      'select fact, recipient_key from notifications',
    )
    stage.clock.advance(31 * day)
    await applyRetention(stage.ctx)
    const after = await everything()
    for (const [column, text] of after)
      for (const one of new Set(text.split('\n'))) expect(leaks(one), `${column}: ${one}`).toEqual([])
    const kept = [...after.values()].join('\n')
    for (const { fact, recipient_key } of keys)
      for (const text of [`${fact} ${recipient_key}`, recipient_key, ...recipient_key.split('|')]) {
        if (/^(customer|nobody.*|)$/.test(text)) continue
        const hash = createHash('sha256').update(text)
        expect(kept).not.toContain(hash.copy().digest('hex'))
        expect(kept).not.toContain(hash.digest('base64url'))
      }
    for (const { email } of planted) expect(kept).not.toContain(createHash('sha256').update(email).digest('base64url'))
  }, 120_000)

  it('of an event still identify a repeat of it', async () => {
    const event = shipped({ recipient: { email: 'ada@example.com' } })
    const once = { sourceId: 'mailto:ada@example.com' }
    const first = await stage.accepted(event, once)
    await plan(stage.ctx, first)
    await stage.db.query(
      `update notification_states set state = 'failed', reason_code = 'rejected' where state <> 'suppressed'`,
    )
    stage.clock.advance(31 * day)
    await applyRetention(stage.ctx)
    const { rows } = await stage.db.query('select source_id from events where id = $1', [first])
    expect(rows[0].source_id).toBe(stage.ctx.pseudonymOf(once.sourceId))
    expect(await stage.accepted(event, once)).toBe(first)
    expect(await stage.accepted(event, { sourceId: 'mailto:bob@example.com' })).not.toBe(first)
    expect((await stage.db.query('select from events')).rowCount).toBe(2)
  })
})

it('many events go in parts, and a run that was stopped is gone on with', async () => {
  await stage.db.query(
    `with made as (
       insert into events (id, source, source_id, type, source_type, status, reason_code, priority, received_at, occurred_at)
       select gen_random_uuid(), 'shop', 'n' || n, 'x.y', 'x.y', 'ignored', 'no_notifier', 'normal', $1, $1
       from generate_series(1, 1201) n returning id)
     insert into event_bodies (event_id, raw) select id, 'grace@example.org' from made`,
    [stage.clock.now()],
  )
  stage.clock.advance(31 * day)
  const { db } = stage.ctx
  let parts = 0
  const dying = new Proxy(db, {
    get: (pool, name) => {
      if (name === 'connect') return () => (++parts > 3 ? Promise.reject(new Error('killed')) : pool.connect())
      const value = Reflect.get(pool, name)
      return typeof value === 'function' ? value.bind(pool) : value
    },
  })
  await expect(applyRetention({ ...stage.ctx, db: dying })).rejects.toThrow('killed')
  const left = await stage.db.query('select from event_bodies')
  expect(left.rowCount).toBeLessThan(1201)
  expect(left.rowCount).toBeGreaterThan(0)
  const [one, two] = await Promise.all([applyRetention(stage.ctx), applyRetention(await stage.another())])
  expect((one.forgottenEvents ?? 0) + (two.forgottenEvents ?? 0)).toBe(left.rowCount)
  expect(await traces()).toEqual([])
})

it('is what the nightly schedule does', async () => {
  await ensureSchedules(stage.ctx)
  await sent()
  stage.clock.advance(31 * day)
  await runSchedule(stage.ctx, 'schedule.retention')
  stage.clock.advance(1000)
  const ran = await runNow(stage.ctx, 'retention', by)
  expect(ran?.row.lastResult).toMatchObject({ ok: true, forgottenEvents: 0 })
  const { rows } = await stage.db.query<{ raw: Buffer }>(
    `select b.raw from event_bodies b join events e on e.id = b.event_id where source = 'schedule' order by e.id limit 1`,
  )
  expect(JSON.parse(String(rows[0]?.raw))).toMatchObject({ name: 'schedule.retention', forgottenEvents: 1 })
})

it('over HTTP an event and a notification answer without what is gone', async () => {
  const world = await startWorld({ env: { RETENTION_DAYS: '1' } })
  const { payload, headers } = signedApp(shipped(), { secret: shopSecret })
  const { body } = await world.send('/webhooks/apps/shop', payload, headers)
  await world.event(body.id)
  await world.db.query(`update events set received_at = now() - interval '3 days'`)
  await world.db.query(`update notification_details set created_at = now() - interval '3 days'`)
  await world.db.query(`update notification_states set sent_at = now() - interval '3 days'`)
  const key = { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' }
  const ran = await world.send<{ result: object }>('/v1/schedules/retention/run', '', key)
  expect(ran.body.result).toMatchObject({ forgottenEvents: 1, forgottenNotifications: 2 })
  for (const role of [keys.operator, keys.viewer]) {
    const event = await world.get<EventAudit>(`/v1/events/${body.id}`, role)
    expect(event).toMatchObject({ status: 200, body: { body: null, bodyReason: { code: 'retention' } } })
    expect(event.body.notifications.map(({ to, subject }) => ({ to, subject }))).toEqual([
      { to: null, subject: null },
      { to: null, subject: null },
    ])
    const path = `/v1/notifications/${event.body.notifications[0]?.id}?include=message`
    const one = await world.get<NotificationAudit>(path, role)
    expect(one.body).toMatchObject({ to: null, message: null, state: 'sent', recipientId: 'cus_7' })
    expect(one.body.timeline.at(-1)?.what).toBe('Its content and its address were removed.')
  }
  expect((await world.send(`/v1/events/${body.id}/replay`, '', key)).status).toBe(409)
  expect((await world.get(`/v1/notifications?recipient=cus_7`)).status).toBe(200)
  const again = await world.send('/webhooks/apps/shop', payload, headers)
  expect(again.body).toMatchObject({ id: body.id, duplicate: true })
  await world.stop()
})
