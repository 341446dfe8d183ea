// Webhooks in: what is kept, what is refused, and that a refusal queues nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemShape } from '../../src/http/problems/problem-shape.ts'
import { shipped } from '../helper/events.ts'
import { signedApp, signedStripe } from '../helper/signed.ts'
import { type Accepted, keys, type Problem, shopSecret, startWorld, stripeSecret, type World } from '../helper/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const now = () => Math.floor(Date.now() / 1000)
const json = { 'content-type': 'application/json' }
const bearer = (key: string) => ({ ...json, authorization: `Bearer ${key}` })

/** How much is stored, once what came before has settled. */
/** Without the alarms of what was done at once, which go some time after it. */
async function stored(): Promise<{ events: number; jobs: number }> {
  await world.quiet()
  const { rows } = await world.db.query(
    `select (select count(*)::integer from events) as events,
       (select count(*)::integer from posthorn_jobs.job where data->'isAlarm' is null) as jobs`,
  )
  return rows[0]
}

describe('an app', () => {
  it('is answered once its event is kept, and the same webhook again changes nothing', async () => {
    const first = await world.app(shipped(), { id: 'msg_same' })
    expect(first).toMatchObject({ status: 200, body: { duplicate: false, status: 'accepted' } })
    const event = await world.event(first.body.id)
    expect(event).toMatchObject({
      source: 'shop',
      sourceId: 'msg_same',
      type: 'order.shipped',
      status: 'planned',
      reference: 'ORD-77',
    })
    expect(event.counts).toEqual({ sent: 2 })

    const again = await world.app(shipped({ reference: 'other' }), { id: 'msg_same' })
    expect(again).toMatchObject({ status: 200, body: { id: first.body.id, duplicate: true, status: 'accepted' } })
    expect((await world.event(first.body.id)).notifications).toHaveLength(2)
  })

  it('makes one notification a channel out of 40 concurrent posts of one event', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => world.app(shipped(), { id: 'msg_forty' })))
    expect(answers.map((a) => a.status)).toEqual(Array(40).fill(200))
    expect(new Set(answers.map((a) => a.body.id)).size).toBe(1)
    expect(answers.filter((a) => !a.body.duplicate)).toHaveLength(1)
    const event = await world.event(answers[0]?.body.id ?? '')
    expect(event.notifications.map((n) => n.channel).sort()).toEqual(['email', 'sms'])
  })

  it('may sign with the svix names', async () => {
    const { payload, headers } = signedApp(shipped(), { secret: shopSecret, style: 'svix' })
    expect(await world.send('/webhooks/apps/shop', payload, headers)).toMatchObject({
      status: 200,
      body: { status: 'accepted' },
    })
  })

  it('has a type without a notifier kept as ignored', async () => {
    const { status, body } = await world.app({ type: 'warehouse.moved', data: { shelf: 3 } })
    expect({ status, body }).toMatchObject({ status: 200, body: { duplicate: false, status: 'ignored' } })
    const event = await world.event(body.id)
    expect(event).toMatchObject({ status: 'ignored', reason: { code: 'no_notifier' }, notifications: [] })
    expect(JSON.parse(event.body)).toEqual({ type: 'warehouse.moved', data: { shelf: 3 } })
  })

  it('with a type that is near a known one says so, in the answer and with the event', async () => {
    const { status, body } = await world.app<{ id: string; hint: string }>({ type: 'order.shiped', data: {} })
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { status: 'ignored', hint: 'No notifier handles `order.shiped`; did you mean `order.shipped`?' },
    })
    expect((await world.event(body.id)).reason?.text).toMatch(/Did you mean `order\.shipped`\?$/)
    expect((await world.app({ type: 'warehouse.moved' })).body).not.toHaveProperty('hint')
  })

  it.each([
    { timestamp: 1764054000 },
    { data: [1] },
    { data: 'text' },
    { recipient: 'cus_42' },
    { recipient: { email: 'nobody' } },
    { id: 12 },
    { reference: 12 },
  ])('has it kept whatever else it says: %o', async (more) => {
    const odd = { type: 'warehouse.moved', reference: 'PALLET-3', ...more }
    const { status, body } = await world.app(odd)
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'ignored' } })
    const event = await world.event(body.id)
    expect(JSON.parse(event.body)).toEqual(odd)
    const found = await world.get<{ data: { id: string }[] }>('/v1/events?reference=PALLET-3')
    if (!('reference' in more)) expect(found.body.data.map(({ id }) => id)).toContain(body.id)
  })
})

describe('a bearer key', () => {
  it('posts events under its own name, distinguished by Idempotency-Key, else by the body’s id, else always new', async () => {
    const post = (event: object, headers: object = {}) =>
      world.send('/v1/events', JSON.stringify(event), { ...bearer(keys.producer), ...headers })
    const keyed = await post(shipped(), { 'idempotency-key': 'k-1' })
    expect(keyed).toMatchObject({ status: 200, body: { duplicate: false } })
    expect((await post(shipped({ id: 'other' }), { 'idempotency-key': 'k-1' })).body).toMatchObject({
      id: keyed.body.id,
      duplicate: true,
    })
    const named = await post(shipped({ id: 'e-1' }))
    expect((await post(shipped({ id: 'e-1' }))).body).toMatchObject({ id: named.body.id, duplicate: true })
    expect((await post(shipped())).body.id).not.toBe((await post(shipped())).body.id)
    expect(await world.event(named.body.id)).toMatchObject({ source: 'backend', sourceId: 'e-1' })
    const odd = { type: 'warehouse.moved', id: 12 }
    const twice = [await post(odd), await post(odd)]
    expect(twice).toMatchObject(Array(2).fill({ status: 200, body: { duplicate: false, status: 'ignored' } }))
    expect(await post(shipped(), { 'idempotency-key': 'k'.repeat(256) })).toMatchObject({ status: 200 })
    expect(await post(shipped(), { 'idempotency-key': 'k'.repeat(257) })).toMatchObject({
      status: 400,
      body: { detail: 'The Idempotency-Key must have at most 256 characters on one line.' },
    })
  })

  it('takes more than one mebibyte', async () => {
    const recipients = Array.from({ length: 2000 }, (_, i) => ({
      email: `p${i}@example.org`,
      name: 'x'.repeat(100),
      id: `p${i}`,
    }))
    const body = JSON.stringify({ type: 'warehouse.moved', data: { padding: 'y'.repeat(2_000_000) }, recipients })
    expect(await world.send('/v1/events', body, bearer(keys.producer))).toMatchObject({ status: 200 })
  })
})

describe('refused, with nothing stored', () => {
  const order = shipped()
  const signed = (body: unknown, options: object = {}) => signedApp(body, { secret: shopSecret, ...options })
  const otherSecret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
  const cases: [string, number, () => Promise<{ status: number; headers: Headers; body: Problem }>][] = [
    ['an app webhook without a signature', 401, () => world.send('/webhooks/apps/shop', JSON.stringify(order), json)],
    [
      'one signed with another secret',
      401,
      () => post('/webhooks/apps/shop', signedApp(order, { secret: otherSecret })),
    ],
    [
      'one whose body was changed',
      401,
      () => post('/webhooks/apps/shop', { ...signed(order), payload: Buffer.from('{}') }),
    ],
    ['one signed six minutes ago', 401, () => world.app(order, { timestamp: now() - 360 })],
    ['one signed six minutes ahead', 401, () => world.app(order, { timestamp: now() + 360 })],
    ['an unknown app', 404, () => post('/webhooks/apps/nobody', signed(order))],
    ['a body that is not JSON', 400, () => world.app('{"type":')],
    ['a list', 400, () => world.app([])],
    ['an event without a type', 400, () => world.app({ data: {} })],
    [
      'another content type',
      415,
      () =>
        post('/webhooks/apps/shop', {
          ...signed(order),
          headers: { ...signed(order).headers, 'content-type': 'text/plain' },
        }),
    ],
    ['a body over one mebibyte', 413, () => world.app(shipped({ padding: 'x'.repeat(1024 * 1024) }))],
    [
      'an event over ten mebibytes',
      413,
      () => world.send('/v1/events', 'x'.repeat(10 * 1024 * 1024 + 1), bearer(keys.producer)),
    ],
    ['an event without a key', 401, () => world.send('/v1/events', JSON.stringify(order), json)],
    ['an event with a wrong key', 401, () => world.send('/v1/events', JSON.stringify(order), bearer('not-a-key'))],
    ['an event with a viewer’s key', 403, () => world.send('/v1/events', JSON.stringify(order), bearer(keys.viewer))],
    ['a Stripe webhook without a signature', 401, () => world.send('/webhooks/stripe', '{}', json)],
    [
      'a Stripe webhook of another secret',
      401,
      () => post('/webhooks/stripe', signedStripe({ id: 'evt_1' }, { secret: 'whsec_other' })),
    ],
    [
      'a Stripe webhook from the future',
      401,
      () => world.stripe({ id: 'evt_1', object: 'event' }, { timestamp: now() + 3600 }),
    ],
    ['a thin Stripe event without a type', 400, () => world.stripe({ id: 'evt_2', object: 'v2.core.event' })],
    ['a Stripe webhook that is no event', 400, () => world.stripe([])],
    ['a source that is not configured', 404, () => world.send('/webhooks/razorpay', '{}', json)],
  ]
  const post = <T = Problem>(
    path: string,
    { payload, headers }: { payload: Buffer; headers: Record<string, string> },
  ) => world.send<T>(path, payload, headers)

  it.each(cases)('%s: %i', async (_name, status, ask) => {
    const before = await stored()
    const { status: answered, headers, body } = await ask()
    expect(answered).toBe(status)
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(body).toMatchObject({
      type: expect.any(String),
      title: expect.any(String),
      status,
      detail: expect.any(String),
    })
    expect(await stored()).toEqual(before)
  })

  it.each(['/webhooks/apps/shop', '/v1/events', '/v1/explain'])(
    'on %s, fields without a meaning: 422 with the names that were meant',
    async (path) => {
      const before = await stored()
      const event = shipped({ send_at: '2026-11-22T09:00:00Z', recipient: { email: 'ada@example.com', mail: 'x' } })
      const headers = path.startsWith('/v1/') ? bearer(keys.operator) : signed(event).headers
      const { status, body } = await world.send<Problem>(path, signed(event).payload, headers)
      expect({ status, body }).toMatchObject({
        status: 422,
        body: {
          code: 'event_invalid',
          errors: [
            { path: 'send_at', message: 'is not a field of an event; did you mean `sendAt`?' },
            { path: 'recipient.mail', message: 'is not a field of a recipient; did you mean `email`?' },
          ],
        },
      })
      expect(await stored()).toEqual(before)
    },
  )

  it('data that does not fit: 422 with every fault’s path', async () => {
    const before = await stored()
    const event = shipped({
      recipient: { email: 'not an address', phone: '12' },
      data: { orderNumber: 7, carrier: 'DHL' },
    })
    const { status, body } = await world.app<Problem>(event)
    expect(status).toBe(422)
    expect(body.errors?.map(({ path }) => path)).toEqual([
      'recipient.email',
      'recipient.phone',
      'data.orderNumber',
      'data.trackingNumber',
    ])
    const data = await world.app<Problem>(shipped({ data: { orderNumber: 7, carrier: 'DHL' } }))
    expect(data.status).toBe(422)
    expect(data.body.errors?.map(({ path }) => path)).toEqual(['data.orderNumber', 'data.trackingNumber'])
    expect(await stored()).toEqual(before)
  })

  it('one malformed address among many: 422, and nobody is notified', async () => {
    const before = await stored()
    const recipients = Array.from({ length: 150 }, (_, i) => ({ email: i === 140 ? 'broken@' : `p${i}@example.org` }))
    const { status, body } = await world.app<Problem>({ type: 'order.shipped', recipients, data: shipped().data })
    expect(status).toBe(422)
    expect(body.errors).toEqual([{ path: 'recipients.140.email', message: expect.any(String) }])
    expect(await stored()).toEqual(before)
  })

  it('lists the first hundred faults of many', async () => {
    const recipients = Array.from({ length: 300 }, () => ({ email: 'broken@' }))
    const { body } = await world.app<Problem>({ type: 'order.shipped', recipients, data: shipped().data })
    expect(body.errors).toHaveLength(100)
  })
})

describe('Stripe', () => {
  it('takes any of several secrets', async () => {
    const two = await startWorld({ env: { STRIPE_WEBHOOK_SECRET: `${stripeSecret}, whsec_of_the_second` } })
    const event = {
      id: 'evt_two',
      object: 'event',
      type: 'customer.created',
      created: 1,
      livemode: true,
      data: { object: { id: 'cus_1' } },
    }
    for (const [secret, duplicate] of [
      ['whsec_of_the_second', false],
      [stripeSecret, true],
    ] as const) {
      const { payload, headers } = signedStripe(event, { secret })
      const answer = await two.send<Accepted>('/webhooks/stripe', payload, headers)
      expect(answer).toMatchObject({ status: 200, body: { duplicate, status: 'ignored' } })
    }
    await two.stop()
  })
})

describe('too many', () => {
  it('are 429 with Retry-After, a source and address at a time', async () => {
    const slow = await startWorld({ env: { INGRESS_RATE_LIMIT: '3' } })
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await slow.app<Problem>(shipped()))
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200, 429])
    expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(problemShape.parse(answers[3]?.body)).toMatchObject({ status: 429, code: 'too_many_requests' })
    expect(answers[3]?.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect((await slow.stripe<Problem>({})).status).toBe(400)
    await slow.stop()
  })

  it('are counted by the source, however its URL is written and whichever way it comes in', async () => {
    const slow = await startWorld({
      env: { INGRESS_RATE_LIMIT: '2', API_KEYS: 'shop:producer:key-of-the-shop-1,till:producer:key-of-the-till-1' },
    })
    const statuses = async (paths: string[], headers = bearer('key-of-nobody')) => {
      const answers = []
      for (const path of paths) answers.push((await slow.send(path, '{}', headers)).status)
      return answers
    }
    const spellings = [
      '/webhooks/apps/shop',
      '/webhooks/apps/sh%6fp',
      '/webhooks/app%73/shop?a=1',
      '/webhooks/apps/%73hop',
    ]
    expect(await statuses(spellings)).toEqual([401, 401, 429, 429])
    expect(await statuses(['/v1/events'], bearer('key-of-the-shop-1'))).toEqual([429])
    expect(await statuses(['/v1/events', '/v1/events', '/v1/events'], bearer('key-of-the-till-1'))).toEqual([
      400, 400, 429,
    ])

    const ofNobody = ['/webhooks/apps/a', '/v1/events', '/webhooks/apps/b', '/webhooks/razorpay', '/v1/events']
    expect(await statuses(ofNobody), 'made-up names are one').toEqual([404, 401, 404, 429, 401])
    await slow.stop()
  })
})
