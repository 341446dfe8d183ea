// Reminders of installments over HTTP: at nine in the morning where the person lives, three days before.
import { afterAll, beforeAll, expect, it } from 'vitest'
import installmentReminder from '../../src/notifiers/installment-reminder.ts'
import paymentDue from '../../src/notifiers/payment-due.ts'
import { paymentIntent, stripeEvent } from '../helper/events.ts'
import { type EventAudit, type Problem, startWorld, type World } from '../helper/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const isPlanned = ({ status }: EventAudit) => status !== 'accepted'

async function scheduled(dueDate: string, timezone: string, reference: string) {
  const { body } = await world.app({
    type: 'installment.scheduled',
    recipient: { email: 'grace@example.org', timezone },
    data: { ...installmentReminder.sample.data, dueDate },
    reference,
  })
  const { notifications } = await world.event(body.id, isPlanned)
  expect(notifications).toHaveLength(1)
  return notifications[0]
}

it.each([
  ['Asia/Tokyo', '2031-03-07T00:00:00.000Z'],
  ['Europe/London', '2031-03-07T09:00:00.000Z'],
  ['America/New_York', '2031-03-07T14:00:00.000Z'],
])('in %s that is %s', async (timezone, scheduledFor) => {
  const reminder = await scheduled('2031-03-10', timezone, `ENR-${timezone}`)
  expect(reminder).toMatchObject({ state: 'scheduled', scheduledFor, reason: { code: 'due_later' } })
})

it('the day it is due is the day there, where a moment is given', async () => {
  expect(await scheduled('2031-03-10T20:00:00Z', 'Asia/Tokyo', 'ENR-2')).toMatchObject({
    scheduledFor: '2031-03-08T00:00:00.000Z',
    expiresAt: '2031-03-11T15:00:00.000Z',
  })
})

it('nobody is reminded of what was due before today', async () => {
  expect(await scheduled('2026-01-10', 'Asia/Tokyo', 'ENR-3')).toMatchObject({ state: 'expired' })
})

it('that one is paid is a known event, needs no recipient, and is validated when it is accepted', async () => {
  const paid = { type: 'installment.paid', reference: 'ENR-4' }
  const { status, body } = await world.app({ ...paid, data: { amount: { amount: 4500, currency: 'gbp' } } })
  expect([status, body.status]).toEqual([200, 'accepted'])
  expect(await world.event(body.id)).toMatchObject({ status: 'planned', reason: null, notifications: [] })
  expect((await world.app(paid)).body.status).toBe('accepted')
  const wrong = await world.app<Problem>({ ...paid, data: { amount: 45 } })
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'data.amount' }] } })
})

it('nobody is reminded of what has been paid since', async () => {
  const reminder = await scheduled('2031-03-10', 'Asia/Tokyo', 'ENR-5')
  const other = await scheduled('2031-03-10', 'Asia/Tokyo', 'ENR-6')
  const paid = await world.app({ type: 'installment.paid', reference: 'ENR-5' })
  await world.event(paid.body.id)
  const { state, reason, timeline } = await world.notification(reminder?.id ?? '')
  expect([state, reason]).toEqual(['cancelled', { code: 'stopped', text: expect.stringContaining(paid.body.id) }])
  expect(timeline.at(-1)).toMatchObject({
    code: 'superseded',
    what: 'Cancelled because of another event: installment.paid.',
  })
  expect((await world.notification(other?.id ?? '')).state).toBe('scheduled')
})

it('a Stripe payment that names the order stops what an app waits for', async () => {
  const pending = await world.app({
    ...paymentDue.sample,
    recipient: { email: 'grace@example.org' },
    reference: 'ORD-9',
  })
  const waiting = await world.event(pending.body.id, isPlanned)
  expect(waiting.timers).toMatchObject([{ emits: 'payment.timed_out', firedAt: null, stoppedAt: null, reason: null }])
  const intent = paymentIntent({ metadata: { order_number: 'ORD-9' } })
  const created = Math.floor(Date.now() / 1000) + 1
  const paid = await world.stripe(stripeEvent('payment_intent.succeeded', intent, { created }))
  await world.event(paid.body.id)
  const { timers, notifications } = await world.event(pending.body.id)
  expect(notifications).toMatchObject([{ state: 'cancelled', reason: { code: 'superseded' } }])
  expect(timers).toMatchObject([{ firedAt: null, stoppedAt: expect.any(String), reason: { code: 'superseded' } }])
})

it('a payment without a recipient stops it, too', async () => {
  const pending = await world.app({
    ...paymentDue.sample,
    recipient: { email: 'grace@example.org' },
    reference: 'ORD-10',
  })
  await world.event(pending.body.id, isPlanned)
  const nobody = { receipt_email: null, shipping: null, customer: null, metadata: { order_number: 'ORD-10' } }
  const created = Math.floor(Date.now() / 1000) + 1
  const paid = await world.stripe(stripeEvent('payment_intent.succeeded', paymentIntent(nobody), { created }))
  expect(await world.event(paid.body.id, isPlanned)).toMatchObject({
    status: 'failed',
    reason: { code: 'no_recipient' },
  })
  expect(await world.event(pending.body.id)).toMatchObject({
    notifications: [{ state: 'cancelled', reason: { code: 'superseded' } }],
    timers: [{ reason: { code: 'superseded' } }],
  })
})
