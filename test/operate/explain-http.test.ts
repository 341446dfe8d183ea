// `POST /v1/explain` over HTTP: what it answers, to whom, of whose events, and what it refuses. That it says what is
// then done, explain.test.ts shows.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ordered, paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { startVendor } from '../helper/vendor.ts'
import { keys, type Problem, startWorld, type World } from '../helper/world.ts'

interface Explained {
  type: string
  sourceType: string
  source: string
  status: string
  reason: { code: string; text: string } | null
  reference: string | null
  duplicate: boolean
  eventId: string | null
  notifications: {
    notifier: string
    channel: string
    to: string | null
    state: string
    reason: { code: string }
    provider: { name: string; cause: string; why: string } | null
    route: { name: string; passedOver: string | null }[]
    message: { subject: string | null; html: string | null; text: string; segments?: number } | null
  }[]
  counts: Record<string, number>
  omissions: { notifier: string; channel: string; reason: { code: string } }[]
}

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const bearer = (key: string) => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' })
const explain = <T = Explained>(event: unknown, query = '', key = keys.operator, more: Record<string, string> = {}) =>
  world.send<T>(`/v1/explain${query}`, typeof event === 'string' ? event : JSON.stringify(event), {
    ...bearer(key),
    ...more,
  })

describe('an event explained', () => {
  it('is explained with its notifications, their content and their providers, and is not stored', async () => {
    const { status, body } = await explain(shipped({ recipient: { id: 'cus_9', email: 'ada@example.com' } }))
    expect(status).toBe(200)
    expect(body).toMatchObject({
      type: 'order.shipped',
      source: 'operator',
      status: 'accepted',
      reason: null,
      reference: 'ORD-77',
      duplicate: false,
      eventId: null,
      counts: { pending: 1 },
      omissions: [{ notifier: 'order-shipped', channel: 'sms', reason: { code: 'no_address' } }],
      omitted: 1,
    })
    const [email, ...others] = body.notifications
    expect(email).toMatchObject({
      notifier: 'order-shipped',
      channel: 'email',
      to: 'ada@example.com',
      recipientId: 'cus_9',
      state: 'pending',
      priority: 'normal',
      locale: 'en',
      provider: { name: 'sandbox', cause: 'first', why: 'The first provider of the route.' },
      route: [{ name: 'sandbox', passedOver: null }],
      message: { subject: expect.stringContaining('ORD-1001'), html: expect.stringContaining('<html') },
    })
    expect(others).toEqual([])
    expect((await world.get('/v1/events')).body).toEqual({ data: [], nextCursor: null })
  })

  it('has the bytes that are then sent', async () => {
    const event = shipped({ reference: 'BYTES' })
    const { body: explained } = await explain(event)
    const { body: accepted } = await world.send('/v1/events', JSON.stringify(event), bearer(keys.operator))
    const { notifications } = await world.event(accepted.id)
    const made = await Promise.all(notifications.map(async ({ id }) => (await world.notification(id)).message))
    const byText = (a: { text: string } | null, b: { text: string } | null) =>
      (a?.text ?? '') < (b?.text ?? '') ? -1 : 1
    expect(explained.notifications.map(({ message }) => message).sort(byText)).toEqual(made.sort(byText))
  })

  it('for many recipients is listed for the first hundred, and counted for all', async () => {
    const recipients = Array.from({ length: 300 }, (_, i) => ({ email: `reader-${i % 299}@example.com` }))
    const { body } = await explain({ ...ordered(), recipient: undefined, recipients })
    expect(body.notifications).toHaveLength(100)
    expect(body).toMatchObject({ counts: { pending: 299 }, omitted: 301 })
    expect(body.notifications.filter(({ state, message }) => state === 'pending' && !message)).toEqual([])
    expect(body.omissions).toHaveLength(100)
    expect(new Set(body.omissions.map(({ channel, reason }) => `${channel} ${reason.code}`))).toEqual(
      new Set(['sms no_address']),
    )
  })

  it('that came before would come to nothing', async () => {
    const event = { ...shipped(), id: 'once' }
    const first = await world.send('/v1/events', JSON.stringify(event), bearer(keys.operator))
    const { body } = await explain(event)
    expect(body).toMatchObject({
      duplicate: true,
      eventId: first.body.id,
      notifications: [],
      reason: { code: 'duplicate' },
    })
    expect((await explain(event, '', keys.operator, { 'idempotency-key': 'another' })).body.duplicate).toBe(false)
    expect((await explain(event, '?source=shop')).body.duplicate).toBe(false)
  })

  it('of an unknown type is ignored', async () => {
    const { body } = await explain({ type: 'warehouse.moved' })
    expect(body).toMatchObject({ status: 'ignored', reason: { code: 'no_notifier' }, notifications: [] })
  })
})

describe('a vendor’s event', () => {
  it('is explained from its raw body, unsigned, and without the vendor’s secret', async () => {
    const event = stripeEvent('payment_intent.succeeded', paymentIntent({ id: 'pi_explained' }))
    const { body } = await explain(event, '?source=stripe')
    expect(body).toMatchObject({ type: 'payment.received', sourceType: 'payment_intent.succeeded', source: 'stripe' })
    expect(body.counts).toEqual({ pending: 2 })
  })

  it('is already reported by another event of the same payment', async () => {
    const payment = paymentIntent({ id: 'pi_told' })
    const first = await world.stripe(stripeEvent('payment_intent.succeeded', payment))
    await world.event(first.body.id)
    const { body } = await explain(stripeEvent('payment_intent.succeeded', payment), '?source=stripe')
    expect(body).toMatchObject({ duplicate: false, notifications: [], counts: {} })
    expect(body.omissions.map(({ channel, reason }) => `${channel} ${reason.code}`).sort()).toEqual([
      'email already_notified',
      'sms already_notified',
    ])
  })

  it('that lacks what a message needs would be kept as failed', async () => {
    const event = stripeEvent('payment_intent.succeeded', paymentIntent({ amount: null, amount_received: null }))
    const { body } = await explain(event, '?source=stripe')
    expect(body).toMatchObject({ status: 'failed', reason: { code: 'no_amount' }, notifications: [] })
  })

  it('that leaves open what Stripe could say is explained without asking Stripe', async () => {
    const stripe = await startVendor()
    const asker = await startWorld({ env: { STRIPE_API_KEY: 'sk_test_of_tests', STRIPE_API_BASE: stripe.url } })
    const event = stripeEvent('payment_intent.succeeded', paymentIntent({ receipt_email: null, shipping: null }))
    const { body } = await asker.send<Explained>(
      '/v1/explain?source=stripe',
      JSON.stringify(event),
      bearer(keys.operator),
    )
    expect(body).toMatchObject({ status: 'accepted', reason: { code: 'enriching' }, notifications: [] })
    expect(stripe.requests).toEqual([])
    await asker.stop()
    await stripe.close()
  })

  it('of a source that nobody has set up is 404', async () => {
    expect((await explain(shipped(), '?source=nobody')).status).toBe(404)
  })
})

describe('asking', () => {
  it.each([
    ['none', '', 401],
    ['a producer’s', keys.producer, 403],
    ['a viewer’s', keys.viewer, 200],
    ['an operator’s', keys.operator, 200],
  ])('with %s key is answered %#', async (_name, key, status) => {
    expect((await explain(shipped(), '', key)).status).toBe(status)
  })

  it('shows a viewer no addresses, unless it asks for them; that it asked by addresses, and saw some, is recorded', async () => {
    await world.db.query('delete from access_log')
    const toOf = async (query: string) =>
      (await explain(shipped(), query, keys.viewer)).body.notifications.map(({ to }) => to)
    expect(await toOf('')).toEqual(['g***@example.org', '+1***77'])
    expect(await toOf('?reveal=true')).toEqual(['grace@example.org', '+14155550177'])
    const { rows } = await world.db.query('select key_name, what, subject, whose from access_log order by id')
    const entry = (what: string) => {
      const whose = expect.arrayContaining(['grace@example.org', '+14155550177'])
      return { key_name: 'viewer', what, subject: 'an event explained', whose }
    }
    expect(rows).toEqual(['searched by address', 'searched by address', 'revealed addresses'].map(entry))
  })

  it('for as many recipients as an event may have is recorded with the addresses of each', async () => {
    await world.db.query('delete from access_log')
    const recipients = Array.from({ length: 10_000 }, (_, i) => ({
      ...{ id: `u${i}@example.org`, email: `e${i}@example.org` },
      phone: `+1415555${String(i).padStart(4, '0')}`,
    }))
    const { recipient: _, ...event } = shipped()
    expect((await explain({ ...event, recipients }, '', keys.viewer)).status).toBe(200)
    const { rows } = await world.db.query('select cardinality(whose) as whose from access_log')
    expect(rows).toEqual([{ whose: 30_000 }])
  })

  it.each([
    ['no JSON', 'nonsense', {}, 400],
    ['nothing', '', {}, 400],
    ['no event', '[]', {}, 400],
    ['data that does not fit', shipped({ data: { orderNumber: 7 } }), {}, 422],
    ['malformed addresses', shipped({ recipient: { email: 'not one', phone: '12' } }), {}, 422],
    ['another content type', '<xml/>', { 'content-type': 'text/xml' }, 415],
    ['eleven mebibytes', 'x'.repeat(11 * 1024 * 1024), {}, 413],
  ])('of %s is refused as the event itself is', async (_name, event, more, status) => {
    const body = typeof event === 'string' ? event : JSON.stringify(event)
    const [explained, posted] = await Promise.all(
      ['/v1/explain', '/v1/events'].map((path) =>
        world.send<Problem>(path, body, { ...bearer(keys.operator), ...more }),
      ),
    )
    expect(explained?.status).toBe(status)
    expect(explained?.body).toEqual({ ...posted?.body, requestId: expect.any(String) })
  })

  it('with a wrong query is 400', async () => {
    expect((await explain(shipped(), '?from=shop')).status).toBe(400)
  })
})
