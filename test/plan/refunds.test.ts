// Refunds of one charge where Stripe says no more than their sum: each is reported separately and once, in whatever order its
// events come, and explaining says so before.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { refundedCharge } from '../fixtures/stripe/versions.ts'
import { stripeEvent } from '../helper/events.ts'
import { type StripeVendor, startStripe } from '../helper/stripe-vendor.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { keys, startWorld, type World } from '../helper/world.ts'

let resend: Vendor
let world: World
beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  world = await startWorld({ env: env() })
})
afterAll(async () => {
  await world.stop()
  await resend.close()
})

function env() {
  return {
    RESEND_API_KEY: 're_of_tests',
    RESEND_BASE_URL: resend.url,
    SMS_PROVIDERS: 'sandbox',
    DEFAULT_LOCALE: 'en-GB',
    OPERATOR_EMAIL: 'ops@fernwood.example',
  }
}

let charge = ''
beforeEach(() => {
  resend.requests.length = 0
  charge = `ch_${crypto.randomUUID().slice(0, 8)}`
})

const refunded = (sum: number, more: object = {}) =>
  stripeEvent(
    'charge.refunded',
    refundedCharge('2026-10-28.endive', [{ id: 're_1', amount: sum }], { id: charge, ...more }),
    { created: 1_795_000_000 + sum },
  )
async function told(event: object) {
  const { body } = await world.stripe(event)
  return world.event(body.id)
}
const amounts = () => resend.requests.map((request) => /€[\d.]+/.exec(String(request.json().subject))?.[0])
const operator = { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' }
interface Explained {
  notifications: { channel: string; message: { subject: string } | null }[]
  omissions: { channel: string; reason: { code: string } }[]
}
const explained = async (event: object) =>
  (await world.send<Explained>('/v1/explain?source=stripe', JSON.stringify(event), operator)).body

describe('with a key to ask Stripe by', () => {
  let stripe: StripeVendor
  let asking: World
  beforeAll(async () => {
    stripe = await startStripe()
    const toStripe = { STRIPE_API_KEY: 'rk_test_of_refunds', STRIPE_API_BASE: stripe.url }
    asking = await startWorld({ env: { ...env(), ...toStripe } })
  })
  afterAll(async () => {
    await asking.stop()
    await stripe.close()
  })
  beforeEach(() => {
    stripe.requests.length = 0
  })
  const toldAsking = async (event: object) => asking.event((await asking.stripe(event)).body.id)

  it('each is reported with its own amount, whichever comes first and whatever has failed or followed since', async () => {
    const refund = (id: string, amount: number, created: number, status = 'succeeded') => ({
      ...{ id, object: 'refund', amount, created, status, reason: 'duplicate' },
    })
    const sums = [
      refund('re_4', 300, 8),
      refund('re_3', 500, 7),
      refund('re_2', 500, 6, 'failed'),
      refund('re_1', 1000, 5),
    ]
    stripe.refunds.set(charge, sums)
    const event = await toldAsking(refunded(1500))
    await toldAsking(refunded(1000))
    await toldAsking(refunded(1800))
    expect(amounts()).toEqual(['€5.00', '€10.00', '€3.00'])
    expect(stripe.requests.map(({ path }) => path)).toEqual(Array(3).fill(`/v1/refunds?charge=${charge}&limit=100`))
    expect(String(resend.requests[0]?.json().text)).toContain('re_3')
    const found = await asking.get<{ data: { id: string }[] }>('/v1/events?reference=re_3')
    expect(found.body.data.map(({ id }) => id)).toEqual([event.id])
  })

  it('what other events say counts where Stripe says nothing', async () => {
    await toldAsking(refunded(1000))
    await toldAsking(refunded(1500))
    const more = refunded(1800) as { data: object }
    await toldAsking({ ...more, data: { ...more.data, previous_attributes: { amount_refunded: 1500 } } })
    expect(amounts()).toEqual(['€10.00', '€5.00', '€3.00'])
  })

  it('Stripe says which is on its way, and what the customer gets in their own currency', async () => {
    const presentment_details = { presentment_amount: 1169, presentment_currency: 'usd' }
    stripe.refunds.set(charge, [
      { id: 're_2', object: 'refund', amount: 500, created: 6, status: 'pending' },
      { id: 're_1', object: 'refund', amount: 1000, created: 5, status: 'succeeded', presentment_details },
    ])
    const event = refunded(1000) as { data: object }
    await toldAsking({ ...event, data: { ...event.data, previous_attributes: { amount_refunded: 0 } } })
    await toldAsking(refunded(1500))
    expect(resend.requests.map((request) => request.json().subject)).toEqual([
      'We’ve refunded US$11.69',
      'Your refund of €5.00 is on its way',
    ])
    expect(String(resend.requests[1]?.json().text)).toContain('Refund started')
  })
})

it('a refund that failed alerts the operator once, whichever events say it', async () => {
  const refund = { id: `re_${charge}`, object: 'refund', amount: 5000, currency: 'eur', charge, status: 'failed' }
  const events = [
    await told(stripeEvent('charge.refund.updated', refund)),
    await told(stripeEvent('refund.failed', refund)),
    await told(stripeEvent('refund.updated', { ...refund, status: 'succeeded' })),
  ]
  expect(events.map(({ status, counts, reason }) => [status, counts, reason?.code])).toEqual([
    ['planned', { sent: 1 }, undefined],
    ['planned', {}, undefined],
    ['ignored', {}, 'nothing_new'],
  ])
  expect(resend.requests.map((request) => request.json().subject)).toEqual(['A refund of €50.00 failed'])
})

it('a hold that was released notifies nobody', async () => {
  const event = await told(refunded(5000, { captured: false, amount_captured: 0 }))
  expect(event).toMatchObject({ status: 'ignored', reason: { code: 'hold_released' }, notifications: [] })
})

describe('a charge refunded in parts', () => {
  it('is reported part by part, as explained before', async () => {
    await told(refunded(1000))
    const foretold = await explained(refunded(1500))
    expect(foretold.notifications[0]?.message?.subject).toContain('€5.00')
    await told(refunded(1500))
    await told(refunded(5000))
    expect(amounts()).toEqual(['€10.00', '€5.00', '€35.00'])
    const again = await told(refunded(1500))
    expect(again.omissions.map(({ reason }) => reason.code)).toEqual(['already_notified', 'already_notified'])
  })

  it('is reported once if the larger sum comes first, which includes the late part', async () => {
    const whole = await told(refunded(1500))
    const late = refunded(1000)
    expect((await explained(late)).omissions.map(({ reason }) => reason.code)).toEqual([
      'already_notified',
      'already_notified',
    ])
    const part = await told(late)
    expect(part).toMatchObject({ status: 'planned', notifications: [] })
    expect(part.omissions.map(({ reason }) => reason)).toEqual(
      Array(2).fill({ code: 'already_notified', text: expect.stringContaining(whole.id) }),
    )
    for (const { id } of [part, whole]) {
      const { body } = await world.send<{ counts: object }>(`/v1/events/${id}/replay`, '', operator)
      expect(body.counts).toMatchObject({ willSend: 0 })
    }
    await told(refunded(1800))
    expect(amounts()).toEqual(['€15.00', '€3.00'])
  })

  it('notifies, with the late part, those whom the whole could not reach, of the whole amount', async () => {
    const billing_details = { email: 'ada@example.com', name: 'Ada', phone: null }
    await told(refunded(1500, { billing_details: { ...billing_details, email: null, phone: '+447946000042' } }))
    await told(refunded(1000, { billing_details }))
    expect(amounts()).toEqual(['€15.00'])
  })

  it('counts a part that could be sent to nobody', async () => {
    const nobody = { billing_details: {}, customer: null }
    expect(await told(refunded(1000, nobody))).toMatchObject({ status: 'failed', reason: { code: 'no_recipient' } })
    await told(refunded(1500))
    expect(amounts()).toEqual(['€5.00'])
  })

  it('comes to the whole where all come at once', async () => {
    for (let round = 0; round < 5; round++) {
      charge = `ch_at_once_${round}`
      resend.requests.length = 0
      const events = [1800, 1000, 1500].map((sum) => refunded(sum))
      await Promise.all([...events, ...events.map((event) => ({ ...event, id: `${event.id}_again` }))].map(told))
      const sum = amounts().reduce((all, amount) => all + Math.round(Number(amount?.slice(1)) * 100), 0)
      expect(sum).toBe(1800)
    }
  })
})
