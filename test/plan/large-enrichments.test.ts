// Large events that lack an address: while their source is asked, their bodies are not in memory.
import v8 from 'node:v8'
import vm from 'node:vm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { enrich } from '../../src/plan/enrich.ts'
import { plan } from '../../src/plan/plan.ts'
import { translateStripe } from '../../src/sources/stripe/translate.ts'
import { paymentIntent, stripeEvent } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { type StripeVendor, startStripe } from '../helper/stripe-vendor.ts'
import { eventually } from '../helper/world.ts'

v8.setFlagsFromString('--expose-gc')
const collect = vm.runInNewContext('gc') as () => void

let stripe: StripeVendor
let stage: Stage
beforeAll(async () => {
  stripe = await startStripe()
})
beforeEach(async () => {
  stage = await startStage({ STRIPE_API_KEY: 'rk_test_of_large_events_1', STRIPE_API_BASE: stripe.url })
})
afterEach(() => stage.stop())
afterAll(() => stripe.close())

/** The customer of each is another, and of `bytes` is a note. */
async function accepted(customer: string, bytes: number): Promise<string> {
  const object = paymentIntent({ receipt_email: null, shipping: null, invoice: null, customer })
  const event = stripeEvent('payment_intent.succeeded', { ...object, description: 'x'.repeat(bytes) })
  const translation = translateStripe(Buffer.from(JSON.stringify(event)))
  const id = await stage.accepted(event, { source: 'stripe', translation, reportsFaultsToSender: false })
  await plan(stage.ctx, id)
  return id
}

/** The large bodies that statements have read, as long as anything holds them. */
function bodiesRead(): WeakRef<Buffer>[] {
  const read: WeakRef<Buffer>[] = []
  const query = stage.ctx.db.query as (...args: unknown[]) => Promise<{ rows: { raw?: Buffer | null }[] }>
  const noting = async (...args: unknown[]) => {
    const answer = await query.apply(stage.ctx.db, args)
    for (const { raw } of answer.rows) if (raw && raw.length > 300_000) read.push(new WeakRef(raw))
    return answer
  }
  // Not a spy, which keeps all answers.
  stage.ctx.db.query = noting as typeof stage.ctx.db.query
  return read
}

it('and one whose answer does not come keeps no other waiting', async () => {
  const customers = ['cus_1', 'cus_2', 'cus_3', 'cus_4', 'cus_5']
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  const { promise: last, resolve: answerLast } = Promise.withResolvers<void>()
  stripe.answer(({ path }) => {
    const id = path.split('/').at(-1) ?? ''
    const json = { id, object: 'customer', email: `${id}@example.com`, phone: null }
    return { json, after: id === 'cus_1' ? last : answered }
  })
  const ids: string[] = []
  for (const customer of customers) ids.push(await accepted(customer, 400_000))
  const read = bodiesRead()
  const all = ids.map((id) => enrich(stage.ctx, id))
  await stripe.waitForRequests(customers.length)
  expect(read).toHaveLength(customers.length)
  // The connection may still have its latest answer.
  await eventually(async () => {
    collect()
    return read.filter((body) => body.deref()).length <= 1
  })
  answer()
  await Promise.all(all.slice(1))
  answerLast()
  await all[0]
  const { rows } = await stage.db.query('select state, count(*)::integer as n from event_enrichments group by 1')
  expect(rows).toEqual([{ state: 'answered', n: 5 }])
})
