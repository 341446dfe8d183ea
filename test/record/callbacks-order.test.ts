// Callbacks at moments that a test must choose: a receiver that is down, workers that die, several processes at once; and
// events that apps themselves are notified of. The clock is moved by hand.
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import type { Notifier } from '../../src/notifiers/notifier.ts'
import orderAccepted from '../../src/notifiers/order-accepted.ts'
import { cancelMatching } from '../../src/operate/cancel.ts'
import { plan } from '../../src/plan/plan.ts'
import { notifyApps } from '../../src/record/notify-apps.ts'
import { sweep } from '../../src/schedule/sweep.ts'
import { transaction } from '../../src/store/db.ts'
import { saveCallbackApps } from '../../src/store/notifications/callback-outbox.ts'
import { deliver } from '../helper/deliver.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { shopSecret } from '../helper/world.ts'

const schoolSecret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`

let resend: Vendor
let app: Vendor
let stage: Stage

beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  app = await startVendor({ status: 200, text: '' })
})
afterAll(() => Promise.all([resend.close(), app.close()]))

const env = (more: Record<string, string> = {}) => ({
  APP_WEBHOOK_SECRETS: `shop=${shopSecret},school=${schoolSecret}`,
  APP_CALLBACKS: `shop=${app.url}/shop,school=${app.url}/school`,
  CALLBACKS_ALLOW_PRIVATE: 'true',
  RESEND_API_KEY: 're_of_tests',
  RESEND_BASE_URL: resend.url,
  ...more,
})

beforeEach(async () => {
  app.answer({ status: 200, text: '' })
  app.requests.length = 0
  stage = await startStage(env())
})
afterEach(() => stage.stop())

const email = (more: object = {}) => ({ ...orderAccepted.sample, recipient: { email: 'grace@example.org' }, ...more })

/** An email that was sent; its fate is not told yet. */
async function sent(): Promise<string> {
  const { eventId, ids } = await stage.planned(email())
  await deliver(stage.ctx, ids.email ?? '')
  return eventId
}

async function callbacks(eventId: string): Promise<{ id: string; type: string; state: string; to: string }[]> {
  const { rows } = await stage.db.query(
    `select id, event_type as type, state, address as "to" from notifications where event_id = $1 and channel = 'callback' order by id`,
    [eventId],
  )
  return rows
}

async function only(eventId: string): Promise<string> {
  const [callback, ...others] = await callbacks(eventId)
  expect(others).toEqual([])
  return callback?.id ?? ''
}

describe('a receiver', () => {
  it('that is down gets it once it is up, under the same id and signed anew', async () => {
    const eventId = await sent()
    await notifyApps(stage.ctx)
    const id = await only(eventId)
    app.answer('reset-after-read')
    await deliver(stage.ctx, id)
    let { notification, attempts } = await stage.audit(id)
    expect(notification).toMatchObject({ state: 'pending', reasonCode: 'next_round' })
    expect(attempts).toMatchObject([{ round: 1, outcome: 'deferred' }])
    const waitMs = (notification.dueAt?.getTime() ?? 0) - stage.clock.now().getTime()
    expect(waitMs).toBeGreaterThanOrEqual(60_000)
    expect(waitMs).toBeLessThanOrEqual(66_000)
    app.answer({ status: 200, text: '' })
    stage.clock.advance(waitMs)
    await deliver(stage.ctx, id)
    ;({ notification, attempts } = await stage.audit(id))
    expect(notification.state).toBe('sent')
    expect(attempts).toMatchObject([{ outcome: 'deferred' }, { round: 2, outcome: 'accepted' }])
    const [first, second] = app.requests
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(second?.body).toBe(first?.body)
    expect(second?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature'])
  })

  it('that asks for a pause gets one, and the other apps go on', async () => {
    app.answer(({ path }) => (path === '/shop' ? { status: 429, headers: { 'retry-after': '600' }, text: '' } : {}))
    for (let i = 0; i < 8; i++) {
      const eventId = await sent()
      await notifyApps(stage.ctx)
      const id = await only(eventId)
      await deliver(stage.ctx, id)
      const { notification } = await stage.audit(id)
      expect(notification).toMatchObject({ state: 'pending', reasonCode: 'provider_asked_to_wait' })
      expect(notification.dueAt?.getTime()).toBe(stage.clock.now().getTime() + 600_000)
    }
    await stage.ctx.health.tick()
    expect(stage.ctx.health.unavailable('callback')).toBeNull()
    const eventId = await stage.accepted(email(), { source: 'school' })
    await plan(stage.ctx, eventId)
    const { rows } = await stage.db.query('select id from notifications where event_id = $1', [eventId])
    await deliver(stage.ctx, rows[0].id)
    await notifyApps(stage.ctx)
    const id = await only(eventId)
    await deliver(stage.ctx, id)
    expect((await stage.audit(id)).notification.state).toBe('sent')
  })

  it('that never takes it fails it after ten rounds, and gets no callback about that', async () => {
    app.answer({ status: 500, text: '' })
    const eventId = await sent()
    await notifyApps(stage.ctx)
    const id = await only(eventId)
    for (let round = 1; round <= 10; round++) {
      await deliver(stage.ctx, id)
      stage.clock.set((await stage.audit(id)).notification.dueAt ?? stage.clock.now())
    }
    const { notification, attempts } = await stage.audit(id)
    expect(attempts).toHaveLength(10)
    expect(notification).toMatchObject({ state: 'failed', reasonCode: 'tries_used_up' })
    expect(await notifyApps(stage.ctx)).toBe(0)
    expect(await only(eventId)).toBe(id)
  })

  it('at a private address is not called unless that is allowed', async () => {
    await stage.stop()
    stage = await startStage(
      env({ APP_CALLBACKS: `shop=https://localhost:${app.port}/shop`, CALLBACKS_ALLOW_PRIVATE: 'false' }),
    )
    const eventId = await sent()
    await notifyApps(stage.ctx)
    const id = await only(eventId)
    const connections = app.connections()
    await deliver(stage.ctx, id)
    const { notification, attempts } = await stage.audit(id)
    expect(notification.state).toBe('pending')
    expect(attempts).toMatchObject([{ outcome: 'deferred', errorCode: 'private_address' }])
    expect(app.connections()).toBe(connections)
  })

  it('whose worker died in the call is called again under the same id', async () => {
    const eventId = await sent()
    await notifyApps(stage.ctx)
    const id = await only(eventId)
    await expect(deliver(stage.ctx, id, { close: () => Promise.reject(new Error('killed')) })).rejects.toThrow('killed')
    for (let i = 0; i < 2; i++) {
      stage.clock.set((await stage.audit(id)).notification.dueAt ?? stage.clock.now())
      await deliver(stage.ctx, id)
    }
    const { notification, attempts } = await stage.audit(id)
    expect(notification.state).toBe('sent')
    expect(attempts).toMatchObject([{ outcome: 'unknown', errorCode: 'worker_lost' }, { outcome: 'accepted' }])
    expect(new Set(app.requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]))
  })
})

describe('a fate', () => {
  it('is recorded in the transaction that makes it, and reported as it was then', async () => {
    const { eventId, ids } = await stage.planned(email())
    await deliver(stage.ctx, ids.email ?? '')
    await stage.db.query(`update notification_states set state = 'delivered', delivered_at = now() where id = $1`, [
      ids.email,
    ])
    expect(await notifyApps(stage.ctx)).toBe(2)
    for (const { id } of await callbacks(eventId)) await deliver(stage.ctx, id)
    const bodies = app.requests.map(({ json }) => json() as { type: string; data: { notification: { state: string } } })
    expect(bodies.map(({ type, data }) => `${type} ${data.notification.state}`).sort()).toEqual([
      'notification.delivered delivered',
      'notification.sent sent',
    ])
  })

  it('is recorded once for each of many that one statement moves, and not for those that it leaves as they were', async () => {
    const events = [await sent(), await sent(), await sent()]
    await notifyApps(stage.ctx)
    await stage.db.query(
      `update notification_states n set state = case when d.event_id = any($1) then 'delivered' else n.state end
       from notification_details d where d.id = n.id`,
      [events.slice(1)],
    )
    const { rows } = await stage.db.query(
      `select notification->>'event_id' as event, notification->>'state' as state, app from callback_outbox order by 1`,
    )
    const moved = events.slice(1).sort()
    expect(rows).toEqual(moved.map((event) => ({ event, state: 'delivered', app: 'shop' })))
  })

  it('is reported once, however many processes report at the same time', async () => {
    const events: string[] = []
    for (let i = 0; i < 20; i++) events.push(await sent())
    const other = await stage.another()
    const made = await Promise.all([notifyApps(stage.ctx), notifyApps(other), notifyApps(stage.ctx), notifyApps(other)])
    expect(made.reduce((all, some) => all + some, 0)).toBe(20)
    for (const eventId of events) await only(eventId)
  })

  it('is reported by another process if one dies before or while it reports', async () => {
    const eventId = await sent()
    const dying: Ctx = { ...stage.ctx, jobs: { ...stage.ctx.jobs, enqueue: () => Promise.reject(new Error('killed')) } }
    await expect(notifyApps(dying)).rejects.toThrow('killed')
    expect(await callbacks(eventId)).toEqual([])
    expect(await notifyApps(await stage.another())).toBe(1)
    expect(await notifyApps(stage.ctx)).toBe(0)
    const id = await only(eventId)
    const { rows } = await stage.db.query(`select name from posthorn_jobs.job where data->'ids' ? $1`, [id])
    expect(rows).toEqual([{ name: 'callback-normal' }])
  })

  it('is enqueued again by the sweep where its alarm was lost', async () => {
    const eventId = await sent()
    await notifyApps(stage.ctx)
    const id = await only(eventId)
    await stage.db.query(`delete from posthorn_jobs.job where data->'ids' ? $1`, [id])
    stage.clock.advance(20_000)
    expect(await sweep(stage.ctx)).toBe(1)
    const { rows } = await stage.db.query(`select name from posthorn_jobs.job where data->'ids' ? $1`, [id])
    expect(rows).toEqual([{ name: 'callback-normal' }])
  })

  it('is reported although its reference is cancelled, unless the cancellation names its notifier', async () => {
    const eventId = await sent()
    await notifyApps(stage.ctx)
    const id = await only(eventId)
    const other = await stage.planned(email())
    const { cancelled } = await cancelMatching(stage.ctx, { reference: 'ORD-1001' }, false, 'ann')
    expect(cancelled).toBe(1)
    expect((await stage.audit(other.ids.email ?? '')).notification.state).toBe('cancelled')
    expect((await stage.audit(id)).notification.state).toBe('pending')
    await cancelMatching(stage.ctx, { notifier: 'app-callback' }, false, 'ann')
    expect((await stage.audit(id)).notification.state).toBe('cancelled')
  })

  it('of an app that no longer has a callback is reported to nobody', async () => {
    const before = await sent()
    await transaction(stage.ctx.db, (tx) => saveCallbackApps(tx, ['school']))
    const after = await sent()
    expect(await notifyApps(stage.ctx)).toBe(0)
    expect([...(await callbacks(before)), ...(await callbacks(after))]).toEqual([])
  })
})

describe('an event that apps are notified of', () => {
  const timedOut: Notifier = { ...orderAccepted, on: ['payment.timed_out'], channels: ['email', 'callback'] }
  const event = (more: object = {}) => ({
    ...{ type: 'payment.timed_out', timestamp: '2026-11-21T09:00:00Z', reference: 'ORD-1' },
    ...{ recipient: { id: 'cus_7', email: 'grace@example.org' }, data: { orderNumber: 'ORD-1' }, ...more },
  })

  /** The type is nobody's on this stage, but for the notifier above. */
  async function planned(body: object, more: object): Promise<string> {
    const ctx = { ...stage.ctx, notifiersFor: () => [timedOut] }
    const id = await stage.accepted(body, more, ctx)
    // An event for many is planned in turns.
    for (let turn = 0; turn < 3; turn++) await plan(ctx, id)
    return id
  }

  it('is passed on as it came, to the app that sent it', async () => {
    const id = await planned(event(), {})
    const callback = await only(id)
    await deliver(stage.ctx, callback)
    const [request] = app.requests
    expect(request?.path).toBe('/shop')
    expect(request?.headers['webhook-signature']).toBe(
      new Webhook(shopSecret).sign(callback, stage.clock.now(), request?.body ?? ''),
    )
    expect(request?.json()).toEqual({
      ...{ type: 'payment.timed_out', timestamp: '2026-11-21T09:00:00.000Z', data: { orderNumber: 'ORD-1' } },
      ...{ reference: 'ORD-1', recipient: { id: 'cus_7' } },
    })
    expect((await stage.audit(callback)).notification).toMatchObject({
      ...{ notifier: 'order-accepted', eventType: 'payment.timed_out', recipientId: 'shop', reference: 'ORD-1' },
    })
  })

  it('is passed on once, however many people it is for', async () => {
    const recipients = Array.from({ length: 120 }, (_, i) => ({ id: `cus_${i}`, email: `p${i}@example.org` }))
    const id = await planned(event({ recipient: undefined, recipients }), {})
    await only(id)
    const { rows } = await stage.db.query(`select count(*)::integer as n from notifications where event_id = $1`, [id])
    expect(rows[0].n).toBe(121)
  })

  it('is passed on to nobody if its source has no callback', async () => {
    const id = await planned(event(), { source: 'blog' })
    expect(await callbacks(id)).toEqual([])
  })
})

describe('the hour of a schedule', () => {
  const hour = { name: 'schedule.failed_payments', scheduledFor: '2026-11-21T10:00:00.000Z', events: 7 }

  it('is passed on to every app, once each', async () => {
    const id = await stage.accepted(hour, { source: 'schedule' })
    await plan(stage.ctx, id)
    await plan(stage.ctx, id)
    const made = await callbacks(id)
    expect(made.map(({ to }) => to).sort()).toEqual([`${app.url}/school`, `${app.url}/shop`])
    for (const callback of made) await deliver(stage.ctx, callback.id)
    expect(app.requests.map(({ path }) => path).sort()).toEqual(['/school', '/shop'])
    expect(app.requests[0]?.json()).toEqual({ type: hour.name, timestamp: hour.scheduledFor, data: hour })
    const { rows } = await stage.db.query('select status from events where id = $1', [id])
    expect(rows).toEqual([{ status: 'planned' }])
  })

  it('is kept and ignored where no app has a callback', async () => {
    await stage.stop()
    stage = await startStage({ RESEND_API_KEY: 're_of_tests', RESEND_BASE_URL: resend.url })
    const id = await stage.accepted(hour, { source: 'schedule' })
    const { rows } = await stage.db.query('select status, reason_code from events where id = $1', [id])
    expect(rows).toEqual([{ status: 'ignored', reason_code: 'no_notifier' }])
  })
})
