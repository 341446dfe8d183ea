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

describe('a reminder whose subscription goes on after all', () => {
  const withdrawn = (id: string, options: object = {}) =>
    updated(id, {}, { previous: { cancel_at_period_end: true }, ...options })
  const jobsOf = async ({ notification }: Awaited<ReturnType<typeof told>>) => {
    const { rows } = await stage.db.query(`select start_after from posthorn_jobs.job where data->'ids' ? $1`, [
      notification.id,
    ])
    return rows.length
  }

  it('waits for its time again, once, and says so', async () => {
    const reminder = await upcoming('sub_r1')
    const planned = await jobsOf(reminder)
    await updated('sub_r1', { cancel_at_period_end: true }, { ageMs: 2000 })
    expect(await stateOf(reminder)).toEqual(stopped)
    const { id } = await withdrawn('sub_r1')
    await withdrawn('sub_r1')
    expect(await stateOf(reminder)).toEqual(waiting)
    expect(await jobsOf(reminder)).toBe(planned + 1)
    const { rows } = await stage.db.query(
      `select code, params from timeline_entries where notification_id = $1 and code = 'resumed'`,
      [reminder.notification.id],
    )
    expect(rows).toEqual([{ code: 'resumed', params: { type: 'subscription.resumed', event: id } }])
  })

  it('is due at once where its time has passed, and stays cancelled after its last day', async () => {
    const reminder = await upcoming('sub_r2')
    await updated('sub_r2', { cancel_at_period_end: true }, { ageMs: 2000 })
    const start = stage.clock.now()
    stage.clock.advance(8 * dayMs)
    await withdrawn('sub_r2')
    expect(await stateOf(reminder)).toEqual(['pending', 'due'])
    stage.clock.set(start)

    const late = await upcoming('sub_r3')
    await updated('sub_r3', { cancel_at_period_end: true }, { ageMs: 2000 })
    stage.clock.advance(12 * dayMs)
    await withdrawn('sub_r3')
    expect(await stateOf(late)).toEqual(stopped)
    stage.clock.set(start)
  })

  it('stays cancelled where it was deleted as well, another goes on, or a person cancelled it', async () => {
    const [deletedToo, other, byPerson] = [await upcoming('sub_r4'), await upcoming('sub_r5'), await upcoming('sub_r6')]
    await updated('sub_r4', { cancel_at_period_end: true }, { ageMs: 3000 })
    await withdrawn('sub_r4', { ageMs: 2000 })
    await deleted('sub_r4')
    await withdrawn('sub_r4', { ageMs: 1000 })
    await updated('sub_r5', { cancel_at_period_end: true }, { ageMs: 2000 })
    await withdrawn('sub_other')
    await stage.db.query(
      `update notification_states set state = 'cancelled', reason_code = 'cancelled', reason_params = '{"by":"ops"}', due_at = null where id = $1`,
      [byPerson.notification.id],
    )
    await withdrawn('sub_r6')
    expect(await stateOf(deletedToo)).toEqual(stopped)
    expect(await stateOf(other)).toEqual(stopped)
    expect(await stateOf(byPerson)).toEqual(['cancelled', 'cancelled'])
  })

  it('of an app goes on by its reference', async () => {
    const recipient = { email: 'ada@example.com' }
    const data = { title: 'Studio', amount: { amount: 1200, currency: 'gbp' }, dueDate: '2026-12-20' }
    const reminder = await stage.planned({ type: 'installment.scheduled', reference: 'APP-SUB', recipient, data })
    const state = async () => (await stage.audit(String(reminder.ids.email))).notification.state
    await stage.planned({ type: 'subscription.ending', reference: 'APP-SUB', data: {} })
    expect(await state()).toBe('cancelled')
    stage.clock.advance(1000)
    await stage.planned({ type: 'subscription.resumed', reference: 'APP-SUB', data: {} })
    expect(await state()).toBe('scheduled')
  })
})

describe('a trial', () => {
  const trial = (id: string, more: object = {}, options = {}) =>
    told(
      'customer.subscription.trial_will_end',
      { ...subscription('2025-03-31.basil', { customer, trial_end: secondsFromNow(3 * dayMs), ...more }), id },
      options,
    )

  it('is announced before it ends', async () => {
    expect(await stateOf(await trial('sub_t1'))).toEqual(['pending', 'due'])
  })

  it('is not announced after it has ended, however late the event comes', async () => {
    const late = { trial_end: secondsFromNow(-3_600_000) }
    expect(await stateOf(await trial('sub_t2', late, { ageMs: 3 * dayMs }))).toEqual(['expired', 'expired'])
    expect(await stateOf(await trial('sub_t3', { status: 'canceled', ended_at: secondsFromNow(-1000) }))).toEqual([
      'expired',
      'expired',
    ])
  })

  it('is not announced if its subscription has been deleted since', async () => {
    const notification = await trial('sub_t4')
    await deleted('sub_t4')
    expect(await stateOf(notification)).toEqual(stopped)
  })
})
