// Razorpay: a signed webhook in, the providers' requests out; and what is refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failed, payment, razorpayEvent, refund } from '../fixtures/razorpay/events.ts'
import { signedRazorpay } from '../helper/signed.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { type Problem, startWorld, type World } from '../helper/world.ts'

const before = 'rzp_secret_before'
let resend: Vendor
let twilio: Vendor
let world: World

beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  twilio = await startVendor(accepting.twilio)
  world = await startWorld({
    env: {
      RAZORPAY_WEBHOOK_SECRET: `rzp_secret_of_tests,${before}`,
      RESEND_API_KEY: 're_of_tests',
      RESEND_BASE_URL: resend.url,
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'token-of-tests',
      TWILIO_FROM: '+15005550006',
      TWILIO_BASE_URL: twilio.url,
      DEFAULT_LOCALE: 'en-IN',
    },
  })
})
afterAll(async () => {
  await world.stop()
  await Promise.all([resend.close(), twilio.close()])
})

function post<T>(event: unknown, signing: { secret?: string; id?: string } = {}, more: Record<string, string> = {}) {
  const { payload, headers } = signedRazorpay(event, { secret: 'rzp_secret_of_tests', ...signing })
  return world.send<T>('/webhooks/razorpay', payload, { ...headers, ...more })
}

async function told(event: object, signing?: { secret?: string; id?: string }) {
  resend.requests.length = 0
  twilio.requests.length = 0
  const posted = await post<{ id: string }>(event, signing)
  expect(posted.status).toBe(200)
  return world.event(posted.body.id)
}

const subjects = () => resend.requests.map((request) => request.json().subject)

describe('people are notified of', () => {
  it('a payment captured, once, however it is sent again', async () => {
    const captured = razorpayEvent('payment.captured', { payment })
    const event = await told(captured, { id: 'evt_a' })
    expect(event).toMatchObject({
      source: 'razorpay',
      sourceId: 'evt_a',
      type: 'payment.received',
      sourceType: 'payment.captured',
      reference: 'ORD-1001',
      livemode: null,
      status: 'planned',
      counts: { sent: 2 },
    })
    expect(subjects()).toEqual(['We’ve received your payment of ₹4,999.00 for order ORD-1001'])
    const text = new URLSearchParams(twilio.requests[0]?.body)
    expect(text.get('To')).toBe('+919876543210')
    expect(text.get('Body')).toMatch(/^Fernwood: We've received your payment of INR 4,999\.00/)

    // A retry, signed with the secret of when the event was made.
    expect((await post(captured, { id: 'evt_a', secret: before })).body).toMatchObject({
      id: event.id,
      duplicate: true,
    })
    // The id is not under the signature, so a body may come again under another.
    const again = await told(captured, { id: 'evt_b' })
    expect(again.omissions.map(({ reason }) => reason.code)).toEqual(['already_notified', 'already_notified'])
    expect(resend.requests).toEqual([])
  })

  it('a payment that failed', async () => {
    const event = await told(
      razorpayEvent('payment.failed', { payment: { ...failed, id: 'pay_2', order_id: 'order_2' } }),
    )
    expect(event).toMatchObject({ type: 'payment.failed', reference: 'pay_2', counts: { sent: 2 } })
    expect(subjects()).toEqual(['Your payment of ₹4,999.00 didn’t go through'])
    expect(resend.requests[0]?.json().text).toContain('There wasn’t enough money in the account')
  })

  it('each refund by itself', async () => {
    for (const [id, amount, shown] of [
      ['rfnd_1', 100_000, '₹1,000.00'],
      ['rfnd_2', 250_050, '₹2,500.50'],
    ] as const) {
      const event = await told(razorpayEvent('refund.processed', { refund: { ...refund, id, amount }, payment }))
      expect(event).toMatchObject({ type: 'refund.processed', counts: { sent: 2 } })
      expect(subjects()).toEqual([`We’ve refunded ${shown} for order ORD-1001`])
    }
  })
})

it('an event whose time is in milliseconds is taken all the same', async () => {
  const captured = razorpayEvent('payment.captured', { payment: { ...payment, id: 'pay_5' } })
  expect((await told({ ...captured, created_at: Date.now() })).counts).toEqual({ sent: 2 })
})

it('who gave no email is notified by SMS, and who gave nothing is shown as a failed event', async () => {
  const nobody = { ...payment, id: 'pay_3', email: 'void@razorpay.com' }
  const event = await told(razorpayEvent('payment.captured', { payment: nobody }))
  expect(event.notifications.map(({ channel, state, reason }) => [channel, state, reason?.code]).sort()).toEqual([
    ['sms', 'sent', undefined],
  ])
  expect(event.omissions).toMatchObject([{ channel: 'email', reason: { code: 'no_address' } }])
  const silent = await told(razorpayEvent('payment.captured', { payment: { ...nobody, id: 'pay_4', contact: null } }))
  expect(silent).toMatchObject({ status: 'failed', reason: { code: 'no_recipient' }, notifications: [] })
})

it('a mandate’s payment of zero is ignored with a reason of its own', async () => {
  const mandate = { ...payment, id: 'pay_0', amount: 0, method: 'emandate' }
  const { body } = await post<{ id: string }>(razorpayEvent('payment.captured', { payment: mandate }))
  expect(body).toMatchObject({ status: 'ignored' })
  const stored = { type: 'razorpay:payment.captured', status: 'ignored', reason: { code: 'nothing_due' } }
  expect(await world.event(body.id)).toMatchObject(stored)
})

it('any other event is kept as ignored', async () => {
  const { body } = await post<{ id: string }>(razorpayEvent('order.paid', { payment, order: { id: 'order_1' } }))
  expect(body).toMatchObject({ status: 'ignored' })
  expect(await world.event(body.id)).toMatchObject({ type: 'razorpay:order.paid', status: 'ignored' })
})

describe('refused, with nothing stored, is', () => {
  const captured = razorpayEvent('payment.captured', { payment })
  it.each<[string, number, unknown, { secret?: string; headers?: Record<string, string> }]>([
    ['a webhook signed by a stranger', 401, captured, { secret: 'another' }],
    ['one without a signature', 401, captured, { headers: { 'x-razorpay-signature': '' } }],
    ['one without an id', 400, captured, { headers: { 'x-razorpay-event-id': '' } }],
    ['a body that is not JSON', 400, '{"entity":', {}],
    ['a body that is no event', 400, { event: 'payment.captured' }, {}],
    ['another content type', 415, captured, { headers: { 'content-type': 'text/plain' } }],
    ['a body over 1 MiB', 413, { ...captured, padding: 'x'.repeat(1024 * 1024) }, {}],
  ])('%s', async (_name, status, body, { headers = {}, ...signing }) => {
    const count = async () => (await world.db.query('select count(*)::integer from events')).rows
    const stored = await count()
    const answer = await post<Problem>(body, signing, headers)
    expect(answer).toMatchObject({ status, body: { status } })
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await count()).toEqual(stored)
  })
})

it('without a secret there is no such source, and more than the limit wait their turn', async () => {
  const other = await startWorld({ env: { INGRESS_RATE_LIMIT: '1' } })
  const { payload, headers } = signedRazorpay(razorpayEvent('payment.captured', { payment }), {
    secret: 'rzp_secret_of_tests',
  })
  expect(await other.send('/webhooks/razorpay', payload, headers)).toMatchObject({ status: 404 })
  const busy = await other.send('/webhooks/razorpay', payload, headers)
  expect(busy).toMatchObject({ status: 429 })
  expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0)
  await other.stop()
})
