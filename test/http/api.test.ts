// Questions over HTTP: lists with their filters and pages, one with its audit, roles, masks, previews, health.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseQuery } from '../../src/http/few-names.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import { ordered, paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { type EventAudit, keys, type NotificationShown, type Problem, startWorld, type World } from '../helper/world.ts'

interface List<T> {
  data: T[]
  nextCursor: string | null
}

let world: World
let ids: { shipped: string; ordered: string; paid: string; ignored: string }

beforeAll(async () => {
  world = await startWorld()
  const posted = [
    await world.app(shipped()),
    await world.app(ordered({ recipient: { id: 'cus_8', email: 'Alan@Example.org' }, reference: 'ORD-88' })),
    await world.stripe(
      stripeEvent(
        'payment_intent.succeeded',
        paymentIntent({ id: 'pi_known', metadata: { order_id: 'A-9', reference: 'R-9' } }),
      ),
    ),
    await world.app({ type: 'warehouse.moved', data: {}, reference: 'SHELF-3' }),
  ]
  const [first, second, third, fourth] = posted.map((p) => p.body.id)
  ids = { shipped: first ?? '', ordered: second ?? '', paid: third ?? '', ignored: fourth ?? '' }
  await world.quiet()
})
afterAll(() => world.stop())

const notifications = async (query: string, key?: string) =>
  (await world.get<List<NotificationShown>>(`/v1/notifications?${query}`, key)).body
const events = async (query: string) => (await world.get<List<EventAudit>>(`/v1/events?${query}`)).body

describe('notifications', () => {
  it.each([
    ['recipient=cus_7', 4],
    ['recipient=alan@example.org', 1],
    ['recipient=%2B14155550177', 2],
    ['recipient=+14155550177', 2],
    ['reference=ORD-88', 1],
    ['reference=R-9', 2],
    ['reference=A-9', 2],
    ['reference=pi_known', 2],
    ['notifier=order-shipped', 2],
    ['channel=email', 3],
    ['channel=callback', 0],
    ['state=suppressed', 0],
    ['provider=sandbox', 5],
    ['event_type=order.created', 1],
    ['eventType=payment_intent.succeeded', 2],
    ['eventType=order.created', 1],
    ['event_type=payment.received', 2],
    ['source=stripe', 2],
    ['source=shop&channel=sms&state=sent', 1],
    ['since=2100-01-01', 0],
    ['until=2100-01-01T00:00:00Z', 5],
    ['recipient=nobody', 0],
  ])('by %s are %i', async (query, count) => {
    expect((await notifications(query)).data).toHaveLength(count)
  })

  it('come newest first, a page at a time, each once', async () => {
    const seen: string[] = []
    let cursor = ''
    for (let pages = 0; pages < 10; pages++) {
      const page = await notifications(`limit=2${cursor}`)
      expect(page.data.length).toBeLessThanOrEqual(2)
      seen.push(...page.data.map((n) => n.id))
      if (!page.nextCursor) break
      cursor = `&cursor=${page.nextCursor}`
    }
    const whole = (await notifications('limit=200')).data
    expect(seen).toEqual(whole.map((n) => n.id))
    expect(new Set(seen).size).toBe(5)
    const times = whole.map((n) => n.createdAt)
    expect(times).toEqual([...times].sort().reverse())
  })

  it('have exactly the contract’s fields', async () => {
    const [first] = (await notifications('notifier=order-shipped&channel=email')).data
    expect(Object.keys(first ?? {}).sort()).toEqual(
      `id eventId eventType source notifier category channel to recipientId reference state reason priority provider
       providerMessageId scheduledFor expiresAt createdAt sentAt deliveredAt openedAt clickedAt subject`
        .split(/\s+/)
        .sort(),
    )
  })

  it.each([
    'limit=201',
    'limit=0',
    'limit=x',
    'state=lost',
    'channel=fax',
    'since=yesterday',
    'cursor=nonsense',
    'color=blue',
  ])('refuse %s', async (query) => {
    const { status, headers, body } = await world.get<Problem>(`/v1/notifications?${query}`)
    expect(status).toBe(400)
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(body.errors?.length).toBeGreaterThan(0)
  })

  it('of an unknown id are 404', async () => {
    for (const id of ['nothing', crypto.randomUUID()])
      expect((await world.get(`/v1/notifications/${id}`)).status).toBe(404)
  })
})

describe('a viewer', () => {
  it('sees addresses masked, unless it asks, which is recorded', async () => {
    const masked = await notifications('recipient=cus_7&channel=email&notifier=order-shipped', keys.viewer)
    expect(masked.data[0]?.to).toBe('g***@example.org')
    const shown = await notifications('recipient=cus_7&channel=email&notifier=order-shipped&reveal=true', keys.viewer)
    expect(shown.data[0]?.to).toBe('grace@example.org')
    const event = await world.get<EventAudit>(`/v1/events/${ids.shipped}`, keys.viewer)
    expect(event.body.body).not.toContain('grace@')
    expect(event.body.body).not.toContain('4155550177')
    const { rows } = await world.db.query('select key_name, what, subject, whose from access_log')
    expect(rows).toEqual([
      { key_name: 'viewer', what: 'revealed addresses', subject: 'notifications', whose: ['grace@example.org'] },
    ])
  })
})

describe('keys', () => {
  it('of one owner may be two while one replaces the other, and each is that owner', async () => {
    const [old, fresh] = ['the-older-key-of-ops', 'the-newer-key-of-ops']
    const rotating = await startWorld({ env: { API_KEYS: `ops:operator:${old},ops:operator:${fresh}` } })
    for (const key of [old, fresh]) {
      expect((await rotating.get('/v1/notifications', key)).status).toBe(200)
      const put = await rotating.call('PUT', `/v1/suppressions/email/${key}@example.com`, { reason: 'asked' }, key)
      expect(put.status).toBeLessThan(300)
    }
    const { rows } = await rotating.db.query('select distinct source from suppressions')
    expect(rows).toHaveLength(1)
    expect((await rotating.get('/v1/notifications', 'a-key-that-was-removed')).status).toBe(401)
    await rotating.stop()
  })

  it.each([
    ['none', '', 401],
    ['a wrong one', 'nonsense', 401],
    ['a producer’s', keys.producer, 403],
    ['a viewer’s', keys.viewer, 200],
    ['an operator’s', keys.operator, 200],
  ])('%s: reading is %#', async (_name, key, status) => {
    for (const path of [
      '/v1/notifications',
      '/v1/events',
      '/v1/notifiers',
      `/v1/events/${ids.paid}`,
      '/v1/notifiers/order-shipped/preview',
    ])
      expect((await world.get(path, key)).status, path).toBe(status)
  })
})

describe('events', () => {
  it.each([
    ['type=order.shipped', 1],
    ['type=payment_intent.succeeded', 1],
    ['source=shop', 3],
    ['status=ignored', 1],
    ['status=planned', 3],
    ['reference=A-9', 1],
    ['reference=SHELF-3', 1],
    ['since=2100-01-01', 0],
  ])('by %s are %i', async (query, count) => {
    expect((await events(query)).data).toHaveLength(count)
  })

  it('show what became of them', async () => {
    const [event] = (await events('reference=ORD-88')).data
    expect(event).toMatchObject({
      id: ids.ordered,
      source: 'shop',
      type: 'order.created',
      status: 'planned',
      counts: { sent: 1 },
    })
    expect(await world.event(ids.paid)).toMatchObject({ reference: 'R-9', livemode: false, counts: { sent: 2 } })
  })

  it('look at 200 names of a query or a body at most, however many are given', async () => {
    const names = Array.from({ length: 2500 }, (_, i) => `n${i.toString(36)}`)
    const asked = await world.get<Problem>(`/v1/notifications?${names.map((name) => `${name}=`).join('&')}`)
    expect(asked.status).toBe(400)
    expect(asked.body.errors).toHaveLength(100)
    expect(parseQuery(names.join('&')), 'what is left out').not.toHaveProperty(names[200] ?? '')
    const headers = { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' }
    const body = JSON.stringify(Object.fromEntries(names.map((name) => [name, 1])))
    const posted = await fetch(`${world.url}/v1/cancellations`, { method: 'POST', headers, body })
    expect(posted.status).toBe(400)
    expect(await posted.json()).toMatchObject({ detail: 'The body has more than 200 fields.' })
  })

  it('refuse what is no filter', async () => {
    for (const query of ['status=lost', 'limit=500', 'nonsense=1'])
      expect((await world.get(`/v1/events?${query}`)).status).toBe(400)
    expect((await world.get(`/v1/events/${crypto.randomUUID()}`)).status).toBe(404)
  })
})

describe('notifiers', () => {
  it('come with schema and sample', async () => {
    const { body } =
      await world.get<
        List<{ name: string; on: string[]; channels: string[]; schema: object; sample: { type: string } }>
      >('/v1/notifiers')
    expect(body.data.map(({ name, channels }) => [name, channels])).toEqual(
      notifiers.map(({ name, channels }) => [name, channels]),
    )
    for (const { name, on, schema, sample } of body.data) {
      expect(schema, name).toMatchObject({ type: 'object', properties: expect.any(Object) })
      expect(sample.type).toBe(on[0])
    }
    const onTrialEnding = body.data.find(({ name }) => name === 'trial-ending')?.on
    expect(onTrialEnding).toEqual(['subscription.trial_ending', 'stripe:customer.subscription.trial_will_end'])
  })

  it('take a locale as events may spell it, and an empty one as none', async () => {
    const shown = async (query: string) => {
      const { status, body } = await world.get<string>(`/v1/notifiers/order-confirmation/preview?${query}`)
      expect(status, query).toBe(200)
      return body
    }
    for (const [spelled, locale] of [
      ['es_MX', 'es-MX'],
      ['en_us', 'en-US'],
    ])
      expect(await shown(`locale=${spelled}`)).toBe(await shown(`locale=${locale}`))
    expect(await shown('locale=es_MX')).not.toBe(await shown('locale=en-US'))
    expect(await shown('locale=')).toBe(await shown('format=html'))
    expect(await shown('locale=pt_BR')).toContain('<html')
  })

  it('say what there is no preview of', async () => {
    expect((await world.get('/v1/notifiers/nobody/preview')).status).toBe(404)
    expect((await world.get('/v1/notifiers/order-accepted/preview?format=sms')).status).toBe(404)
    expect((await world.get('/v1/notifiers/order-shipped/preview?format=pdf')).status).toBe(400)
    expect((await world.get('/v1/notifiers/order-shipped/preview?locale=not_a_locale!')).status).toBe(400)
  })
})

describe('without a key', () => {
  it('it says that it is alive and ready', async () => {
    expect(await world.get('/healthz', '')).toMatchObject({ status: 200, body: { status: 'alive' } })
    expect(await world.get('/readyz', '')).toMatchObject({ status: 200, body: { status: 'ready' } })
  })

  it('what is not there is a problem', async () => {
    expect(await world.get('/nothing?recipient=x', '')).toMatchObject({
      status: 404,
      body: { status: 404, code: 'route_unknown' },
    })
  })
})

describe('a worker alone', () => {
  it('answers for its health only', async () => {
    const worker = await startWorld({ env: { POSTHORN_ROLES: 'worker' } })
    expect((await worker.get('/readyz', '')).status).toBe(200)
    expect((await worker.get('/v1/notifications')).status).toBe(404)
    expect((await worker.app(shipped())).status).toBe(404)
    await worker.stop()
  })
})
