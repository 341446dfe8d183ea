// What the sandbox carries never leaves by another provider, and each test event goes where STRIPE_TEST_EVENTS says.
import { afterEach, describe, expect, it } from 'vitest'
import orderShipped from '../../src/notifiers/order-shipped.ts'
import paymentDue from '../../src/notifiers/payment-due.ts'
import { deliver } from '../helper/deliver.ts'
import { paymentIntent, stripeEvent } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { type EventAudit, eventually, keys, startWorld, type World } from '../helper/world.ts'

const held: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of held.splice(0).reverse()) await one.stop()
})

async function hold<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const one = await starting
  held.push(one)
  return one
}

async function resend(): Promise<Vendor & { env: Record<string, string> }> {
  const vendor = await startVendor(accepting.resend)
  held.push({ stop: () => vendor.close() })
  return { ...vendor, env: { RESEND_API_KEY: 're_1234567890', RESEND_BASE_URL: vendor.url } }
}

describe('a message planned without a provider', () => {
  it('goes to the sandbox, though a provider is configured before it is due', async () => {
    const vendor = await resend()
    const stage: Stage = await hold(startStage({}))
    const { ids } = await stage.planned({ ...orderShipped.sample, sendAt: '2026-11-21T11:00:00Z' })
    const later = await stage.another(vendor.env)
    stage.clock.advance(3_600_000)
    await deliver(later, ids.email ?? '')
    expect((await stage.audit(ids.email ?? '')).notification).toMatchObject({
      state: 'sent',
      provider: 'sandbox',
      sandboxed: 'no_provider',
    })
    expect(vendor.requests).toEqual([])
  })

  it('leaves messages that are planned later to the provider', async () => {
    const vendor = await resend()
    const stage: Stage = await hold(startStage(vendor.env))
    const { ids } = await stage.planned(orderShipped.sample)
    await deliver(stage.ctx, ids.email ?? '')
    expect((await stage.audit(ids.email ?? '')).notification).toMatchObject({ provider: 'resend', sandboxed: null })
    expect(vendor.requests).toHaveLength(1)
  })

  it('says so, as the service does at its start and when it is asked whether it is ready', async () => {
    const world: World = await hold(startWorld())
    const warning = 'No provider is configured: the sandbox takes every email and sms message, and nothing is sent.'
    expect(world.printed).toContain(warning)
    expect(world.log.join('')).toContain(warning)
    expect((await world.get('/readyz', '')).body).toEqual({ status: 'ready', warning })
    const { body } = await world.app(orderShipped.sample)
    const [first] = (await world.event(body.id)).notifications
    expect(first).toMatchObject({ state: 'sent', provider: 'sandbox', reason: { code: 'sandbox' } })
    expect(first?.reason?.text).toContain('nothing was sent. No provider is configured.')
    const { timeline } = await world.notification(first?.id ?? '')
    expect(timeline.map(({ what }) => what)).toContain('It is for the sandbox, which sends nothing.')
  })

  it('is not warned of where the sandbox is named', async () => {
    const world: World = await hold(startWorld({ env: { EMAIL_PROVIDERS: 'sandbox', SMS_PROVIDERS: 'sandbox' } }))
    expect((await world.get('/readyz', '')).body).toEqual({ status: 'ready' })
    const { body } = await world.app(orderShipped.sample)
    const [first] = (await world.event(body.id)).notifications
    expect(first?.reason?.text).toContain('The route names the sandbox.')
  })
})

describe('a test event', () => {
  const paid = (id: string, event: object = {}) =>
    stripeEvent('payment_intent.succeeded', paymentIntent({ id, invoice: null }), { livemode: false, ...event })
  const emailOf = ({ notifications }: EventAudit) => notifications.find(({ channel }) => channel === 'email')

  it('is sent by default, and the first one is a warning that names the setting', async () => {
    const vendor = await resend()
    const world: World = await hold(startWorld({ env: vendor.env }))
    const warnings = () => world.log.filter((line) => line.includes('STRIPE_TEST_EVENTS'))
    const live = await world.stripe(paid('pi_live', { livemode: true }))
    expect(emailOf(await world.event(live.body.id))).toMatchObject({ provider: 'resend', state: 'sent' })
    expect(warnings()).toEqual([])
    for (const id of ['pi_test_1', 'pi_test_2']) {
      const { body } = await world.stripe(paid(id))
      expect(emailOf(await world.event(body.id))).toMatchObject({ provider: 'resend', state: 'sent' })
    }
    await eventually(async () => warnings().length > 0)
    expect(warnings()).toHaveLength(1)
    expect(JSON.parse(warnings()[0] ?? '')).toMatchObject({ level: 'warn', setting: 'STRIPE_TEST_EVENTS' })
  })

  it('goes to the sandbox where the setting says so, also by a channel without a provider', async () => {
    const vendor = await resend()
    const world: World = await hold(startWorld({ env: { ...vendor.env, STRIPE_TEST_EVENTS: 'sandbox' } }))
    const { body } = await world.stripe(paid('pi_test_3'))
    const { notifications } = await world.event(body.id)
    expect(notifications.map(({ channel }) => channel).sort()).toEqual(['email', 'sms'])
    for (const one of notifications) {
      expect(one).toMatchObject({ provider: 'sandbox', state: 'sent', reason: { code: 'sandbox' } })
      expect(one.reason?.text).toContain('Its event is a test.')
    }
    const live = await world.stripe(paid('pi_live_2', { livemode: true }))
    expect(emailOf(await world.event(live.body.id))).toMatchObject({ provider: 'resend', reason: null })
    expect(vendor.requests).toHaveLength(1)
  })

  it('is kept and does nothing where it is to be ignored: it stops no message of a real order either', async () => {
    const world: World = await hold(startWorld({ env: { STRIPE_TEST_EVENTS: 'ignore' } }))
    const due = await world.app({ ...paymentDue.sample, type: 'payment.pending', reference: 'ORD-77' })
    const { body } = await world.stripe(paid('pi_test_4'))
    expect(body.status).toBe('ignored')
    const event = await world.event(body.id)
    expect(event).toMatchObject({
      status: 'ignored',
      livemode: false,
      notifications: [],
      reason: { code: 'test_event' },
    })
    expect(event.reason?.text).toContain('STRIPE_TEST_EVENTS is ignore.')
    const waiting = await world.event(due.body.id, ({ status }) => status !== 'accepted')
    expect(waiting.notifications).toMatchObject([{ state: 'scheduled' }])
  })
})

describe('the events of a test key', () => {
  const testKey = 'the-key-of-the-tests-1'
  const payment = { reference: 'ORD-77', recipient: { email: 'ada@example.com' } }
  const due = { ...paymentDue.sample, ...payment, data: { ...paymentDue.sample.data, orderNumber: 'ORD-77' } }

  async function startWithTestKey(env: Record<string, string>): Promise<World> {
    return hold(startWorld({ env: { API_KEYS: `till:producer:test:${testKey},${liveKeys}`, ...env } }))
  }
  const liveKeys = `backend:producer:${keys.producer},operator:operator:${keys.operator}`
  const post = (world: World, key: string, body: object) =>
    world.send('/v1/events', JSON.stringify(body), {
      'content-type': 'application/json',
      authorization: `Bearer ${key}`,
    })

  it('go to the sandbox beside a provider, and say so', async () => {
    const vendor = await resend()
    const world = await startWithTestKey(vendor.env)
    const test = await post(world, testKey, { ...orderShipped.sample, reference: 'ORD-78' })
    const { livemode, notifications } = await world.event(test.body.id, ({ counts }) => (counts.sent ?? 0) > 0)
    expect(livemode).toBe(false)
    const [first] = notifications
    expect(first).toMatchObject({ provider: 'sandbox', reference: 'ORD-78' })
    expect(JSON.stringify(await world.notification(first?.id ?? ''))).toContain('Its event is a test.')
    expect((await world.get<{ data: unknown[] }>('/v1/events?reference=ORD-78')).body.data).toHaveLength(1)
    expect(vendor.requests).toEqual([])
  })

  it('relate to each other and supersede nothing real', async () => {
    const world = await startWithTestKey({})
    const isPlanned = ({ status }: EventAudit) => status === 'planned'
    const later = new Date(Date.now() + 3_600_000).toISOString()
    const real = await post(world, keys.producer, { ...due, sendAt: later })
    const test = await post(world, testKey, { ...due, sendAt: later })
    await world.event(real.body.id, isPlanned)
    await world.event(test.body.id, isPlanned)
    const received = { type: 'payment.received', ...payment, data: { amount: { amount: 4999, currency: 'eur' } } }
    const { body } = await post(world, testKey, received)
    expect(body).toMatchObject({ status: 'accepted', stopped: 1 })
    await world.event(body.id, isPlanned)
    const states = async (id: string) => (await world.event(id, isPlanned)).notifications.map(({ state }) => state)
    expect(new Set(await states(test.body.id))).toEqual(new Set(['cancelled']))
    expect(new Set(await states(real.body.id))).toEqual(new Set(['scheduled']))
  })
})
