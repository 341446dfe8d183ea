// Stripe's thin events, organizations and accounts that are customers: what is asked of Stripe, where, and what is sent.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dispute, subscription, upcomingInvoice } from '../fixtures/stripe/versions.ts'
import { paymentIntent, stripeEvent } from '../helper/events.ts'
import { refusal, type StripeVendor, startStripe } from '../helper/stripe-vendor.ts'
import { type EventAudit, startWorld, type World } from '../helper/world.ts'

const key = 'rk_test_of_the_thin_events_1'
const customer = { id: 'cus_7', object: 'customer', email: 'ada@example.com', name: 'Ada Lovelace' }

let stripe: StripeVendor
let world: World
let keyless: World
beforeAll(async () => {
  stripe = await startStripe()
  const env = { STRIPE_API_KEY: key, STRIPE_API_BASE: stripe.url, OPERATOR_EMAIL: 'ops@fernwood.example' }
  world = await startWorld({ env })
  keyless = await startWorld({ env: { OPERATOR_EMAIL: 'ops@fernwood.example' } })
})
beforeEach(() => {
  stripe.answers()
  stripe.objects.clear()
  stripe.requests.length = 0
  stripe.objects.set('cus_7', customer)
})
afterAll(async () => {
  await world.stop()
  await keyless.stop()
  await stripe.close()
})

const asked = () => stripe.requests.map(({ path }) => new URL(path, stripe.url).pathname)
const isPlanned = ({ status }: EventAudit) => ['planned', 'ignored', 'failed'].includes(status)

let made = 0
/** A thin event, and the snapshot of the same event at Stripe. */
function thin(type: string, object: object, more: object = {}) {
  made += 1
  const id = 'id' in object ? object.id : 'none'
  const snapshot = `evt_snapshot_${made}`
  stripe.objects.set(snapshot, { ...stripeEvent(type, object), id: snapshot })
  return {
    id: `evt_thin_${made}`,
    object: 'v2.core.event',
    type: `v1.${type}`,
    created: new Date().toISOString(),
    livemode: false,
    snapshot_event: snapshot,
    related_object: { id, type: 'whatever', url: `/v1/things/${id}` },
    ...more,
  }
}

async function told(event: object, by: World = world): Promise<EventAudit> {
  const { status, body } = await by.stripe(event)
  expect(status).toBe(200)
  return by.event(
    body.id,
    (audit) => isPlanned(audit) && audit.notifications.every(({ state }) => !['pending', 'sending'].includes(state)),
  )
}

describe('a thin event', () => {
  const paid = (more: object = {}) => paymentIntent({ receipt_email: null, shipping: null, invoice: null, ...more })

  it('comes to the same message as its snapshot, and once with it', async () => {
    const object = paid({ id: 'pi_thin_1' })
    const event = await told(thin('payment_intent.succeeded', object))
    expect(event).toMatchObject({
      type: 'payment.received',
      sourceType: 'v1.payment_intent.succeeded',
      status: 'planned',
      livemode: false,
      notifications: [{ to: 'ada@example.com', state: 'sent', reference: 'ORD-77' }],
    })
    expect(asked()).toEqual(['/v1/events/evt_snapshot_1', '/v1/customers/cus_7'])
    const { message } = await world.notification(event.notifications[0]?.id ?? '')
    const again = await told(stripeEvent('payment_intent.succeeded', { ...object, receipt_email: 'ada@example.com' }))
    expect(again.notifications).toEqual([])
    expect(again.omissions.map(({ reason }) => reason.code)).toContain('already_notified')
    expect(message?.text).toContain('Hi Ada')
  })

  it.each([
    [
      'charge.dispute.created',
      { ...dispute, id: 'dp_thin', status: 'lost' },
      'stripe:charge.dispute.created',
      'You lost a dispute over a payment of €50.00',
    ],
    [
      'invoice.upcoming',
      upcomingInvoice('2025-03-31.basil', { next_payment_attempt: 1924905600, period_end: 1924905600 }),
      'installment.scheduled',
      'Studio Plus',
    ],
    [
      'customer.subscription.deleted',
      { ...subscription('2025-03-31.basil'), id: 'sub_thin', customer },
      'stripe:customer.subscription.deleted',
      'cancelled',
    ],
  ])('of %s is fetched likewise', async (type, object, ours, subject) => {
    const event = await told(thin(type, object))
    expect(event).toMatchObject({ type: ours, status: 'planned' })
    expect(event.notifications[0]?.subject).toContain(subject)
  })

  it('is made from its object as it is now, if the snapshot cannot be fetched', async () => {
    const event = thin('payment_intent.succeeded', paid({ id: 'pi_thin_2', receipt_email: 'grace@example.org' }))
    stripe.objects.delete(event.snapshot_event)
    stripe.objects.set('pi_thin_2', paid({ id: 'pi_thin_2', receipt_email: 'grace@example.org' }))
    const audit = await told({
      ...event,
      related_object: { id: 'pi_thin_2', type: 'payment_intent', url: '/v1/payment_intents/pi_thin_2' },
    })
    expect(audit.notifications[0]).toMatchObject({ to: 'grace@example.org' })
    expect(asked()).toEqual([`/v1/events/${event.snapshot_event}`, '/v1/payment_intents/pi_thin_2'])
  })

  it('that comes to nothing is ignored, with the reason of its snapshot', async () => {
    const session = {
      id: 'cs_thin',
      object: 'checkout.session',
      customer: 'cus_7',
      payment_status: 'unpaid',
      currency: 'eur',
    }
    expect(await told(thin('checkout.session.completed', session))).toMatchObject({
      status: 'ignored',
      reason: { code: 'nothing_due' },
    })
    expect(await told(thin('customer.subscription.updated', subscription('2025-03-31.basil')))).toMatchObject({
      status: 'ignored',
      reason: { code: 'nothing_new' },
    })
  })

  it('of a type that notifies nobody is kept and not fetched', async () => {
    const event = await told({ ...thin('customer.created', customer), type: 'v2.core.account.created' })
    expect(event).toMatchObject({ type: 'stripe:v2.core.account.created', status: 'ignored' })
    expect(asked()).toEqual([])
  })

  it.each([
    ['payment_intent.succeeded', 'payment.received'],
    ['payout.failed', 'stripe:payout.failed'],
  ])('of %s without a key ends as failed and says why', async (type, ours) => {
    const event = await told(thin(type, { id: 'po_1' }), keyless)
    expect(event).toMatchObject({ type: ours, status: 'failed', reference: 'po_1', reason: { code: 'no_content' } })
    expect(event.reason?.text).toContain('STRIPE_API_KEY')
  })

  it('that Stripe does not give out says why', async () => {
    const event = thin('payout.failed', { id: 'po_2' })
    stripe.answer(refusal(403, 'invalid_request_error'))
    const audit = await told(event)
    expect(audit).toMatchObject({ status: 'failed', reason: { code: 'no_content' } })
    expect(audit.reason?.text).toContain('may not read this event (403)')
  })

  it('is asked for in its context', async () => {
    await told(thin('payment_intent.succeeded', paid({ id: 'pi_thin_3' }), { context: 'acct_77' }))
    expect(asked()).toHaveLength(2)
    for (const { headers } of stripe.requests) expect(headers['stripe-context']).toBe('acct_77')
  })

  it('is verified as any other', async () => {
    const { status } = await world.stripe(thin('payout.failed', { id: 'po_3' }), { timestamp: 1 })
    expect(status).toBe(401)
  })
})

it('an organization’s event is looked up in its context, and not by another header', async () => {
  const object = { ...subscription('2025-03-31.basil'), id: 'sub_org', customer: 'cus_7' }
  await told({ ...stripeEvent('customer.subscription.deleted', object), account: 'acct_9', context: 'acct_org_9' })
  expect(asked()).toEqual(['/v1/customers/cus_7'])
  expect(stripe.requests[0]?.headers['stripe-context']).toBe('acct_org_9')
  expect(stripe.requests[0]?.headers['stripe-account']).toBeUndefined()
})

it('an account that is the customer is asked for', async () => {
  stripe.objects.set('acct_42', {
    id: 'acct_42',
    object: 'v2.core.account',
    contact_email: 'grace@example.org',
    display_name: 'Grace Hopper',
    defaults: { locales: ['es-ES'] },
  })
  const object = {
    ...subscription('2026-10-28.endive'),
    id: 'sub_account',
    customer: null,
    customer_account: 'acct_42',
  }
  const event = await told(stripeEvent('customer.subscription.deleted', object))
  expect(asked()).toEqual(['/v2/core/accounts/acct_42'])
  expect(event.notifications).toMatchObject([{ to: 'grace@example.org', recipientId: 'acct_42' }])
  const { message } = await world.notification(event.notifications[0]?.id ?? '')
  expect(message?.text).toContain('Hola, Grace:')
})

it('a trial whose customer is asked for knows their way to pay', async () => {
  const object = {
    ...subscription('2025-03-31.basil', { default_payment_method: null, default_source: null }),
    trial_end: 1924905600,
    trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
  }
  const textOf = async (id: string, more: object) => {
    stripe.objects.set('cus_7', { ...customer, ...more })
    const event = await told(stripeEvent('customer.subscription.trial_will_end', { ...object, id, customer: 'cus_7' }))
    return (await world.notification(event.notifications[0]?.id ?? '')).message?.text
  }
  expect(await textOf('sub_t1', { invoice_settings: { default_payment_method: null } })).toContain(
    'no payment method on file',
  )
  expect(await textOf('sub_t2', { invoice_settings: { default_payment_method: 'pm_1' } })).not.toContain(
    'no payment method on file',
  )
})
