// A provider or an app that asks to be called again much later: the rounds go on in the time that there is.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import orderAccepted from '../../src/notifiers/order-accepted.ts'
import { notifyApps } from '../../src/record/notify-apps.ts'
import { deliver } from '../helper/deliver.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'

const hour = 3_600_000
let resend: Vendor
let app: Vendor
let stage: Stage

beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  app = await startVendor({ status: 204, text: '' })
})
afterAll(() => Promise.all([resend.close(), app.close()]))
beforeEach(async () => {
  resend.answer(accepting.resend)
  app.answer({ status: 204, text: '' })
  stage = await startStage({
    APP_CALLBACKS: `shop=${app.url}/hooks`,
    CALLBACKS_ALLOW_PRIVATE: 'true',
    RESEND_API_KEY: 're_of_tests',
    RESEND_BASE_URL: resend.url,
  })
})
afterEach(() => stage.stop())

/** Waits of a day and more, in each form of the header. */
const waits = ['86400', '9'.repeat(400), 'Fri, 01 Jan 2200 00:00:00 GMT']

const busy = (retryAfter: string) => ({
  status: 503,
  headers: { 'retry-after': retryAfter },
  json: { statusCode: 503, name: 'service_unavailable', message: 'later' },
})

async function email(more: object = {}): Promise<{ eventId: string; id: string }> {
  const { eventId, ids } = await stage.planned({
    ...orderAccepted.sample,
    recipient: { email: 'grace@example.org' },
    ...more,
  })
  return { eventId, id: ids.email ?? '' }
}

/** When the notification is called again; moves the clock there. */
async function untilDue(id: string): Promise<number> {
  const { rows } = await stage.db.query<{ due_at: Date }>('select due_at from notifications where id = $1', [id])
  const dueAt = rows[0]?.due_at
  if (!dueAt) throw new Error('it is not called again')
  const waitMs = dueAt.getTime() - stage.clock.now().getTime()
  stage.clock.set(dueAt)
  return waitMs
}

it.each(waits)(
  'a message is tried again before the day is over where its provider answers Retry-After: %s',
  async (wait) => {
    const { id } = await email()
    resend.answer(busy(wait))
    await deliver(stage.ctx, id)
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'pending' })
    const waitMs = await untilDue(id)
    expect(waitMs).toBeGreaterThan(23.9 * hour)
    expect(waitMs).toBeLessThan(24 * hour)
    resend.answer(accepting.resend)
    await deliver(stage.ctx, id)
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'sent' })
  },
)

it('and fails after that try, whatever the provider asks for again', async () => {
  const { id } = await email()
  resend.answer(busy('86400'))
  await deliver(stage.ctx, id)
  await untilDue(id)
  await deliver(stage.ctx, id)
  const { notification, attempts } = await stage.audit(id)
  expect(notification).toMatchObject({ state: 'failed', reasonCode: 'tries_used_up' })
  expect(attempts).toHaveLength(2)
})

it('a message that expires is tried again before it does', async () => {
  const expiresAt = new Date(stage.clock.now().getTime() + hour).toISOString()
  const { id } = await email({ expiresAt })
  resend.answer(busy('7200'))
  await deliver(stage.ctx, id)
  expect(await untilDue(id)).toBeLessThan(hour)
  resend.answer(accepting.resend)
  await deliver(stage.ctx, id)
  expect((await stage.audit(id)).notification).toMatchObject({ state: 'sent' })
})

it.each(waits)(
  'a callback is tried again before the day is over where the app answers Retry-After: %s',
  async (wait) => {
    const { eventId, id } = await email()
    await deliver(stage.ctx, id)
    await notifyApps(stage.ctx)
    const { rows } = await stage.db.query<{ id: string }>(
      `select id from notifications where event_id = $1 and channel = 'callback'`,
      [eventId],
    )
    const callback = rows[0]?.id ?? ''
    app.answer({ status: 429, headers: { 'retry-after': wait }, text: '' })
    await deliver(stage.ctx, callback)
    const waitMs = await untilDue(callback)
    expect(waitMs).toBeGreaterThan(23.9 * hour)
    expect(waitMs).toBeLessThan(24 * hour)
    app.answer({ status: 204, text: '' })
    await deliver(stage.ctx, callback)
    expect((await stage.audit(callback)).notification).toMatchObject({ state: 'sent' })
  },
)
