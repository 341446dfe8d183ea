// A Stripe event that lacks the customer's address: taken at once, Stripe asked by a job of its own, then planned.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { replayEvent } from '../../src/operate/replay.ts'
import { enrich } from '../../src/plan/enrich.ts'
import { plan } from '../../src/plan/plan.ts'
import { sweep } from '../../src/schedule/sweep.ts'
import { translateStripe } from '../../src/sources/stripe/translate.ts'
import { paymentIntent, stripeEvent } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { refusal, type StripeVendor, startStripe } from '../helper/stripe-vendor.ts'
import { startWorld, type World } from '../helper/world.ts'

const key = 'rk_test_of_the_look_ups_1234'
const ada = {
  id: 'cus_7',
  object: 'customer',
  email: 'ada@example.com',
  phone: '+14155550123',
  name: 'Ada Lovelace',
  preferred_locales: ['es-MX'],
}
/** As Stripe sends most of them: it names the customer, and nothing to reach them by. */
const nameless = (more: object = {}) => paymentIntent({ receipt_email: null, shipping: null, invoice: null, ...more })
const paid = (more: object = {}, event: object = {}) => stripeEvent('payment_intent.succeeded', nameless(more), event)

let stripe: StripeVendor
beforeAll(async () => {
  stripe = await startStripe()
})
beforeEach(() => {
  stripe.answers()
  stripe.objects.clear()
  stripe.requests.length = 0
  stripe.objects.set('cus_7', ada)
})
afterAll(() => stripe.close())

describe('over HTTP', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ env: { STRIPE_API_KEY: key, STRIPE_API_BASE: stripe.url } })
  })
  afterAll(() => world.stop())

  const told = async (event: object) => {
    const { status, body } = await world.stripe(event)
    expect([status, body.status]).toEqual([200, 'accepted'])
    return world.event(body.id)
  }
  const asked = () => stripe.requests.map(({ path }) => new URL(path, stripe.url).pathname)

  it('the customer is fetched with Stripe’s own package, and notified in their language', async () => {
    const event = await told(paid())
    expect(event.counts).toEqual({ sent: 2 })
    expect(event.notifications.map(({ to }) => to).sort()).toEqual(['+14155550123', 'ada@example.com'])
    expect(event.notifications[0]).toMatchObject({ recipientId: 'cus_7', reference: 'ORD-77' })
    const email = event.notifications.find(({ channel }) => channel === 'email')
    const { message } = await world.notification(email?.id ?? '')
    expect(message?.text).toContain('Hola, Ada:')
    expect(asked()).toEqual(['/v1/customers/cus_7'])
    expect(stripe.requests[0]?.headers).toMatchObject({ authorization: `Bearer ${key}` })
    expect(stripe.requests[0]?.headers['stripe-account']).toBeUndefined()
  })

  describe('a PaymentIntent that failed gets its details from its invoice', () => {
    const failed = (id: string) => {
      const of = { ...paymentIntent({ id, invoice: undefined }), last_payment_error: { code: 'card_declined' } }
      stripe.invoices.set(id, `in_${id}`)
      return stripeEvent('payment_intent.payment_failed', of)
    }
    const url = 'https://invoice.stripe.com/i/acct_1/test_1'
    const open = { object: 'invoice', status: 'open', collection_method: 'charge_automatically', attempted: true }
    const textOf = async (id: string, invoice: object | null) => {
      if (invoice) stripe.objects.set(`in_${id}`, { ...open, id: `in_${id}`, hosted_invoice_url: url, ...invoice })
      const { notifications } = await told(failed(id))
      const email = notifications.find(({ channel }) => channel === 'email')
      return (await world.notification(email?.id ?? '')).message?.text
    }

    it('that it was the last try, and where to pay', async () => {
      const text = await textOf('pi_l1', { next_payment_attempt: null })
      expect(text).toContain('This was the last try')
      expect(text).toContain(url)
    })
    it('when the next try is', async () => {
      expect(await textOf('pi_l2', { next_payment_attempt: 4_102_444_800 })).toContain('We’ll try again on')
    })
    it('but no try that has been when the message is written', async () => {
      expect(await textOf('pi_l3', { next_payment_attempt: 1_795_500_000 })).not.toMatch(/try again/)
    })
    it.each([
      ['whose invoice does not know of it yet', { next_payment_attempt: 1_795_000_000 }],
      ['whose invoice was never tried', { next_payment_attempt: null, attempted: false }],
      ['whose invoice is sent to be paid', { next_payment_attempt: null, collection_method: 'send_invoice' }],
      ['whose invoice is paid by now', { next_payment_attempt: null, status: 'paid' }],
      ['whose invoice is not given', null],
    ])('but not of one %s', async (name, invoice) => {
      const text = await textOf(`pi_${name.length}`, invoice)
      expect(text).toContain('didn’t go through')
      expect(text).not.toMatch(/last try|will try again/)
    })
  })

  it('a connected account’s event is looked up in that account', async () => {
    expect((await told(paid({}, { account: 'acct_9' }))).counts).toEqual({ sent: 2 })
    expect(stripe.requests[0]?.headers['stripe-account']).toBe('acct_9')
  })

  it('a customer without an address leaves it to the charge that was paid with', async () => {
    stripe.objects.set('cus_7', { ...ada, email: null, phone: null })
    stripe.objects.set('pi_guest', {
      ...nameless({ id: 'pi_guest' }),
      latest_charge: { id: 'ch_9', object: 'charge', billing_details: { email: 'billing@example.com', phone: null } },
    })
    const event = await told(paid({ id: 'pi_guest' }))
    expect(event.counts).toEqual({ sent: 1 })
    expect(event.notifications.find(({ channel }) => channel === 'email')?.to).toBe('billing@example.com')
    expect(asked()).toEqual(['/v1/customers/cus_7', '/v1/payment_intents/pi_guest'])
  })

  it.each([
    ['a subscription', 'customer.subscription.deleted', { id: 'sub_1', object: 'subscription', customer: 'cus_7' }],
    [
      'an invoice',
      'invoice.paid',
      { id: 'in_5', object: 'invoice', customer: 'cus_7', payment_intent: null, amount_paid: 500, currency: 'eur' },
    ],
    [
      'a charge',
      'charge.refunded',
      { id: 'ch_5', object: 'charge', customer: 'cus_7', amount: 500, amount_refunded: 500, currency: 'eur' },
    ],
    [
      'a Checkout session',
      'checkout.session.completed',
      {
        id: 'cs_5',
        object: 'checkout.session',
        customer: 'cus_7',
        payment_status: 'paid',
        amount_total: 700,
        currency: 'eur',
      },
    ],
  ])('%s notifies in the same way', async (_what, type, object) => {
    const event = await told(stripeEvent(type, object))
    expect(event.notifications.find(({ channel }) => channel === 'email')).toMatchObject({
      state: 'sent',
      to: ada.email,
    })
  })

  it('nothing is asked where the event says enough', async () => {
    expect((await told(stripeEvent('payment_intent.succeeded', paymentIntent({ invoice: null })))).counts).toEqual({
      sent: 2,
    })
    expect(stripe.requests).toEqual([])
  })

  it.each([
    ['deleted', { id: 'cus_7', object: 'customer', deleted: true }, 'Stripe has deleted cus_7.'],
    ['without any address', { ...ada, email: null, phone: 'none' }, 'Stripe has no address for customer cus_7.'],
    ['that Stripe does not know', undefined, 'Stripe has no customer cus_7.'],
  ])('a customer %s fails with that for a reason', async (_what, customer, text) => {
    if (customer) stripe.objects.set('cus_7', customer)
    else stripe.objects.delete('cus_7')
    const event = await told(paid())
    expect(event).toMatchObject({ status: 'failed', reason: { code: 'no_recipient' } })
    expect(event.reason?.text).toContain(text)
  })

  it.each([
    [401, 'invalid_request_error', 'refuses the key in STRIPE_API_KEY (401)'],
    [403, 'invalid_request_error', 'may not read this customer (403)'],
  ])('a key that is refused with %s fails with that for a reason', async (status, type, text) => {
    stripe.answer(refusal(status, type))
    const event = await told(paid())
    expect(event).toMatchObject({ status: 'failed', reason: { code: 'enrichment_failed' } })
    expect(event.reason?.text).toContain(text)
  })

  it('while Stripe does not answer, the webhook is answered and the event says what it waits for', async () => {
    stripe.answer(refusal(429, 'rate_limit_error', { 'retry-after': '1' }))
    const { body } = await world.stripe(paid())
    const waiting = await world.event(body.id, (event) => event.reason?.text.includes('429') === true)
    expect(waiting).toMatchObject({ status: 'accepted', reason: { code: 'enriching' } })
  })

  it('no key, no address and no name is ever in the log', async () => {
    const lines = world.log.join('')
    expect(lines).toContain('source asked')
    for (const secret of [key, 'look_ups_1234', 'sk_test_secret', ada.email, ada.phone, 'Lovelace'])
      expect(lines).not.toContain(secret)
  })
})

describe('step by step', () => {
  let stage: Stage
  const env = () => ({ STRIPE_API_KEY: key, STRIPE_API_BASE: stripe.url })
  afterEach(() => stage.stop())

  async function accepted(event: object): Promise<string> {
    const translation = translateStripe(Buffer.from(JSON.stringify(event)))
    const id = await stage.accepted(event, { source: 'stripe', translation, reportsFaultsToSender: false })
    await plan(stage.ctx, id)
    return id
  }
  const row = async (id: string) => {
    const { rows } = await stage.db.query(
      'select status, reason_code, reason_params, due_at, (select tries from event_enrichments where event_id = id) as tries from events where id = $1',
      [id],
    )
    return rows[0]
  }
  const notifications = async (id: string) =>
    (await stage.db.query('select channel, state from notifications where event_id = $1 order by channel', [id])).rows
  const both = [
    { channel: 'email', state: 'pending' },
    { channel: 'sms', state: 'pending' },
  ]

  it.each([
    ['busy', refusal(429, 'rate_limit_error')],
    ['broken', { status: 502, text: '<html>Bad gateway</html>' }],
    ['unreachable', 'reset-after-read' as const],
    // Its package would end the process.
    ['in a number', { status: 200, text: '1' }],
    ['in a text', { status: 200, text: '"ok"' }],
    ['in nothing', { status: 200, text: 'null' }],
    ['with a refusal that is not its own', { status: 503, text: '{"message": "no upstream"}' }],
    ['with a number for a refusal', { status: 401, text: '1' }],
  ])('Stripe %s is asked again in rounds that double, and the answer is used', async (_what, answer) => {
    stage = await startStage(env())
    stripe.answer(answer)
    const id = await accepted(paid())
    for (const seconds of [60, 120, 240]) {
      await enrich(stage.ctx, id)
      const { due_at, status } = await row(id)
      const waitMs = due_at.getTime() - stage.clock.now().getTime()
      expect(status).toBe('accepted')
      expect(waitMs).toBeGreaterThanOrEqual(seconds * 1000)
      expect(waitMs).toBeLessThanOrEqual(seconds * 1100)
      const before = stripe.requests.length
      await enrich(stage.ctx, id)
      expect(stripe.requests.length).toBe(before)
      stage.clock.advance(waitMs)
    }
    stripe.answers()
    await enrich(stage.ctx, id)
    await plan(stage.ctx, id)
    expect(await notifications(id)).toEqual(both)
    expect(await row(id)).toMatchObject({ status: 'planned', reason_code: null, tries: 4 })
  })

  it('a pause that Stripe asks for is kept', async () => {
    stage = await startStage(env())
    stripe.answer(refusal(429, 'rate_limit_error', { 'retry-after': '600' }))
    const id = await accepted(paid())
    await enrich(stage.ctx, id)
    expect((await row(id)).due_at.getTime() - stage.clock.now().getTime()).toBe(600_000)
  })

  it.each(['86400', '9999999999', '1e300'])('a pause of %s s ends in time for one more try', async (wait) => {
    stage = await startStage(env())
    stripe.answer(refusal(429, 'rate_limit_error', { 'retry-after': wait }))
    const id = await accepted(paid())
    const begun = stage.clock.now().getTime()
    stage.clock.advance(1000)
    await enrich(stage.ctx, id)
    const { due_at } = await row(id)
    expect(due_at.getTime() - begun).toBe(86_400_000)
    stage.clock.set(due_at)
    stripe.answers()
    await enrich(stage.ctx, id)
    await plan(stage.ctx, id)
    expect(await notifications(id)).toEqual(both)
  })

  it('after the last round the event has failed; a replay asks again', async () => {
    stage = await startStage(env())
    stripe.answer(refusal(503, 'api_error'))
    const id = await accepted(paid())
    for (let round = 0; round < 10; round++) {
      await enrich(stage.ctx, id)
      const { due_at } = await row(id)
      stage.clock.set(due_at)
    }
    await plan(stage.ctx, id)
    expect(await row(id)).toMatchObject({ status: 'failed', reason_code: 'enrichment_failed', tries: 10 })
    expect(stripe.requests).toHaveLength(10)
    stripe.answers()
    stage.clock.advance(1000)
    expect(await replayEvent(stage.ctx, id, false, 'ops')).toMatchObject({ willSend: 1 })
    await plan(stage.ctx, id)
    await enrich(stage.ctx, id)
    await plan(stage.ctx, id)
    expect(await notifications(id)).toEqual(both)
  })

  it('an event that failed for want of a key is looked up once there is one, and replayed', async () => {
    stage = await startStage({})
    const id = await accepted(paid())
    expect(await row(id)).toMatchObject({ status: 'failed', reason_code: 'no_recipient' })
    expect((await row(id)).reason_params.detail).toContain('Set STRIPE_API_KEY')
    expect(await replayEvent(stage.ctx, id, false, 'ops')).toMatchObject({ willSend: 0 })
    const { apiKey, apiBase } = { apiKey: key, apiBase: stripe.url }
    const { enrichFromStripe } = await import('../../src/sources/stripe/enrich.ts')
    const { sources } = stage.ctx
    const named = (name: string) => ({ ...sources.named(name), enrich: enrichFromStripe({ apiKey, apiBase }) })
    const ctx = { ...stage.ctx, sources: { ...sources, named } }
    await replayEvent(ctx, id, false, 'ops')
    await plan(ctx, id)
    await enrich(ctx, id)
    await plan(ctx, id)
    expect(await notifications(id)).toEqual(both)
  })

  it('asked twice at once, by two workers, one answer is kept and one plan made', async () => {
    stage = await startStage(env())
    const id = await accepted(paid())
    const other = await stage.another()
    await Promise.all([enrich(stage.ctx, id), enrich(other, id), plan(other, id)])
    await Promise.all([plan(stage.ctx, id), plan(other, id)])
    expect(await notifications(id)).toEqual(both)
    expect(await row(id)).toMatchObject({ tries: 1 })
  })

  it('a look-up whose worker was killed is enqueued again by the sweep', async () => {
    stage = await startStage(env())
    const id = await accepted(paid())
    const queued = () =>
      stage.ctx.jobs.counts(stage.ctx.db).then((all) => all.find(({ name }) => name === 'enrich-normal')?.ready)
    // Its worker took the job, and was gone.
    await stage.db.query(`delete from posthorn_jobs.job where name = 'enrich-normal'`)
    expect(await queued()).toBe(0)
    stage.clock.advance(60_000)
    await sweep(stage.ctx)
    expect(await queued()).toBe(1)
    await enrich(stage.ctx, id)
    await plan(stage.ctx, id)
    expect(await notifications(id)).toEqual(both)
  })

  it('an SMS is sent at once if Stripe cannot give the email', async () => {
    stage = await startStage(env())
    stripe.answer(refusal(500, 'api_error'))
    const id = await accepted(paid({ shipping: { name: 'Ada', phone: '+14155550123' } }))
    await enrich(stage.ctx, id)
    await plan(stage.ctx, id)
    expect(await notifications(id)).toEqual([{ channel: 'sms', state: 'pending' }])
  })
})
