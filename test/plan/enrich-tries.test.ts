// A look-up that fails, or ends the process, is tried a few times; then its event is planned without an answer, so that none
// can loop.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import { enrich } from '../../src/plan/enrich.ts'
import { plan } from '../../src/plan/plan.ts'
import type { Enrich } from '../../src/sources/source.ts'
import { translateStripe } from '../../src/sources/stripe/translate.ts'
import { beginEnrichment } from '../../src/store/events/enrichments.ts'
import { paymentIntent, stripeEvent } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { type StripeVendor, startStripe } from '../helper/stripe-vendor.ts'

let stripe: StripeVendor
let stage: Stage
beforeAll(async () => {
  stripe = await startStripe()
})
beforeEach(async () => {
  stage = await startStage({ STRIPE_API_KEY: 'rk_test_of_the_look_ups_1234', STRIPE_API_BASE: stripe.url })
})
afterEach(() => stage.stop())
afterAll(() => stripe.close())

const paid = () =>
  stripeEvent('payment_intent.succeeded', paymentIntent({ receipt_email: null, shipping: null, invoice: null }))

async function asking(): Promise<string> {
  const event = paid()
  const translation = translateStripe(Buffer.from(JSON.stringify(event)))
  const id = await stage.accepted(event, { source: 'stripe', translation, reportsFaultsToSender: false })
  await plan(stage.ctx, id)
  return id
}

const withAsk = (ask: Enrich): Ctx => {
  const { sources } = stage.ctx
  return { ...stage.ctx, sources: { ...sources, named: (name) => ({ ...sources.named(name), enrich: ask }) } }
}
const failing = (error: Error) =>
  withAsk(async () => {
    throw error
  })

const row = async (id: string) => {
  const { rows } = await stage.db.query(
    `select e.status, e.plan_tries, l.state, l.reason_text from events e join event_enrichments l on l.event_id = e.id
     where e.id = $1`,
    [id],
  )
  return rows[0]
}
const givenUp = {
  state: 'failed',
  plan_tries: 0,
  reason_text: 'Asking the source failed, or ended the process, 5 times in a row.',
}

describe('a look-up', () => {
  it('that fails five times is given up at the sixth, and its event is planned without it', async () => {
    const id = await asking()
    for (const plan_tries of [1, 2, 3, 4, 5]) {
      await expect(enrich(failing(new Error('a bug')), id)).rejects.toThrow('a bug')
      expect(await row(id)).toMatchObject({ status: 'accepted', state: 'open', plan_tries })
    }
    await enrich(stage.ctx, id)
    expect(await row(id)).toMatchObject(givenUp)
    await plan(stage.ctx, id)
    expect((await row(id)).status).not.toBe('accepted')
  })

  it('that ends the process five times is given up too, and others wait for its time to be over', async () => {
    const id = await asking()
    let asked = 0
    const dying = withAsk(() => {
      asked += 1
      return new Promise<never>(() => {})
    })
    for (const death of [1, 2, 3, 4, 5]) {
      const until = new Date(stage.clock.now().getTime() + 30_000)
      // The first is not one of several in turn; those that follow would wait for it in this process.
      if (death === 1) void enrich(dying, id)
      else await beginEnrichment(stage.db, id, { which: 'tried', now: stage.clock.now(), until })
      await expect.poll(async () => (await row(id)).plan_tries).toBe(death)
      await enrich(stage.ctx, id)
      expect(await row(id), 'another has it').toMatchObject({ state: 'open', plan_tries: death })
      stage.clock.advance(30_000)
    }
    expect(asked).toBe(1)
    await enrich(stage.ctx, id)
    expect(await row(id)).toMatchObject(givenUp)
  })

  it('that fails while the database is away is not blamed for it', async () => {
    const id = await asking()
    const away = Object.assign(new Error('terminating connection'), { code: '57P01' })
    await expect(enrich(failing(away), id)).rejects.toThrow(away)
    expect(await row(id)).toMatchObject({ state: 'open', plan_tries: 0 })
  })
})
