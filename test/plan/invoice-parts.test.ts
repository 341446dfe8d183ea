// An invoice that PaymentIntents pay in parts, where only `invoice_payment.paid` says so: each part is reported once, in
// whatever order the events come. Without a key to ask Stripe by.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plan } from '../../src/plan/plan.ts'
import { partsComeWithinMs } from '../../src/policy/payment-parts.ts'
import { transaction } from '../../src/store/db.ts'
import { lockPayment } from '../../src/store/events/payments.ts'
import { stripeEvent } from '../helper/events.ts'
import {
  come as comeTo,
  eventsOf as eventsOfParts,
  ordersOf,
  toldOf as toldOfParts,
  waitingOf,
} from '../helper/invoice-parts.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
  const payment = { type: 'payment_intent', payment_intent: 'pi_other' }
  await come(stripeEvent('invoice_payment.paid', { object: 'invoice_payment', invoice: 'in_other', payment }))
})
afterAll(() => stage.stop())

const amounts = { a: 5000, b: 2500, c: 1500 }
const eventsOf = (of: object = {}) => eventsOfParts(stage, amounts, { of })
const come = (event: object) => comeTo(stage, event)
const endOf = (ids: Map<string, string>) => toldOfParts(stage, ids)

/** The events that notified, after all have come one after the other, and the waits have ended. */
async function toldOf(order: string[], events = eventsOf()): Promise<string> {
  const ids = new Map<string, string>()
  for (const name of order) {
    stage.clock.advance(500)
    ids.set(await come(events[name] ?? {}), name)
  }
  return endOf(ids)
}

/** Each part by itself, or all of them by the invoice. */
const right = (order: string[]) => (order.indexOf('V') < order.findIndex((name) => /[abc]/.test(name)) ? 'V' : 'abc')

const orders = ordersOf(['a', 'b', 'c', 'V'])
/** The invoice in each place among its parts, in two orders of theirs. */
const someOrders = orders.filter((order) => /^(abc|cba)$/.test(order.join('').replace('V', '')))
const links = ['A', 'B', 'C']
/** Each link after its part, and before it; all links before all parts, and after them. */
const cases = [
  ...orders.map((order) => order.flatMap((name) => (name === 'V' ? [name] : [name, name.toUpperCase()]))),
  ...orders.map((order) => order.flatMap((name) => (name === 'V' ? [name] : [name.toUpperCase(), name]))),
  ...someOrders.map((order) => [...links, ...order]),
  ...someOrders.map((order) => [...order, ...links]),
]
const random = seeded(11)
const shuffled = Array.from({ length: 20 }, () =>
  ['a', 'b', 'c', 'V', ...links]
    .map((name) => [random(), name] as const)
    .sort(([x], [y]) => x - y)
    .map(([, name]) => name),
)
it.each([...cases, ...shuffled].map((order) => [order.join(' '), order] as const))(
  'each part is reported once in the order %s',
  async (_, order) => expect(await toldOf(order)).toEqual(right(order)),
)

it('each part is reported once if the last one and the invoice come at the same time', async () => {
  for (const order of ordersOf(['c', 'C', 'V'])) {
    const all = ['a', 'A', 'b', 'B', ...order]
    expect([all, await toldOf(all)]).toEqual([all, 'abc'])
  }
})

it('each part is reported once if all events are planned at the same time', async () => {
  for (let round = 0; round < 5; round++) {
    const events = eventsOf()
    const ids = await Promise.all(
      Object.entries(events).map(async ([name, event]) => [await come(event), name] as const),
    )
    expect(['V', 'abc']).toContain(await endOf(new Map(ids)))
  }
})

it('each part is reported once if all are planned at the same time, once they are linked, and name no customer', async () => {
  for (let round = 0; round < 5; round++) {
    const { A = {}, B = {}, C = {}, ...payments } = eventsOf({ customer: null })
    for (const link of [A, B, C]) await come(link)
    const ids = await Promise.all(
      Object.entries(payments).map(async ([name, event]) => [await come(event), name] as const),
    )
    expect(['V', 'abc']).toContain(await endOf(new Map(ids)))
  }
})

describe('a wait', () => {
  const hour = 3600_000
  const isWaiting = async (id: string) => (await waitingOf(stage, [id])).length > 0

  it('ends after 5 seconds, and then the payment is reported', async () => {
    const { V = {}, a = {} } = eventsOf()
    await come(V)
    const id = await come(a)
    expect(await isWaiting(id)).toBe(true)
    stage.clock.advance(partsComeWithinMs - 1)
    await plan(stage.ctx, id)
    expect(await isWaiting(id)).toBe(true)
    stage.clock.advance(1)
    await plan(stage.ctx, id)
    const { rows } = await stage.db.query('select channel from notifications where event_id = $1', [id])
    expect(rows).toEqual([{ channel: 'email' }])
  })

  it('has its job at its end, and is not overdue before', async () => {
    const { V = {}, a = {} } = eventsOf()
    await come(V)
    const id = await come(a)
    const { rows } = await stage.db.query('select due_at, received_at, plan_tries from events where id = $1', [id])
    expect(rows[0].due_at.getTime()).toBe(rows[0].received_at.getTime() + partsComeWithinMs)
    expect(rows[0].plan_tries).toBe(0)
  })

  /** Those of the events whose plan is due now, and of which a job that can begin at once says so. */
  async function wokenOf(ids: string[]): Promise<string[]> {
    const { rows } = await stage.db.query<{ id: string }>(
      `select e.id from events e where e.id = any($1) and e.status = 'accepted' and e.due_at <= $2
         and exists (select from posthorn_jobs.job j where j.name = 'plan-normal' and j.data->'ids' ? e.id::text
           and j.start_after <= now() + interval '2 s')`,
      [ids, stage.clock.now()],
    )
    return rows.map(({ id }) => id)
  }

  it.each([
    ['a payment', ['V', 'a'], 'A'],
    ['an invoice', ['a', 'V'], 'A'],
    ['an invoice, by the link of its first part', ['a', 'b', 'V'], 'A'],
    ['an invoice, by the link of its last part', ['b', 'a', 'V'], 'A'],
  ])('of %s ends when its link comes', async (_, order, link) => {
    const events = eventsOf()
    let id = ''
    for (const name of order) id = await come(events[name] ?? {})
    expect(await isWaiting(id)).toBe(true)
    expect(await wokenOf([id])).toEqual([])
    stage.clock.advance(100)
    await come(events[link] ?? {})
    expect(await wokenOf([id])).toEqual([id])
    await plan(stage.ctx, id)
    expect(await isWaiting(id)).toBe(false)
    expect((await stage.db.query('select from notifications where event_id = $1', [id])).rowCount).toBe(0)
  })

  it('of two payments ends for the one whose link comes, once where it comes twice', async () => {
    const { V = {}, a = {}, b = {}, A = {} } = eventsOf()
    await come(V)
    const [one, other] = [await come(a), await come(b)]
    expect((await waitingOf(stage, [one, other])).toSorted()).toEqual([one, other].toSorted())
    const jobsOfOne = async () =>
      (await stage.db.query(`select from posthorn_jobs.job where name ~ '^plan' and data->'ids' ? $1`, [one])).rowCount
    const raw = Buffer.from(JSON.stringify(A))
    const link = { source: 'stripe', sourceId: 'evt_that_links', raw, reportsFaultsToSender: false }
    await stage.accepted(A, link)
    const before = await jobsOfOne()
    await stage.accepted(A, link)
    expect(await wokenOf([one, other])).toEqual([one])
    expect(await jobsOfOne(), 'the same link again wakes nobody').toBe(before)
  })

  it('goes on to the end of its 5 seconds where the link is of another part', async () => {
    const { V = {}, a = {}, C = {} } = eventsOf()
    await come(a)
    const id = await come(V)
    stage.clock.advance(1000)
    await come(C)
    expect(await wokenOf([id])).toEqual([id])
    await plan(stage.ctx, id)
    expect(await isWaiting(id)).toBe(true)
    const { rows } = await stage.db.query('select due_at, received_at from events where id = $1', [id])
    expect(rows[0].due_at.getTime()).toBe(rows[0].received_at.getTime() + partsComeWithinMs)
  })

  it('holds up no webhook: a link is accepted while the payment is planned, which then ends by itself', async () => {
    const { V = {}, a = {}, A = {} } = eventsOf()
    await come(V)
    const id = await come(a)
    const translation = await stage.ctx.sources.named('stripe').translate(Buffer.from(JSON.stringify(a)))
    const payment = translation.ok && translation.content.payment
    if (!payment) throw new Error('it is no payment')
    await transaction(stage.db, async (tx) => {
      await lockPayment(tx, payment, true)
      await tx.query('select from events where id = $1 for update', [id])
      await come(A)
      expect(await wokenOf([id])).toEqual([])
    })
    stage.clock.advance(partsComeWithinMs)
    await plan(stage.ctx, id)
    expect(await isWaiting(id)).toBe(false)
  })

  it.each([
    ['of another customer', { customer: 'cus_else' }, 0],
    ['in another currency', { currency: 'usd' }, 0],
    ['of the whole sum', { amount: 9000, amount_received: 9000 }, 0],
    ['of more than the invoice', { amount: 9001, amount_received: 9001 }, 0],
    ['known to pay no invoice', { invoice: null }, 0],
    ['after the invoice’s day', {}, hour],
  ])('is not for a payment %s', async (_, more, later) => {
    const { V = {}, a = {} } = eventsOf()
    await come(V)
    const { data, created } = a as { data: { object: object }; created: number }
    const other = { ...a, data: { object: { ...data.object, ...more } }, created: created + later / 1000 }
    expect(await isWaiting(await come(other))).toBe(false)
  })
})

/** A linear congruential generator: the same numbers each time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
