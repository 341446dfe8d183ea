// Apps are notified of what became of their notifications: by callbacks that the Standard Webhooks library verifies, to a
// receiver on this machine. callbacks-order.test.ts has the moments that a test must choose.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { accessOf } from '../../src/config/access.ts'
import { ensureSecrets } from '../../src/config/secrets.ts'
import orderAccepted from '../../src/notifiers/order-accepted.ts'
import { paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { resendCallback } from '../helper/receipts.ts'
import { signedApp } from '../helper/signed.ts'
import { accepting, type Recorded, startVendor, type Vendor } from '../helper/vendor.ts'
import {
  eventually,
  keys,
  type NotificationAudit,
  type NotificationShown,
  shopSecret,
  startWorld,
  testConfig,
  type World,
} from '../helper/world.ts'

const newSecret = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
const schoolSecret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
const receiptSecret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`
const query = 'key=secret-of-the-shop'

let resend: Vendor
let shop: Vendor
let world: World

beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  shop = await startVendor({ status: 204, text: '' })
  world = await startWorld({
    env: {
      APP_WEBHOOK_SECRETS: `shop=${newSecret},shop=${shopSecret},school=${schoolSecret}`,
      APP_CALLBACKS: `shop=${shop.url}/hooks?${query}`,
      CALLBACKS_ALLOW_PRIVATE: 'true',
      RESEND_API_KEY: 're_of_tests',
      RESEND_BASE_URL: resend.url,
      RESEND_WEBHOOK_SECRET: receiptSecret,
    },
  })
})
afterEach(() => {
  resend.answer(accepting.resend)
  shop.answer({ status: 204, text: '' })
})
afterAll(async () => {
  await world.stop()
  await Promise.all([resend.close(), shop.close()])
})

interface Told {
  type: string
  timestamp: string
  data: { notification: NotificationShown & { sourceId: string; source: string; eventType: string } }
}

const verified = (request: Recorded, secret = shopSecret) =>
  new Webhook(secret).verify(request.body, request.headers as Record<string, string>) as Told
const about = (eventId: string) => shop.requests.filter(({ body }) => body.includes(eventId))

/** The callbacks about an event's notifications, once there are so many and nothing more is on its way. */
async function toldOf(eventId: string, count: number): Promise<Told[]> {
  await eventually(async () => about(eventId).length >= count)
  await eventually(async () => (await world.db.query('select from callback_outbox')).rowCount === 0)
  await world.quiet()
  expect(about(eventId)).toHaveLength(count)
  return about(eventId).map((request) => verified(request))
}

async function callbacksOf(eventId: string): Promise<NotificationAudit[]> {
  const { notifications } = await world.event(eventId)
  const callbacks = notifications.filter(({ channel }) => channel === 'callback')
  return Promise.all(callbacks.map(({ id }) => world.notification(id)))
}

/** One that makes an email alone. */
const email = (more: object = {}) => ({
  ...orderAccepted.sample,
  recipient: { id: 'cus_7', email: 'grace@example.org' },
  reference: 'ORD-77',
  ...more,
})

describe('an app is notified', () => {
  it('that its notification was sent, and then that it was delivered, once each', async () => {
    const accepted = await world.app(email(), { id: 'accepted-1' })
    const [sent] = await toldOf(accepted.body.id, 1)
    const n = (await world.event(accepted.body.id)).notifications.find(({ channel }) => channel === 'email')
    expect(sent).toEqual({
      type: 'notification.sent',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: { notification: { ...n, sourceId: 'accepted-1' } },
    })
    expect(sent?.data.notification).toMatchObject({
      ...{ eventId: accepted.body.id, eventType: 'order.accepted', source: 'shop', notifier: 'order-accepted' },
      ...{ channel: 'email', to: 'grace@example.org', recipientId: 'cus_7', reference: 'ORD-77', state: 'sent' },
      ...{ reason: null, provider: 'resend', providerMessageId: n?.providerMessageId, deliveredAt: null },
    })
    const at = systemClock.now().toISOString()
    const told = { type: 'email.delivered', created_at: at, data: { email_id: n?.providerMessageId, tags: {} } }
    const { payload, headers, path } = resendCallback(told, { secret: receiptSecret })
    expect((await world.send(path, payload, headers)).status).toBe(200)
    const [, delivered] = await toldOf(accepted.body.id, 2)
    expect(delivered).toMatchObject({ type: 'notification.delivered', data: { notification: { state: 'delivered' } } })
    expect(delivered?.data.notification.deliveredAt).toBe(new Date(at).toISOString())
    // The same receipt again is no other fate.
    await world.send(path, payload, headers)
    await toldOf(accepted.body.id, 2)
  })

  it('that it failed, and why', async () => {
    resend.answer({ status: 422, json: { statusCode: 422, name: 'validation_error', message: 'Invalid `to` field.' } })
    const { body } = await world.app(email())
    const [told] = await toldOf(body.id, 1)
    expect(told).toMatchObject({
      type: 'notification.failed',
      data: { notification: { reason: { code: 'rejected' } } },
    })
  })

  it('that it bounced', async () => {
    const { body } = await world.app(email({ recipient: { email: 'bounce@example.org' } }))
    const [sent] = await toldOf(body.id, 1)
    const { id, providerMessageId } = sent?.data.notification ?? {}
    const bounce = { type: 'Permanent', message: 'No such mailbox' }
    const data = { email_id: providerMessageId, tags: { notification_id: id }, bounce }
    const { payload, headers, path } = resendCallback({ type: 'email.bounced', data }, { secret: receiptSecret })
    await world.send(path, payload, headers)
    expect((await toldOf(body.id, 2))[1]).toMatchObject({
      type: 'notification.undelivered',
      data: { notification: { reason: { code: 'bounced' } } },
    })
    const again = await world.app(email({ recipient: { email: 'bounce@example.org' } }))
    expect(await toldOf(again.body.id, 1)).toMatchObject([
      { type: 'notification.suppressed', data: { notification: { reason: { code: 'suppressed_address' } } } },
    ])
  })

  it('of each notification of an event: one sent, one without a provider', async () => {
    const { body } = await world.app(shipped())
    const told = await toldOf(body.id, 2)
    expect(told.map(({ type, data }) => `${type} ${data.notification.channel}`).sort()).toEqual([
      'notification.sent email',
      'notification.suppressed sms',
    ])
  })

  it('by callbacks that any of its secrets verifies, and no other app’s', async () => {
    const { body } = await world.app(email())
    await toldOf(body.id, 1)
    const [request] = about(body.id)
    if (!request) throw new Error('no callback')
    expect(verified(request, newSecret).type).toBe('notification.sent')
    expect(() => verified(request, schoolSecret)).toThrow('No matching signature')
  })
})

it('the demo app’s callbacks are signed with its generated secret, in a process of workers too', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'posthorn-callbacks-'))
  const env = { POSTHORN_ROLES: 'worker', APP_WEBHOOK_SECRETS: '', DATA_DIR: dataDir }
  const on = testConfig({ ...env, APP_CALLBACKS: `demo=${shop.url}`, CALLBACKS_ALLOW_PRIVATE: 'true' })
  const { demoSecret } = await ensureSecrets(dataDir)
  expect((await accessOf(on)).apps).toEqual([{ name: 'demo', secret: demoSecret }])
  expect((await accessOf(testConfig(env))).apps).toEqual([])
  await rm(dataDir, { recursive: true })
})

describe('nobody is notified', () => {
  it('of an event that is no app’s, or of an app without a callback', async () => {
    const stripe = await world.stripe(stripeEvent('payment_intent.succeeded', paymentIntent()))
    const { payload, headers } = signedApp(email(), { secret: schoolSecret })
    const school = await world.send('/webhooks/apps/school', payload, headers)
    for (const { body } of [stripe, school]) {
      const { notifications } = await world.event(body.id)
      expect(notifications.some(({ state }) => state === 'sent')).toBe(true)
      expect(notifications.some(({ channel }) => channel === 'callback')).toBe(false)
    }
    expect((await world.db.query(`select from callback_outbox where app <> 'shop'`)).rowCount).toBe(0)
  })

  it('of what becomes of a callback', async () => {
    shop.answer({ status: 410, text: 'no more' })
    const { body } = await world.app(email())
    await toldOf(body.id, 1)
    const [callback, ...others] = await callbacksOf(body.id)
    expect(others).toEqual([])
    expect(callback).toMatchObject({ state: 'failed', reason: { code: 'rejected' } })
    expect(callback?.attempts).toMatchObject([
      { provider: 'callback', outcome: 'rejected', blame: 'message', errorCode: 'gone', statusCode: 410 },
    ])
  })
})

describe('a callback is a notification like any other', () => {
  it('with attempts, a timeline and its body', async () => {
    const { body } = await world.app(email())
    await toldOf(body.id, 1)
    const [callback] = await callbacksOf(body.id)
    expect(callback).toMatchObject({
      ...{
        eventId: body.id,
        eventType: 'notification.sent',
        source: 'shop',
        notifier: 'app-callback',
        category: 'transactional',
      },
      ...{
        channel: 'callback',
        to: `${shop.url}/hooks?${query}`,
        recipientId: 'shop',
        reference: 'ORD-77',
        state: 'sent',
      },
      ...{ provider: 'callback', providerMessageId: callback?.id, subject: null },
      attempts: [{ number: 1, outcome: 'accepted', statusCode: 204, provider: 'callback' }],
    })
    expect(about(body.id)[0]?.headers['webhook-id']).toBe(callback?.id)
    expect(callback?.message?.text).toBe(about(body.id)[0]?.body)
    expect(callback?.timeline.map(({ what }) => what)).toEqual([
      'Created from notification.sent by app-callback, as a callback.',
      'Posthorn called the app shop.',
      'The app shop accepted it.',
    ])
    const list = await world.get<{ data: NotificationShown[] }>(
      '/v1/notifications?channel=callback&recipient=shop&reference=ORD-77',
    )
    expect(list.body.data.map(({ id }) => id)).toContain(callback?.id)
    const providers = await world.get<{ data: { name: string; channel: string }[] }>('/v1/providers')
    expect(providers.body.data.find(({ name }) => name === 'callback')).toMatchObject({
      channel: 'callback',
      circuit: 'closed',
    })
  })

  it('whose query and addresses a viewer does not see', async () => {
    const { body } = await world.app(email())
    await toldOf(body.id, 1)
    const [callback] = await callbacksOf(body.id)
    const path = `/v1/notifications/${callback?.id}?include=message`
    const seen = await world.get<NotificationAudit>(path, keys.viewer)
    expect(seen.body.to).toBe(`${shop.url}/hooks?***`)
    expect(JSON.stringify(seen.body)).not.toMatch(/secret-of-the-shop|grace@/)
    const revealed = await world.get<NotificationAudit>(`${path}&reveal=true`, keys.viewer)
    expect(revealed.body).toMatchObject({
      to: `${shop.url}/hooks?${query}`,
      message: { text: callback?.message?.text },
    })
  })

  it('that can be retried and replayed once it has failed', async () => {
    shop.answer({ status: 410, text: '' })
    const { body } = await world.app(email())
    await toldOf(body.id, 1)
    shop.answer({ status: 200, text: '' })
    const [callback] = await callbacksOf(body.id)
    const headers = { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' }
    const act = <T>(path: string) => world.send<T>(path, '', headers)
    expect((await act(`/v1/notifications/${callback?.id}/retry`)).status).toBe(200)
    await toldOf(body.id, 2)
    expect(about(body.id).map(({ headers }) => headers['webhook-id'])).toEqual([callback?.id, callback?.id])

    shop.answer({ status: 410, text: '' })
    const other = await world.app(email())
    await toldOf(other.body.id, 1)
    expect((await callbacksOf(other.body.id)).map(({ state }) => state)).toEqual(['failed'])
    shop.answer({ status: 200, text: '' })
    const replay = await act<{ counts: object }>(`/v1/events/${other.body.id}/replay`)
    expect(replay.body.counts).toMatchObject({ willSend: 1, alreadySent: 1 })
    await toldOf(other.body.id, 2)
    expect((await callbacksOf(other.body.id)).map(({ state }) => state)).toEqual(['sent'])
  })

  it('and nothing of its URL’s query or its body is in the log', () => {
    expect(world.log.join('')).toContain('"channel":"callback"')
    expect(world.log.join('')).not.toMatch(/secret-of-the-shop|grace@|whsec_|v1,/)
  })
})
