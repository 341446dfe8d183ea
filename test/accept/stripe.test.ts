// Every Stripe event that people are notified of, in versions old and new: a signed webhook in, the providers' requests out.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { current, declined, old } from '../fixtures/stripe/objects.ts'
import {
  beforeRefund,
  dispute,
  failedPayout,
  refundedCharge,
  subscription,
  upcomingInvoice,
} from '../fixtures/stripe/versions.ts'
import { stripeEvent } from '../helper/events.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { type EventAudit, type NotificationShown, startWorld, type World } from '../helper/world.ts'

let resend: Vendor
let twilio: Vendor
let world: World

beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  twilio = await startVendor(accepting.twilio)
  world = await startWorld({
    env: {
      RESEND_API_KEY: 're_of_tests',
      RESEND_BASE_URL: resend.url,
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'token-of-tests',
      TWILIO_FROM: '+15005550006',
      TWILIO_BASE_URL: twilio.url,
      OPERATOR_EMAIL: 'ops@fernwood.example',
      DEFAULT_LOCALE: 'en-GB',
    },
  })
})
afterAll(async () => {
  await world.stop()
  await Promise.all([resend.close(), twilio.close()])
})
beforeEach(() => {
  resend.requests.length = 0
  twilio.requests.length = 0
})

/** Posts an event, signed, and waits for what becomes of it. */
async function told(
  type: string,
  object: object,
  { previous, ...more }: { previous?: object; account?: string; created?: number } = {},
) {
  const data = { object, ...(previous && { previous_attributes: previous }) }
  const posted = await world.stripe(stripeEvent(type, {}, { data, ...more }))
  expect(posted.status).toBe(200)
  return world.event(posted.body.id)
}

interface Sent {
  to: string[]
  subject: string
  text: string
  html: string
}

const emails = () => resend.requests.map((request) => request.json() as unknown as Sent)
const texts = () => twilio.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)))
const states = ({ notifications }: EventAudit) =>
  notifications.map(({ notifier, channel, state }) => `${notifier} ${channel} ${state}`).sort()

/** Numbers of its own in each object, so that no two rows here are one payment. */
let count = 0
function another(object: Record<string, unknown>): Record<string, unknown> {
  count++
  const own = (name: string) => `${name}_${count}`
  return JSON.parse(
    JSON.stringify(object).replace(/"(pi|in|ch|cs_test|sub|dp|po|cus|re)_(\d+)"/g, (_, kind) => `"${own(kind)}"`),
  )
}

const person = { customer_email: 'ada@example.com', customer_phone: '+447946000042', customer_name: 'Ada Lovelace' }
const error = { last_payment_error: declined('lost_card'), shipping: { name: 'Ada', phone: '+447946000042' } }
const intent = { shipping: { name: 'Ada', phone: '+447946000042' } }
const unpaid = { amount_paid: 0, amount_remaining: 4999, amount_due: 4999 }

describe('a payment received is reported by email and SMS, from', () => {
  it.each([
    ['payment_intent.succeeded', 'old', { ...old.paymentIntent, ...intent }],
    ['payment_intent.succeeded', 'current', { ...current.paymentIntent, ...intent }],
    ['invoice.paid', 'old', { ...old.invoice, ...person }],
    ['invoice.paid', 'current', { ...current.invoice, ...person }],
    ['checkout.session.completed', 'old', old.checkoutSession],
    ['checkout.session.completed', 'current', current.checkoutSession],
    ['checkout.session.async_payment_succeeded', 'current', current.checkoutSession],
  ])('%s (%s)', async (type, _version, object) => {
    const event = await told(type, another(object))
    expect(states(event)).toEqual(['payment-received email sent', 'payment-received sms sent'])
    const [email] = emails()
    expect(String(email?.to)).toContain('ada@example.com')
    expect(email?.subject).toContain('€49.99')
    expect(texts()[0]).toMatchObject({ To: '+447946000042', Body: expect.stringMatching(/^Fernwood: .*49\.99/) })
  })
})

describe('a payment that failed is reported without its decline code, from', () => {
  it.each([
    ['payment_intent.payment_failed', 'old', { ...old.paymentIntent, ...error }, '€50.00'],
    ['payment_intent.payment_failed', 'current', { ...current.paymentIntent, ...error }, '€50.00'],
    ['invoice.payment_failed', 'old', { ...old.invoice, ...person, ...unpaid }, '€49.99'],
    ['invoice.payment_failed', 'current', { ...current.invoice, ...person, ...unpaid }, '€49.99'],
    [
      'checkout.session.async_payment_failed',
      'current',
      { ...current.checkoutSession, payment_status: 'unpaid', client_reference_id: 'ORD-2002' },
      '€49.99',
    ],
  ])('%s (%s)', async (type, _version, object, amount) => {
    const event = await told(type, another(object))
    expect(states(event)).toEqual(['payment-failed email sent', 'payment-failed sms sent'])
    expect(emails()[0]?.subject).toContain(amount)
    const everything = [...resend.requests, ...twilio.requests].map(({ body }) => body).join()
    expect(everything).not.toMatch(/lost|stolen|fraud/i)
  })
})

describe('a refund', () => {
  it('is reported with its own amount, each part separately and once', async () => {
    const refunds = [
      { id: 're_1', amount: 1000 },
      { id: 're_2', amount: 500 },
    ]
    for (const version of ['2020-08-27', '2025-03-31.basil'] as const) {
      resend.requests.length = 0
      const { id, metadata } = { id: `ch_of_${version}`, metadata: { order_number: 'ORD-1001' } }
      const first = refunds.slice(0, 1)
      const post = (of: typeof refunds) =>
        told('charge.refunded', refundedCharge(version, of, { id, metadata }), { previous: beforeRefund(version, of) })
      const event = await post(first)
      expect(states(event)).toEqual(['refund-processed email sent', 'refund-processed sms sent'])
      expect(event).toMatchObject({ type: 'refund.processed', sourceType: 'charge.refunded', reference: 'ORD-1001' })
      await post(refunds)
      // Stripe may tell of one change by two events.
      const again = await post(refunds)
      expect(again.omissions.map(({ reason }) => reason.code)).toEqual(['already_notified', 'already_notified'])
      expect(emails().map(({ subject }) => subject)).toEqual([
        'We’ve refunded €10.00 for order ORD-1001',
        'We’ve refunded €5.00 for order ORD-1001',
      ])
    }
  })
})

describe('an invoice that comes up', () => {
  const daySeconds = 24 * 3600
  const upcoming = (id: string, dueInDays: number) => {
    const due = Math.floor(Date.now() / 1000) + dueInDays * daySeconds
    return upcomingInvoice('2025-03-31.basil', {
      parent: { type: 'subscription_details', subscription_details: { subscription: id } },
      next_payment_attempt: due,
      period_end: due,
    })
  }
  const inSeconds = (n: number) => Math.floor(Date.now() / 1000) + n
  const paidInvoice = (id: string, billing_reason: string) => ({
    ...upcoming(id, 0),
    id: `in_${crypto.randomUUID()}`,
    billing_reason,
    amount_paid: 1200,
    status: 'paid',
  })
  const notNow = ({ status, notifications }: EventAudit) =>
    status !== 'accepted' && notifications.every(({ state }) => !['pending', 'sending'].includes(state))

  it('is sent at once if it is due within three days', async () => {
    const event = await told('invoice.upcoming', upcoming('sub_soon', 2))
    expect(states(event)).toEqual(['installment-reminder email sent'])
    expect(event).toMatchObject({ type: 'installment.scheduled', reference: 'sub_soon' })
    expect(emails()[0]?.subject).toMatch(/^Studio Plus renews on .* for £12\.00$/)
  })

  it('waits for the third day before, and is one reminder however often Stripe reports it', async () => {
    const invoice = upcoming('sub_later', 9)
    const posted = await world.stripe(stripeEvent('invoice.upcoming', invoice))
    const event = await world.event(posted.body.id, notNow)
    const due = new Date(Number(invoice.next_payment_attempt) * 1000)
    const threeDaysBefore = new Date(due.getTime() - 3 * daySeconds * 1000).toISOString().slice(0, 10)
    expect(event.notifications).toMatchObject([
      { notifier: 'installment-reminder', state: 'scheduled', scheduledFor: `${threeDaysBefore}T09:00:00.000Z` },
    ])
    const again = await told('invoice.upcoming', { ...invoice, amount_due: 1500 })
    expect(again.omissions.map(({ reason }) => reason.code)).toEqual(['already_notified'])
  })

  it('is not sent once its subscription has been paid', async () => {
    await told('invoice.paid', paidInvoice('sub_paid', 'subscription_cycle'))
    resend.requests.length = 0
    const event = await told('invoice.upcoming', upcoming('sub_paid', 2))
    expect(states(event)).toEqual(['installment-reminder email cancelled'])
    expect(emails()).toEqual([])
  })

  it.each(['subscription_create', 'subscription_update'])(
    'is told all the same after a payment that is no renewal (%s), and both are found by the subscription',
    async (billing_reason) => {
      const id = `sub_of_${billing_reason}`
      const posted = await world.stripe(stripeEvent('invoice.upcoming', upcoming(id, 9)))
      await world.event(posted.body.id, notNow)
      const paid = await told('invoice.paid', paidInvoice(id, billing_reason), { created: inSeconds(60) })
      expect(states(await world.event(posted.body.id, notNow))).toEqual(['installment-reminder email scheduled'])
      const found = await world.get<{ data: { id: string }[] }>(`/v1/events?reference=${id}`)
      expect(found.body.data.map((event) => event.id)).toEqual([paid.id, posted.body.id])
      const ofBoth = await world.get<{ data: NotificationShown[] }>(`/v1/notifications?reference=${id}`)
      expect(new Set(ofBoth.body.data.map(({ eventId }) => eventId))).toEqual(new Set([paid.id, posted.body.id]))

      await told('invoice.paid', paidInvoice(id, 'subscription_cycle'), { created: inSeconds(120) })
      expect(states(await world.event(posted.body.id))).toEqual(['installment-reminder email cancelled'])
    },
  )
})

describe('a subscription', () => {
  const customer = { id: 'cus_1', object: 'customer', email: 'ada@example.com', name: 'Ada Lovelace' }

  it('whose trial ends notifies its customer', async () => {
    const trial_end = Date.UTC(2099, 10, 21, 12) / 1000
    const event = await told(
      'customer.subscription.trial_will_end',
      subscription('2022-11-15', { customer, trial_end }),
    )
    expect(states(event)).toEqual(['trial-ending email sent'])
    expect(emails()[0]?.subject).toContain('Your trial ends on 21 November 2099')
    expect(emails()[0]?.text).toContain('£12.00')
    expect(emails()[0]?.text).not.toContain('do not show')
  })

  it('that has ended notifies its customer', async () => {
    const event = await told(
      'customer.subscription.deleted',
      subscription('2025-03-31.basil', { customer, status: 'canceled', ended_at: 1_795_000_000 }),
    )
    expect(states(event)).toEqual(['subscription-cancelled email sent'])
    expect(emails()[0]?.subject).toBe('Your subscription has been cancelled')
  })

  it.each(['customer.subscription.trial_will_end', 'customer.subscription.deleted'])(
    'whose customer is an id alone is kept, found, and said to lack an address (%s)',
    async (type) => {
      const event = await told(type, subscription('2026-10-28.endive', { id: `sub_of_${type}` }))
      expect(event).toMatchObject({
        type: `stripe:${type}`,
        sourceType: type,
        status: 'failed',
        reason: { code: 'no_recipient', text: expect.stringContaining('cus_1') },
        notifications: [],
      })
      expect((await world.get<{ data: unknown[] }>(`/v1/events?reference=sub_of_${type}`)).body.data).toHaveLength(1)
    },
  )
})

describe('the operator alone is notified', () => {
  it('of a dispute, with the day to answer by and the account that it is of', async () => {
    const open = { ...dispute, evidence_details: { due_by: 4_102_444_799 } }
    const event = await told('charge.dispute.created', another(open), { account: 'acct_42' })
    expect(states(event)).toEqual(['operator-alert email sent'])
    const [email, ...others] = emails()
    expect(others).toEqual([])
    expect(String(email?.to)).toBe('ops@fernwood.example')
    expect(email?.subject).toBe('A payment of €50.00 is disputed: respond by 31 December 2099')
    expect(email?.text).toContain('acct_42')
    expect(email?.text).toContain('Product not received')
    expect(email?.text).not.toContain('ada@example.com')
  })

  it('of a dispute whose day to answer by is over', async () => {
    const event = await told('charge.dispute.created', another(dispute))
    expect(states(event)).toEqual(['operator-alert email sent'])
    expect(emails()[0]?.subject).toBe('A payment of €50.00 is disputed: the time to respond is over')
    expect(emails()[0]?.text).toContain('The time to answer ended on 14 January 2026.')
  })

  it('of a payout that failed', async () => {
    const event = await told('payout.failed', another({ ...failedPayout, currency: 'ugx', amount: 500_000 }))
    expect(states(event)).toEqual(['operator-alert email sent'])
    expect(emails()[0]?.subject).toMatch(/^A payout of UGX.5,000 didn’t reach/)
    expect(String(emails()[0]?.text).match(/bank account has been closed/g), 'said once').toHaveLength(1)
  })
})

describe('nothing is sent for', () => {
  it.each([
    ['an unpaid checkout', 'checkout.session.completed', { ...current.checkoutSession, payment_status: 'unpaid' }],
    ['a paid invoice of zero', 'invoice.paid', { ...current.invoice, amount_paid: 0, amount_due: 0, total: 0 }],
    ['a coming invoice of zero', 'invoice.upcoming', upcomingInvoice('2024-06-20', { amount_due: 0 })],
  ])('%s', async (_name, type, object) => {
    const event = await told(type, another(object))
    expect(event).toMatchObject({ type: `stripe:${type}`, status: 'ignored', livemode: false, notifications: [] })
    expect([...resend.requests, ...twilio.requests]).toEqual([])
  })
})

it('a known event whose data cannot be shown is stored as failed, one that says there is nothing to show as ignored', async () => {
  const customer = { id: 'cus_1', email: 'ada@example.com' }
  const trial = await told('customer.subscription.trial_will_end', {
    ...subscription('2024-06-20', { customer }),
    trial_end: null,
  })
  expect(trial).toMatchObject({
    status: 'ignored',
    reason: { code: 'nothing_new', text: expect.stringContaining('The subscription has no trial.') },
  })
  const huge = await told('invoice.paid', another({ ...current.invoice, amount_paid: 9_007_199_254_740_991 }))
  expect(huge).toMatchObject({
    status: 'failed',
    reason: { code: 'bad_data', text: expect.stringContaining('amount') },
  })
})

it('an event whose times are milliseconds is taken all the same, as of when it came', async () => {
  const created = Date.now()
  const event = await told('payment_intent.succeeded', another({ ...current.paymentIntent, ...intent }), { created })
  expect(states(event)).toEqual(['payment-received email sent', 'payment-received sms sent'])
  const ignored = await told('product.created', another({ object: 'product', id: 'prod_1' }), { created })
  expect(ignored.status).toBe('ignored')
})
