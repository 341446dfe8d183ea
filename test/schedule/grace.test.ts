// The days of grace of a payment: a reminder after two, the end after three, and what stops them. The clock is moved by
// hand.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import orderCancelled from '../../src/notifiers/order-cancelled.ts'
import paymentDue from '../../src/notifiers/payment-due.ts'
import paymentReceived from '../../src/notifiers/payment-received.ts'
import { cancelMatching } from '../../src/operate/cancel.ts'
import { replayEvent } from '../../src/operate/replay.ts'
import { plan } from '../../src/plan/plan.ts'
import { sweep } from '../../src/schedule/sweep.ts'
import { fireDueTimers, fireTimer } from '../../src/schedule/timers.ts'
import { deliver } from '../helper/deliver.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { startVendor, type Vendor } from '../helper/vendor.ts'
import { eventually, shopSecret } from '../helper/world.ts'

const hours = (n: number) => n * 3_600_000
const days = (n: number) => hours(24 * n)

let shop: Vendor
let stage: Stage
beforeEach(async () => {
  shop = await startVendor({ status: 204, text: '' })
  stage = await startStage({
    APP_WEBHOOK_SECRETS: `shop=${shopSecret}`,
    APP_CALLBACKS: `shop=${shop.url}/hooks`,
    CALLBACKS_ALLOW_PRIVATE: 'true',
  })
})
afterEach(async () => {
  await stage.stop()
  await shop.close()
})

const recipient = { id: 'cus_7', email: 'grace@example.org' }
const pending = (more: object = {}) => ({ ...paymentDue.sample, recipient, reference: 'ORD-5', ...more })
const received = (more: object = {}) => ({ ...paymentReceived.sample, recipient, reference: 'ORD-5', ...more })

interface Timer {
  id: string
  fired_at: Date | null
  stopped_at: Date | null
  reason_code: string | null
}

async function timerOf(eventId: string): Promise<Timer> {
  const { rows } = await stage.db.query('select * from timers where event_id = $1', [eventId])
  expect(rows).toHaveLength(1)
  return rows[0]
}

async function timeOuts(): Promise<{ id: string; source: string; source_id: string; reference: string }[]> {
  const { rows } = await stage.db.query(`select * from events where type = 'payment.timed_out'`)
  return rows
}

const stateOf = async (id: string | undefined) => {
  const { notification } = await stage.audit(id ?? '')
  return [notification.state, notification.reasonCode]
}

describe('a payment that never arrives', () => {
  it('is reminded of once after two days, and has timed out after three: the customer and the app are notified', async () => {
    const { eventId, ids } = await stage.planned(pending())
    const { id: timer } = await timerOf(eventId)
    expect((await stage.audit(ids.email ?? '')).notification).toMatchObject({
      ...{ state: 'scheduled', reasonCode: 'due_later', scheduledFor: new Date('2026-11-23T10:00:00Z') },
      expiresAt: new Date('2026-11-24T10:00:00Z'),
    })

    stage.clock.advance(days(2) - 1)
    await deliver(stage.ctx, ids.email ?? '')
    expect(await stateOf(ids.email)).toEqual(['scheduled', 'due_later'])
    stage.clock.advance(1)
    await deliver(stage.ctx, ids.email ?? '')
    expect(await stateOf(ids.email)).toEqual(['sent', null])
    expect(await fireTimer(stage.ctx, timer)).toBe('not due yet')

    stage.clock.advance(days(1))
    expect(await fireTimer(stage.ctx, timer)).toBe('fired')
    const [timedOut, ...more] = await timeOuts()
    expect(more).toEqual([])
    expect(timedOut).toMatchObject({
      ...{ source: 'shop', source_id: `posthorn:timed-out:${eventId}`, reference: 'ORD-5' },
    })
    await plan(stage.ctx, timedOut?.id ?? '')
    const { rows } = await stage.db.query('select id, channel from notifications where event_id = $1', [timedOut?.id])
    expect(rows.map(({ channel }) => channel).sort()).toEqual(['callback', 'email'])
    for (const { id } of rows) await deliver(stage.ctx, id)
    for (const { id } of rows) expect(await stateOf(id)).toEqual(['sent', null])
    const email = await stage.audit(rows.find(({ channel }) => channel === 'email').id)
    expect(email.notification).toMatchObject({ to: 'grace@example.org', notifier: 'payment-timed-out' })
    expect(email.message?.text).toContain('£78.85')
    const [call] = shop.requests
    expect(JSON.parse(call?.body ?? '')).toMatchObject({
      ...{ type: 'payment.timed_out', timestamp: '2026-11-24T10:00:00.000Z', reference: 'ORD-5' },
      data: { orderNumber: 'ORD-1001', amount: { amount: 7885, currency: 'gbp' } },
    })
  })

  it('has timed out once, whoever notices: two alarms, another process, the hour, and the hour again', async () => {
    const other = await stage.another()
    const { eventId } = await stage.planned(pending())
    const { id } = await timerOf(eventId)
    stage.clock.advance(days(3))
    await Promise.all([
      fireTimer(stage.ctx, id),
      fireTimer(other, id),
      fireDueTimers(other),
      fireDueTimers(stage.ctx),
      fireTimer(other, id),
    ])
    expect(await fireDueTimers(stage.ctx)).toBe(0)
    expect(await timeOuts()).toHaveLength(1)
    expect((await timerOf(eventId)).fired_at).not.toBeNull()
  })

  it('has timed out also where the first who noticed was killed, or nobody heard the alarm', async () => {
    const { eventId } = await stage.planned(pending())
    const { id } = await timerOf(eventId)
    stage.clock.advance(days(3))
    const killed = { ...stage.ctx.jobs, enqueue: () => Promise.reject(new Error('killed')) }
    await expect(fireTimer({ ...stage.ctx, jobs: killed }, id)).rejects.toThrow('killed')
    expect([await timeOuts(), (await timerOf(eventId)).fired_at]).toEqual([[], null])
    await stage.db.query('delete from posthorn_jobs.job')
    stage.clock.advance(16_000)
    expect(await sweep(stage.ctx), 'the timer, and the reminder that nobody sent').toBe(2)
    const { rows } = await stage.db.query(
      `select data->'ids'->>0 as id from posthorn_jobs.job where name = 'timer-normal'`,
    )
    expect(rows).toEqual([{ id }])
    expect(await fireTimer(stage.ctx, id)).toBe('fired')
    expect(await timeOuts()).toHaveLength(1)
  })

  it('is planned twice and has one timer, with one alarm', async () => {
    const other = await stage.another()
    const eventId = await stage.accepted(pending())
    await Promise.all([plan(stage.ctx, eventId), plan(other, eventId)])
    await plan(other, eventId)
    const { id } = await timerOf(eventId)
    const { rows } = await stage.db.query(`select 1 from posthorn_jobs.job where data->'ids' ? $1`, [id])
    expect(rows).toHaveLength(1)
  })

  it('is not reminded of where its time is over by then', async () => {
    const { ids } = await stage.planned(pending({ sendAt: '2026-11-25T10:00:00Z' }))
    expect(await stateOf(ids.email)).toEqual(['expired', 'expired'])
  })
})

describe('a payment that arrives', () => {
  it('on the first day: neither a reminder nor an end', async () => {
    const { eventId, ids } = await stage.planned(pending())
    stage.clock.advance(days(1))
    const stop = await stage.planned(received())
    expect(await stateOf(ids.email)).toEqual(['cancelled', 'superseded'])
    const { entries, notification } = await stage.audit(ids.email ?? '')
    const by = { type: 'payment.received', event: stop.eventId }
    expect(entries).toMatchObject([{ code: 'superseded', params: by }])
    expect(notification.reasonParams).toEqual(by)
    expect(await timerOf(eventId)).toMatchObject({ fired_at: null, reason_code: 'superseded' })
    stage.clock.advance(days(9))
    await deliver(stage.ctx, ids.email ?? '')
    expect(await fireDueTimers(stage.ctx)).toBe(0)
    expect(await timeOuts()).toEqual([])
  })

  it('after two days and a half: it was reminded of, and has not timed out', async () => {
    const { eventId, ids } = await stage.planned(pending())
    stage.clock.advance(days(2.5))
    await deliver(stage.ctx, ids.email ?? '')
    await stage.planned(received())
    stage.clock.advance(days(1))
    expect(await fireDueTimers(stage.ctx)).toBe(0)
    expect(await stateOf(ids.email)).toEqual(['sent', null])
    expect(await timerOf(eventId)).toMatchObject({ reason_code: 'superseded', fired_at: null })
  })

  it('although the event that reports it has not been planned yet', async () => {
    const { eventId, ids } = await stage.planned(pending())
    stage.clock.advance(days(1))
    await stage.accepted(received())
    stage.clock.advance(days(2))
    expect(await fireTimer(stage.ctx, (await timerOf(eventId)).id)).toBe('stopped')
    await deliver(stage.ctx, ids.email ?? '')
    expect(await stateOf(ids.email)).toEqual(['cancelled', 'superseded'])
    expect(await timeOuts()).toEqual([])
  })

  it('and is heard of first: by its own time it was later', async () => {
    await stage.planned(received({ timestamp: '2026-11-21T09:00:00Z' }))
    const { eventId, ids } = await stage.planned(pending({ timestamp: '2026-11-21T08:59:00Z' }))
    expect(await stateOf(ids.email)).toEqual(['cancelled', 'superseded'])
    expect((await timerOf(eventId)).stopped_at).not.toBeNull()
  })

  it('in the same second, reported by a vendor in whole seconds', async () => {
    stage.clock.set(new Date('2026-11-21T10:00:00.400Z'))
    const { eventId, ids } = await stage.planned(pending({ timestamp: '2026-11-21T10:00:00.350Z' }))
    stage.clock.advance(200)
    await stage.planned(received({ timestamp: '2026-11-21T10:00:00Z' }))
    expect(await stateOf(ids.email)).toEqual(['cancelled', 'superseded'])
    expect((await timerOf(eventId)).stopped_at).not.toBeNull()
  })

  it('in the same second, but heard of before it, is another one', async () => {
    await stage.planned(received({ timestamp: '2026-11-21T10:00:00Z' }))
    stage.clock.advance(200)
    const { ids } = await stage.planned(pending())
    expect(await stateOf(ids.email)).toEqual(['scheduled', 'due_later'])
  })

  it('stamped by a clock that is behind, where what waits did not say when it happened', async () => {
    const { ids } = await stage.planned(pending())
    stage.clock.advance(1000)
    await stage.planned(received({ timestamp: '2026-11-21T09:59:30Z' }))
    expect(await stateOf(ids.email)).toEqual(['cancelled', 'superseded'])
  })

  it('though what waits was stamped by a clock that is ahead: nothing happens after it was reported', async () => {
    const { ids } = await stage.planned(pending({ timestamp: '2026-11-21T10:00:30Z' }))
    stage.clock.advance(1000)
    await stage.planned(received())
    expect(await stateOf(ids.email)).toEqual(['cancelled', 'superseded'])
  })

  it('before it, by the times that both of them say, is another one', async () => {
    const { ids } = await stage.planned(pending({ timestamp: '2026-11-21T09:58:30.500Z' }))
    await stage.planned(received({ timestamp: '2026-11-21T09:58:29Z' }))
    expect(await stateOf(ids.email)).toEqual(['scheduled', 'due_later'])
  })

  it('a month before is another one', async () => {
    await stage.planned(
      received({ timestamp: '2026-10-21T09:00:00Z', data: { ...received().data, paymentId: 'pi_0' } }),
    )
    const { eventId, ids } = await stage.planned(pending())
    expect(await stateOf(ids.email)).toEqual(['scheduled', 'due_later'])
    expect((await timerOf(eventId)).stopped_at).toBeNull()
  })

  it('is known by its order where the events have no reference', async () => {
    const { amount } = paymentDue.sample.data
    const data = { amount, orderNumber: 'ORD-6' }
    const { ids } = await stage.planned(pending({ reference: undefined, data }))
    stage.clock.advance(days(1))
    await stage.planned(received({ reference: 'ORD-6', data: { amount } }))
    expect(await stateOf(ids.email)).toEqual(['cancelled', 'superseded'])
  })

  it('for another order stops nothing', async () => {
    const { eventId, ids } = await stage.planned(pending())
    await stage.planned(received({ reference: 'ORD-6' }))
    expect(await stateOf(ids.email)).toEqual(['scheduled', 'due_later'])
    expect((await timerOf(eventId)).stopped_at).toBeNull()
  })
})

it('an order that is cancelled is not to be paid', async () => {
  const { eventId, ids } = await stage.planned(pending())
  await stage.planned({ ...orderCancelled.sample, recipient, reference: 'ORD-5' })
  expect(await stateOf(ids.email)).toEqual(['cancelled', 'stopped'])
  expect(await timerOf(eventId)).toMatchObject({ reason_code: 'stopped' })
})

it('of a payment and what stops it, planned at once, neither overlooks the other', async () => {
  // The payment's plan stops just before its commit: it has asked what stops it, and nobody sees yet what it made.
  const held = await stage.db.connect()
  await held.query(`create function wait_for_the_test() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(1); return null; end $$`)
  await held.query(`create constraint trigger waits after insert on timers deferrable initially deferred
    for each row execute function wait_for_the_test()`)
  await held.query('select pg_advisory_lock(1)')
  const waiting = async () => {
    const { rows } = await held.query(`select 1 from pg_locks where locktype = 'advisory' and not granted`)
    return rows.length
  }
  const eventId = await stage.accepted(pending())
  const planning = plan(stage.ctx, eventId)
  await eventually(async () => (await waiting()) === 1)
  const stopId = await stage.accepted(received())
  const stopping = plan(await stage.another(), stopId)
  await Promise.race([stopping, eventually(async () => (await waiting()) === 2)])
  await held.query('select pg_advisory_unlock(1)')
  await Promise.all([planning, stopping])
  held.release()
  expect(await timerOf(eventId)).toMatchObject({ reason_code: 'superseded' })
  const { rows } = await stage.db.query('select state from notifications where event_id = $1', [eventId])
  expect(rows).toEqual([{ state: 'cancelled' }])
})

describe('a person who cancels', () => {
  const by = 'operator key `ops`'
  const forgive = (filter: Parameters<typeof cancelMatching>[1], dryRun = false) =>
    cancelMatching(stage.ctx, filter, dryRun, by)
  const isWaiting = async (eventId: string) => (await timerOf(eventId)).stopped_at === null

  it('what goes by a reference stops its time-out for good, and no other', async () => {
    const { eventId, ids } = await stage.planned(pending())
    const { eventId: other } = await stage.planned(pending({ reference: 'ORD-6' }))
    expect(await forgive({ reference: 'ORD-5' }, true)).toEqual({
      matched: 1,
      cancelled: 0,
      timers: 1,
      planning: 0,
      dryRun: true,
    })
    expect(await isWaiting(eventId)).toBe(true)
    expect(await forgive({ reference: 'ORD-5' })).toEqual({
      matched: 1,
      cancelled: 1,
      timers: 1,
      planning: 0,
      dryRun: false,
    })
    expect(await forgive({ reference: 'ORD-5' })).toEqual({
      matched: 0,
      cancelled: 0,
      timers: 0,
      planning: 0,
      dryRun: false,
    })
    expect(await stateOf(ids.email)).toEqual(['cancelled', 'cancelled'])
    const { rows: told } = await stage.db.query('select at, code, params from timeline_entries where event_id = $1', [
      eventId,
    ])
    expect(told).toEqual([
      { at: stage.clock.now(), code: 'timer_cancelled', params: { by, emits: 'payment.timed_out' } },
    ])

    await replayEvent(stage.ctx, eventId, true, by)
    stage.clock.advance(days(3))
    expect(await fireTimer(stage.ctx, (await timerOf(eventId)).id)).toBe('ended before')
    expect(await fireDueTimers(stage.ctx)).toBe(1)
    expect(await timeOuts()).toMatchObject([{ reference: 'ORD-6' }])
    expect((await timerOf(eventId)).reason_code).toBe('cancelled')
    expect((await timerOf(other)).fired_at).not.toBeNull()
  })

  it('by type and time means the timers of those events', async () => {
    const { eventId: before } = await stage.planned(pending({ reference: 'ORD-1' }))
    stage.clock.advance(hours(1))
    const since = stage.clock.now()
    const { eventId: within } = await stage.planned(pending({ reference: 'ORD-2' }))
    stage.clock.advance(hours(1))
    const until = stage.clock.now()
    const { eventId: after } = await stage.planned(pending({ reference: 'ORD-3' }))
    expect(await forgive({ eventType: 'payment.failed', since })).toMatchObject({ timers: 0 })
    expect(await forgive({ eventType: 'payment.pending', since, until })).toMatchObject({ matched: 1, timers: 1 })
    expect(await Promise.all([before, within, after].map(isWaiting))).toEqual([true, false, true])
  })

  it('the messages of a notifier leaves the timers', async () => {
    const { eventId } = await stage.planned(pending())
    expect(await forgive({ notifier: 'payment-due', reference: 'ORD-5' })).toMatchObject({ cancelled: 1, timers: 0 })
    expect(await isWaiting(eventId)).toBe(true)
  })

  it('while timers fire: each has either fired or was stopped, and is counted so', async () => {
    const other = await stage.another()
    for (let i = 0; i < 20; i++) await stage.planned(pending({ reference: `ORD-${i}` }))
    stage.clock.advance(days(3))
    const [{ timers }, fired] = await Promise.all([forgive({ eventType: 'payment.pending' }), fireDueTimers(other)])
    expect(timers + fired).toBe(20)
    expect(await timeOuts()).toHaveLength(fired)
  })
})
