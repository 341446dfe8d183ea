// What is waiting to be said of a subscription's renewal ends with the subscription, whichever event comes first.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plan } from '../../src/plan/plan.ts'
import { translateStripe } from '../../src/sources/stripe/translate.ts'
import { stripeEvent } from '../fixtures/stripe/objects.ts'
import { subscription, upcomingInvoice } from '../fixtures/stripe/versions.ts'
import { type Stage, startStage } from '../helper/stage.ts'

const customer = { id: 'cus_1', object: 'customer', email: 'ada@example.com' }
const dayMs = 86_400_000

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
})
afterAll(() => stage.stop())

const secondsFromNow = (ms: number) => Math.floor((stage.clock.now().getTime() + ms) / 1000)

async function told(type: string, object: object, { ageMs = 0, previous = {} } = {}) {
  const data = { object, previous_attributes: previous }
  const raw = Buffer.from(
    JSON.stringify(stripeEvent(type, {}, { id: crypto.randomUUID(), created: secondsFromNow(-ageMs), data })),
  )
  const translation = translateStripe(raw)
  const incoming = { source: 'stripe', raw, translation, reportsFaultsToSender: false }
  const id = await stage.accepted({}, incoming)
  await plan(stage.ctx, id)
  const { rows } = await stage.db.query('select id, state, reason_code from notifications where event_id = $1', [id])
  return { id, notification: rows[0] }
}

/** A reminder that is due in ten days. */
const upcoming = (id: string, options = {}) =>
  told(
    'invoice.upcoming',
    upcomingInvoice('2025-03-31.basil', {
      next_payment_attempt: secondsFromNow(10 * dayMs),
      period_end: secondsFromNow(10 * dayMs),
      parent: { type: 'subscription_details', subscription_details: { subscription: id } },
    }),
    options,
  )
const deleted = (id: string, options = {}) =>
  told('customer.subscription.deleted', { ...subscription('2025-03-31.basil'), id, customer }, options)
const updated = (id: string, more: object, options = {}) =>
  told('customer.subscription.updated', { ...subscription('2025-03-31.basil', more), id }, options)

async function stateOf({ notification }: Awaited<ReturnType<typeof told>>) {
  const { notification: now } = await stage.audit(notification.id)
  return [now.state, now.reasonCode]
}

const stopped = ['cancelled', 'stopped']
const waiting = ['scheduled', 'due_later']

describe('a reminder', () => {
  it('ends with its subscription, at once', async () => {
    const reminder = await upcoming('sub_a')
    expect(await stateOf(reminder)).toEqual(waiting)
    await deleted('sub_a')
    expect(await stateOf(reminder)).toEqual(stopped)
  })

  it('ends with the cancellation for the end of the period', async () => {
    const reminder = await upcoming('sub_b')
    await updated('sub_b', { cancel_at_period_end: true })
    expect(await stateOf(reminder)).toEqual(stopped)
  })

  it('stays with any other change, and with the end of another subscription', async () => {
    const reminder = await upcoming('sub_c')
    await updated('sub_c', { metadata: { plan: 'new' } })
    await deleted('sub_other')
    expect(await stateOf(reminder)).toEqual(waiting)
  })

  it.each([
    ['was deleted', (id: string) => deleted(id, { ageMs: 3 * dayMs })],
    ['was cancelled', (id: string) => updated(id, { cancel_at_period_end: true }, { ageMs: 3 * dayMs })],
  ])('is not made of a subscription that %s days before', async (what, end) => {
    const id = `sub_${what.length}`
    await end(id)
    expect(await stateOf(await upcoming(id))).toEqual(stopped)
  })

  it('is made again where the cancellation was withdrawn', async () => {
    await updated('sub_d', { cancel_at_period_end: true }, { ageMs: 3 * dayMs })
    await updated('sub_d', {}, { ageMs: 2 * dayMs, previous: { cancel_at_period_end: true } })
    const reminder = await upcoming('sub_d')
    expect(await stateOf(reminder)).toEqual(waiting)
    await updated('sub_d', { cancel_at_period_end: true })
    expect(await stateOf(reminder)).toEqual(stopped)
  })
})

describe('a trial', () => {
  const trial = (id: string, more: object = {}, options = {}) =>
    told(
      'customer.subscription.trial_will_end',
      { ...subscription('2025-03-31.basil', { customer, trial_end: secondsFromNow(3 * dayMs), ...more }), id },
      options,
    )

  it('is told before it ends', async () => {
    expect(await stateOf(await trial('sub_t1'))).toEqual(['pending', 'due'])
  })

  it('is not told after it has ended, however late the event comes', async () => {
    const late = { trial_end: secondsFromNow(-3_600_000) }
    expect(await stateOf(await trial('sub_t2', late, { ageMs: 3 * dayMs }))).toEqual(['expired', 'expired'])
    expect(await stateOf(await trial('sub_t3', { status: 'canceled', ended_at: secondsFromNow(-1000) }))).toEqual([
      'expired',
      'expired',
    ])
  })

  it('is not told of a subscription that was deleted since', async () => {
    const notification = await trial('sub_t4')
    await deleted('sub_t4')
    expect(await stateOf(notification)).toEqual(stopped)
  })
})
