// The built-in schedules: their hours by a clock that a test moves, once over many processes; and over HTTP, with the
// callbacks that apps verify.
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { schedules, slotAfter } from '../../src/domain/schedule.ts'
import { plan } from '../../src/plan/plan.ts'
import { ensureSchedules, runSchedule } from '../../src/schedule/run-schedule.ts'
import { overdueJobs } from '../../src/store/jobs/overdue.ts'
import { listSchedules, type ScheduleRow } from '../../src/store/schedules.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { startVendor, type Vendor } from '../helper/vendor.ts'
import { type EventAudit, eventually, keys, shopSecret, startWorld, type World } from '../helper/world.ts'

const reminders = 'schedule.installment_reminders'

describe('by a clock that moves', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await startStage({ SCHEDULES_TIMEZONE: 'America/New_York' })
    await ensureSchedules(stage.ctx)
  })
  afterEach(() => stage.stop())

  const told = async () =>
    (
      await stage.db.query<{ source_id: string }>(`select source_id from events where source = 'schedule' order by id`)
    ).rows.map((row) => row.source_id)
  const row = async () => {
    const found = (await listSchedules(stage.db)).find(({ name }) => name === reminders)
    if (!found) throw new Error('no row')
    return found as ScheduleRow
  }

  it('a slot is reported once, however many jobs run for it, at the same time or again', async () => {
    const other = await stage.another()
    await runSchedule(stage.ctx, reminders)
    expect(await told()).toEqual([])
    stage.clock.set(new Date('2026-11-21T14:00:00Z'))
    await Promise.all([stage.ctx, other, stage.ctx, other].map((ctx) => runSchedule(ctx, reminders)))
    await runSchedule(other, reminders)
    expect(await told()).toEqual([`${reminders}@2026-11-21T14:00:00.000Z`])
    expect(await row()).toMatchObject({
      lastSlot: new Date('2026-11-21T14:00:00Z'),
      lastRunAt: new Date('2026-11-21T14:00:00Z'),
      lastResult: { ok: true, scheduledFor: '2026-11-21T14:00:00.000Z', events: 0 },
      nextSlot: new Date('2026-11-22T14:00:00Z'),
    })
  })

  it('a year of days, each at nine where the schedules live', async () => {
    const from = stage.clock.now()
    for (let day = 0; day < 365; day++) {
      const { nextSlot } = await row()
      stage.clock.set(new Date(nextSlot.getTime() - 1))
      await runSchedule(stage.ctx, reminders)
      stage.clock.set(nextSlot)
      await runSchedule(stage.ctx, reminders)
    }
    const slots = (await told()).map((id) => new Date(id.split('@')[1] ?? ''))
    expect(slots).toHaveLength(365)
    expect(new Set(slots.map((at) => at.toISOString().slice(11, 16)))).toEqual(new Set(['13:00', '14:00']))
    expect(slots[0]?.getTime()).toBeGreaterThan(from.getTime())
  })

  it('what was missed while nothing ran is one run, of the latest slot, enqueued by the sweep', async () => {
    stage.clock.set(new Date('2026-11-25T20:00:00Z'))
    const now = stage.clock.now()
    const enqueued = await overdueJobs(stage.ctx.db, stage.ctx.jobs, { now, lostAfterMs: 15_000, limit: 100 })
    expect(enqueued.map(({ stage, id }) => `${stage} ${id}`).sort()).toEqual(
      schedules.map(({ name }) => `schedule ${name}`).sort(),
    )
    for (const { id } of enqueued) await runSchedule(stage.ctx, id)
    for (const { id } of enqueued) await runSchedule(stage.ctx, id)
    expect((await told()).filter((id) => id.startsWith(reminders))).toEqual([`${reminders}@2026-11-25T14:00:00.000Z`])
    expect(await told()).toHaveLength(schedules.length)
  })

  it('a worker that dies after the event was stored leaves a run that is not reported twice', async () => {
    stage.clock.set(new Date('2026-11-21T14:00:00Z'))
    await runSchedule(stage.ctx, reminders)
    // As the row was: claimed, and its end not written.
    await stage.db.query(
      `update schedules set last_slot = null, last_run_at = null, last_result = null, next_slot = '2026-11-21T14:00:00Z',
       due_at = '2026-11-21T14:10:00Z' where name = $1`,
      [reminders],
    )
    await runSchedule(stage.ctx, reminders)
    expect((await row()).lastSlot).toBeNull()
    stage.clock.set(new Date('2026-11-21T14:10:00Z'))
    await runSchedule(stage.ctx, reminders)
    expect(await told()).toHaveLength(1)
    expect((await row()).lastSlot).toEqual(new Date('2026-11-21T14:00:00Z'))
  })

  it('a run that fails says so, and is tried again', async () => {
    stage.clock.set(new Date('2026-11-21T14:00:00Z'))
    const enqueue = () => Promise.reject(new Error('no room'))
    const broken = { ...stage.ctx, jobs: { ...stage.ctx.jobs, enqueue } }
    await runSchedule(broken, reminders)
    expect((await row()).lastResult).toEqual({
      ok: false,
      error: 'no room',
      scheduledFor: '2026-11-21T14:00:00.000Z',
    })
    stage.clock.advance(60_000)
    await runSchedule(stage.ctx, reminders)
    expect(await told()).toEqual([`${reminders}@2026-11-21T14:00:00.000Z`])
  })

  it('another timezone in the settings moves the next slot', async () => {
    await ensureSchedules({ ...stage.ctx, schedulesTimezone: 'Asia/Tokyo' })
    expect(await row()).toMatchObject({ timezone: 'Asia/Tokyo', nextSlot: new Date('2026-11-22T00:00:00Z') })
  })

  it('fires the timers that nobody has, and says how many', async () => {
    const due = { type: 'payment.pending', recipient: { email: 'ada@example.org' }, reference: 'ORD-1' }
    await stage.planned({ ...due, data: { amount: { amount: 4999, currency: 'eur' } } })
    stage.clock.advance(4 * 24 * 3600 * 1000)
    await runSchedule(stage.ctx, 'schedule.payment_timeouts')
    const found = (await listSchedules(stage.db)).find(({ name }) => name === 'schedule.payment_timeouts')
    expect(found?.lastResult).toMatchObject({ ok: true, fired: 1 })
    expect((await stage.db.query(`select from events where type = 'payment.timed_out'`)).rowCount).toBe(1)
  })

  it('says how many events of its kind have come since', async () => {
    const failed = { type: 'payment.failed', recipient: { email: 'ada@example.org' } }
    await stage.accepted({ ...failed, data: { amount: { amount: 4999, currency: 'eur' } } })
    stage.clock.set(new Date('2026-11-21T15:00:00Z'))
    await runSchedule(stage.ctx, 'schedule.failed_payments')
    const { rows } = await stage.db.query<{ id: string; status: string; reason_code: string; raw: Buffer }>(
      `select e.*, b.raw from events e join event_bodies b on b.event_id = e.id where source = 'schedule'`,
    )
    expect(JSON.parse(String(rows[0]?.raw))).toEqual({
      name: 'schedule.failed_payments',
      scheduledFor: '2026-11-21T15:00:00.000Z',
      since: '2026-11-20T15:00:00.000Z',
      events: 1,
    })
    // Without an app that is called back it is kept, and nobody is told.
    expect(rows[0]).toMatchObject({ status: 'ignored', reason_code: 'no_notifier' })
    await plan(stage.ctx, rows[0]?.id ?? '')
    expect((await stage.db.query('select from notifications')).rowCount).toBe(0)
  })
})

describe('over HTTP', () => {
  let shop: Vendor
  let world: World
  beforeAll(async () => {
    shop = await startVendor({ status: 204, text: '' })
    const url = `${shop.url}/hooks`
    world = await startWorld({
      env: {
        APP_WEBHOOK_SECRETS: `shop=${shopSecret},school=${shopSecret},quiet=${shopSecret}`,
        APP_CALLBACKS: `shop=${url}/shop,school=${url}/school`,
        CALLBACKS_ALLOW_PRIVATE: 'true',
        SCHEDULES_TIMEZONE: 'Asia/Tokyo',
      },
    })
  })
  afterAll(async () => {
    await world.stop()
    await shop.close()
  })

  interface Shown {
    name: string
    cron: string
    timezone: string
    lastRunAt: string | null
    lastResult: { ok: boolean; eventId: string } | null
    nextRunAt: string
  }
  const run = (name: string, key = keys.operator) =>
    world.send<Shown & { eventId: string; result: object }>(`/v1/schedules/${name}/run`, '', {
      authorization: `Bearer ${key}`,
    })

  it('the list says when each runs next', async () => {
    const { status, body } = await world.get<{ data: Shown[]; nextCursor: null }>('/v1/schedules', keys.viewer)
    expect(status).toBe(200)
    expect(body.nextCursor).toBeNull()
    expect(body.data.map(({ name }) => name)).toEqual(schedules.map(({ name }) => name))
    for (const { cron, timezone, nextRunAt } of body.data) {
      const minuteBefore = new Date(new Date(nextRunAt).getTime() - 60_000)
      expect(slotAfter(cron, 'Asia/Tokyo', minuteBefore).toISOString()).toBe(nextRunAt)
      expect(new Date(nextRunAt).getTime()).toBeGreaterThan(systemClock.now().getTime() - 60_000)
      expect(timezone).toBe('Asia/Tokyo')
    }
  })

  it('pg-boss rings each by its cron, and once, however often the service starts', async () => {
    const { rows } = await world.db.query<{ key: string; cron: string; timezone: string }>(
      'select key, cron, timezone from posthorn_jobs.schedule order by key',
    )
    expect(rows.map(({ key, cron, timezone }) => ({ name: key, cron, timezone }))).toEqual(
      schedules
        .map(({ name, cron }) => ({ name, cron, timezone: 'Asia/Tokyo' }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    )
  })

  it('a person’s run calls every app back that wants it, and moves no slot', async () => {
    const before = (await world.get<{ data: Shown[] }>('/v1/schedules')).body.data
    const { status, body } = await run('exchange_rates')
    expect(status).toBe(200)
    expect(body).toMatchObject({ name: 'schedule.exchange_rates', result: { ok: true, eventId: body.eventId } })
    expect(body.nextRunAt).toBe(before.find(({ name }) => name === body.name)?.nextRunAt)
    const event: EventAudit = await world.event(body.eventId)
    expect(event).toMatchObject({ source: 'schedule', type: 'schedule.exchange_rates', status: 'planned' })
    expect(event.notifications.map(({ recipientId, state }) => `${recipientId} ${state}`).sort()).toEqual([
      'school sent',
      'shop sent',
    ])
    const request = await eventually(async () => shop.requests.find(({ path }) => path === '/hooks/school'))
    const said = new Webhook(shopSecret).verify(request.body, request.headers as Record<string, string>)
    expect(said).toMatchObject({
      type: 'schedule.exchange_rates',
      data: { name: 'schedule.exchange_rates', scheduledFor: expect.stringMatching(/Z$/) },
    })
    const again = await run('schedule.exchange_rates')
    expect(again.body.eventId).not.toBe(body.eventId)
    const after = (await world.get<{ data: Shown[] }>('/v1/schedules')).body.data
    expect(after.find(({ name }) => name === body.name)).toMatchObject({
      lastRunAt: again.body.lastRunAt,
      lastResult: { ok: true, eventId: again.body.eventId },
    })
  })

  it('is an operator’s, and of a schedule that there is', async () => {
    expect((await run('exchange_rates', keys.viewer)).status).toBe(403)
    expect((await run('exchange_rates', '')).status).toBe(401)
    expect((await run('nothing')).status).toBe(404)
  })
})
