// An invoice that PaymentIntents pay in parts, where nothing but the sums says so: without a key to ask Stripe by, and without
// events that link them. Each part is reported once, or the whole if the invoice's event comes first, in whatever order.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plan } from '../../src/plan/plan.ts'
import { partsComeWithinMs } from '../../src/policy/payment-parts.ts'
import { come, eventsOf, ordersOf, toldOf, waitingOf } from '../helper/invoice-parts.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
})
afterAll(() => stage.stop())

const ofTwo = { a: 6000, b: 4000 }
const ofThree = { a: 5000, b: 2500, c: 1500 }
const eventsOfIt = (amounts: Record<string, number>) => eventsOf(stage, amounts)
const namesOf = (amounts: Record<string, number>) => [...Object.keys(amounts), 'V']

/** Has the events that need wait no longer planned by the jobs that are there for it, as a worker would. */
async function work(): Promise<void> {
  const { rows } = await stage.db.query<{ id: string }>(
    `select e.id from events e where e.status = 'accepted' and e.due_at <= $1
       and exists (select from posthorn_jobs.job j where j.name = 'plan-normal' and j.data->'ids' ? e.id::text
         and j.start_after <= now() + interval '2 s') order by e.id desc`,
    [stage.clock.now()],
  )
  for (const { id } of rows) await plan(stage.ctx, id)
}

async function comeInOrder(order: string[], events: Record<string, object>): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const name of order) {
    stage.clock.advance(500)
    ids.set(await come(stage, events[name] ?? {}), name)
    await work()
  }
  return ids
}

async function comeAtOnce(events: [string, object][]): Promise<Map<string, string>> {
  const ids = await Promise.all(events.map(async ([name, event]) => [await come(stage, event), name] as const))
  await work()
  return new Map(ids)
}

describe.each([
  ['two parts', ofTwo],
  ['three parts', ofThree],
])('%s', (_, amounts) => {
  const parts = Object.keys(amounts).join('')
  it.each(ordersOf(namesOf(amounts)).map((order) => [order.join(' '), order] as const))(
    'are reported once in the order %s, and nothing waits once all have come',
    async (_, order) => {
      const ids = await comeInOrder(order, eventsOfIt(amounts))
      expect(await waitingOf(stage, [...ids.keys()])).toEqual([])
      expect(await toldOf(stage, ids)).toEqual(order[0] === 'V' ? 'V' : parts)
    },
  )

  it('are reported once if all events are planned at the same time', async () => {
    for (const order of ordersOf(namesOf(amounts))) {
      const { ...events } = eventsOfIt(amounts)
      const ids = await comeAtOnce(order.map((name) => [name, events[name] ?? {}]))
      expect(await waitingOf(stage, [...ids.keys()])).toEqual([])
      expect([parts, 'V']).toContain(await toldOf(stage, ids))
    }
  })
})

describe('two invoices of one customer at the same time', () => {
  const random = seeded(7)
  const shuffled = <T>(all: T[]): T[] =>
    all
      .map((one) => [random(), one] as const)
      .sort(([x], [y]) => x - y)
      .map(([, one]) => one)

  it.each([
    ['of different sums', { a: 5000, b: 2500, c: 1500 }, { d: 4000, e: 3100 }],
    ['of the same sum', { a: 6000, b: 4000 }, { d: 7000, e: 3000 }],
    ['in the same parts', { a: 6000, b: 4000 }, { d: 6000, e: 4000 }],
  ])('%s: what people read adds up to both', async (_, first, second) => {
    for (let round = 0; round < 12; round++) {
      const of = { customer: `cus_both_${crypto.randomUUID()}` }
      const [one, other] = [first, second].map((amounts) => eventsOf(stage, amounts, { of }))
      const amounts: Record<string, number> = { ...first, ...second, V: sumOf(first), W: sumOf(second) }
      const events: Record<string, object> = { ...one, ...other, V: one?.V ?? {}, W: other?.V ?? {} }
      const order = shuffled(Object.keys(amounts))
      const told = await toldOf(stage, await comeInOrder(order, events))
      expect([order, told, sumOf([...told].map((name) => amounts[name] ?? 0))]).toEqual([
        order,
        told,
        sumOf(first) + sumOf(second),
      ])
    }
  })
})

describe('a payment that is not a part', () => {
  const invoiceFirst = async (events: Record<string, object>) => come(stage, events.V ?? {})

  it('is reported after 5 seconds if it might be one, and not before', async () => {
    const events = eventsOfIt(ofTwo)
    await invoiceFirst(events)
    const id = await come(stage, events.a ?? {})
    stage.clock.advance(partsComeWithinMs - 1)
    await plan(stage.ctx, id)
    expect(await waitingOf(stage, [id])).toEqual([id])
    stage.clock.advance(1)
    await plan(stage.ctx, id)
    const { rows } = await stage.db.query('select channel from notifications where event_id = $1', [id])
    expect(rows).toEqual([{ channel: 'email' }])
  })

  it('is reported beside another that is none, and once, also if both waited', async () => {
    const amounts = { a: 6000, b: 4000, c: 2000 }
    const events = eventsOfIt(amounts)
    const ids = await comeInOrder(['V', 'a', 'b'], events)
    expect(await toldOf(stage, ids)).toBe('Vab')
    expect(await toldOf(stage, await comeInOrder(['a', 'b'], events))).toBe('')
  })

  it('does not wait for an invoice whose own payment is known', async () => {
    const events = eventsOfIt(ofTwo)
    const whole = { amount: 10_000, amount_received: 10_000 }
    const { own = {} } = eventsOf(stage, { own: 1 }, { of: { customer: customerOf(events.V) }, more: { own: whole } })
    const ids = await comeInOrder(['V', 'own', 'a'], { ...events, own })
    expect(await waitingOf(stage, [...ids.keys()])).toEqual([])
    expect(await toldOf(stage, ids)).toBe('Va')
  })

  it.each([
    ['of another customer', { customer: 'cus_else' }],
    ['of no customer', { customer: null }],
    ['in another currency', { currency: 'usd' }],
    ['of more than the invoice', { amount: 10_001, amount_received: 10_001 }],
    ['known to pay no invoice', { invoice: null }],
    ['of another order', { metadata: { order_number: 'ORD-8' } }],
  ])('%s does not wait', async (_, more) => {
    const events = eventsOf(stage, ofTwo, { more: { a: more, V: { metadata: { order_number: 'ORD-7' } } } })
    await invoiceFirst(events)
    const id = await come(stage, events.a ?? {})
    expect(await waitingOf(stage, [id])).toEqual([])
    expect((await stage.db.query('select from notifications where event_id = $1', [id])).rowCount).toBe(1)
  })

  it('more than 10 minutes apart does not wait', async () => {
    const events = eventsOfIt(ofTwo)
    await invoiceFirst(events)
    const { created, ...late } = events.a as { created: number }
    const id = await come(stage, { ...late, created: created + 601 })
    expect(await waitingOf(stage, [id])).toEqual([])
  })

  it('is not swallowed because the sums of two orders agree', async () => {
    const orders = { V: { metadata: { order_number: 'ORD-7' } }, b: { metadata: { order_number: 'ORD-8' } } }
    const events = eventsOf(stage, ofTwo, { more: orders })
    expect(await toldOf(stage, await comeInOrder(['V', 'a', 'b'], events))).toBe('Vab')
  })
})

describe('a wait', () => {
  it('has its job at its end, and another process goes on with it', async () => {
    const events = eventsOfIt(ofTwo)
    await come(stage, events.V ?? {})
    const id = await come(stage, events.a ?? {})
    const { rows } = await stage.db.query(
      `select extract(epoch from j.start_after - j.created_on)::int as seconds from posthorn_jobs.job j
       where j.data->'ids' ? $1 and j.start_after > now() + interval '3 s'`,
      [id],
    )
    expect(rows).toEqual([{ seconds: partsComeWithinMs / 1000 }])
    const last = await come(stage, events.b ?? {})
    await plan(await stage.another(), id)
    expect(await waitingOf(stage, [id, last])).toEqual([])
    expect((await stage.db.query('select from notifications where event_id = any($1)', [[id, last]])).rowCount).toBe(0)
  })

  it('is as long if planning was late, since what it waits for is late as well', async () => {
    const events = eventsOfIt(ofTwo)
    await come(stage, events.V ?? {})
    const raw = Buffer.from(JSON.stringify(events.a))
    const id = await stage.accepted(events.a ?? {}, {
      source: 'stripe',
      sourceId: `evt_late_${crypto.randomUUID()}`,
      raw,
    })
    stage.clock.advance(60_000)
    await plan(stage.ctx, id)
    expect(await waitingOf(stage, [id])).toEqual([id])
    const ids = new Map([[id, 'a']])
    ids.set(await come(stage, events.b ?? {}), 'b')
    expect(await toldOf(stage, ids)).toBe('')
  })

  it('shows the parts of an invoice, which are then no parts of the next one', async () => {
    const of = { customer: `cus_monthly_${crypto.randomUUID()}` }
    const [june, july] = [eventsOf(stage, ofTwo, { of }), eventsOf(stage, ofTwo, { of })]
    expect(await toldOf(stage, await comeInOrder(['a', 'b', 'V'], june))).toBe('ab')
    expect(await toldOf(stage, await comeInOrder(['V', 'b', 'a'], july))).toBe('V')
  })
})

function customerOf(event: object = {}): string {
  return (event as { data: { object: { customer: string } } }).data.object.customer
}

function sumOf(amounts: Record<string, number> | number[]): number {
  return Object.values(amounts).reduce((one, other) => one + other, 0)
}

/** A linear congruential generator: the same numbers each time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
