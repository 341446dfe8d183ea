// A cancellation by filter also covers what its events have yet to make, and nothing of events that are accepted after it.
import type pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import { reason } from '../../src/domain/reason.ts'
import newContent from '../../src/notifiers/new-content.ts'
import paymentDue from '../../src/notifiers/payment-due.ts'
import { cancelMatching, continueCancellations } from '../../src/operate/cancel.ts'
import { replayEvent } from '../../src/operate/replay.ts'
import { plan } from '../../src/plan/plan.ts'
import { transaction } from '../../src/store/db.ts'
import { endPlan } from '../../src/store/events/plans.ts'
import { insertCancellation } from '../../src/store/notifications/cancellation-runs.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { eventually, startWorld } from '../helper/world.ts'

const by = 'operator key `ops`'
const dayMs = 86_400_000
const { recipient: _, ...lesson } = newContent.sample
const students = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: `student-${i}`, email: `student-${i}@example.com` }))
const forMany = (count: number, more: object = {}) => ({
  ...lesson,
  recipients: students(count),
  reference: 'LESSON-1',
  ...more,
})

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(() => stage.stop())

async function isPlanned(eventId: string): Promise<boolean> {
  const { rows } = await stage.db.query('select status from events where id = $1', [eventId])
  return rows[0].status === 'planned'
}

async function planToItsEnd(eventId: string, ctx: Ctx = stage.ctx) {
  do await plan(ctx, eventId)
  while (!(await isPlanned(eventId)))
}

async function counts(eventId: string) {
  const { rows } = await stage.db.query(
    `select state, reason_code as reason, count(*)::integer as n from notifications where event_id = $1 group by 1, 2 order by 1`,
    [eventId],
  )
  return rows
}

const cancelled = (n: number) => [{ state: 'cancelled', reason: 'cancelled', n }]
const waiting = (n: number) => [{ state: 'pending', reason: 'due', n }]

/** Has plans wait, with a part inserted and not committed, until `release` is called. */
async function holdParts(table: string) {
  const held: pg.PoolClient = await stage.db.connect()
  await held.query(`create function wait_for_the_test() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(1); return null; end $$`)
  await held.query(`create constraint trigger waits after insert on ${table} deferrable initially deferred
    for each row execute function wait_for_the_test()`)
  await held.query('select pg_advisory_lock(1)')
  return {
    async release() {
      await held.query('select pg_advisory_unlock(1)')
      held.release()
    },
  }
}

const lockWaits = async (type: string) => {
  const { rows } = await stage.db.query('select from pg_locks where locktype = $1 and not granted', [type])
  return rows.length
}

describe('an event that is planned in parts', () => {
  it('has all that follows a cancellation cancelled, with its reason and an entry for each', async () => {
    const event = await stage.accepted(forMany(700))
    await plan(stage.ctx, event)
    expect(await counts(event)).toEqual(waiting(50))
    const dryRun = await cancelMatching(stage.ctx, { reference: 'LESSON-1' }, true, by)
    expect(dryRun).toEqual({ matched: 50, cancelled: 0, timers: 0, planning: 1, dryRun: true })
    const done = await cancelMatching(stage.ctx, { reference: 'LESSON-1' }, false, by)
    expect(done).toEqual({ matched: 50, cancelled: 50, timers: 0, planning: 1, dryRun: false })
    await planToItsEnd(event)
    expect(await counts(event)).toEqual(cancelled(700))
    const { rows } = await stage.db.query(
      `select code, params::jsonb as params, count(*)::integer as n from timeline_entries where notification_id in
         (select id from notifications where event_id = $1) group by 1, 2`,
      [event],
    )
    expect(rows).toEqual([{ code: 'cancelled', params: { by, mayBeTaken: false }, n: 700 }])
    const reasons = await stage.db.query('select distinct reason_params::jsonb as params from notifications')
    expect(reasons.rows).toEqual([{ params: { by } }])
  })

  it('also where the planner ended with the process, and another goes on', async () => {
    const event = await stage.accepted(forMany(700))
    await plan(stage.ctx, event)
    const hold = await holdParts('notification_details')
    const dying = plan(stage.ctx, event).catch(() => 'ended')
    await eventually(async () => (await lockWaits('advisory')) === 1)
    const cancelling = cancelMatching(await stage.another(), { reference: 'LESSON-1' }, false, by)
    await eventually(async () => (await lockWaits('transactionid')) === 1)
    await stage.db.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted`)
    await dying
    await hold.release()
    expect(await cancelling).toMatchObject({ matched: 50, cancelled: 50, planning: 1 })
    await planToItsEnd(event, await stage.another())
    expect(await counts(event)).toEqual(cancelled(700))
  })

  it.each(['insert into cancellations', 'jsonb from locked', `set state = 'cancelled'`, 'delete from cancellations'])(
    'also where the process that cancels ends at "%s", and another continues',
    async (statement) => {
      const event = await stage.accepted(forMany(300))
      await plan(stage.ctx, event)
      const { ctx } = stage
      const ended = new Error('the process ended')
      const query = (...args: unknown[]) => {
        if (JSON.stringify(args[0]).includes(statement)) throw ended
        return (ctx.db.query as (...all: unknown[]) => unknown)(...args)
      }
      const dying = { ...ctx, db: Object.create(ctx.db, { query: { value: query } }) as Ctx['db'] }
      await expect(cancelMatching(dying, { reference: 'LESSON-1' }, false, by)).rejects.toBe(ended)
      await plan(ctx, event)
      stage.clock.advance(1)
      const after = await stage.accepted(forMany(20))
      await plan(ctx, after)
      expect(await continueCancellations(ctx)).toBe(0)
      stage.clock.advance(60_000)
      const isBegun = statement !== 'insert into cancellations'
      expect(await continueCancellations(await stage.another())).toBe(isBegun ? 1 : 0)
      expect(await continueCancellations(ctx)).toBe(0)
      for (const id of [event, after]) await planToItsEnd(id)
      expect(await counts(event)).toEqual(isBegun ? cancelled(300) : waiting(300))
      expect(await counts(after)).toEqual(waiting(20))
    },
  )

  it('one that takes long is taken by nobody else while it gets on', async () => {
    const event = await stage.accepted(forMany(300))
    for (let i = 0; i < 6; i++) await plan(stage.ctx, event)
    const { ctx } = stage
    let batches = 0
    const query = async (...args: unknown[]) => {
      const answer = await (ctx.db.query as (...all: unknown[]) => Promise<unknown>)(...args)
      // Each statement takes most of the minute.
      if (!JSON.stringify(args[0]).includes(`set state = 'cancelled'`)) return answer
      batches += 1
      expect(await continueCancellations(ctx), 'nobody takes it').toBe(0)
      stage.clock.advance(50_000)
      return answer
    }
    const slow = { ...ctx, db: Object.create(ctx.db, { query: { value: query } }) as Ctx['db'] }
    await stage.accepted(forMany(20))
    await cancelMatching(slow, { reference: 'LESSON-1' }, false, by)
    expect(batches).toBeGreaterThan(1)
    expect(await counts(event)).toEqual(cancelled(300))
  })

  it('a process that stops leaves the rest of a cancellation to others', async () => {
    const event = await stage.accepted(forMany(60))
    const run = { id: crypto.randomUUID(), filter: { reference: 'LESSON-1' }, acceptedBy: stage.clock.now(), by }
    await insertCancellation(stage.ctx.db, run, stage.clock.now())
    let asked = 0
    await continueCancellations(stage.ctx, () => ++asked > 1)
    await planToItsEnd(event)
    expect(await counts(event)).toEqual(waiting(60))
    stage.clock.advance(60_000)
    expect(await continueCancellations(stage.ctx)).toBe(1)
    expect(await counts(event)).toEqual(cancelled(60))
  })

  it('a service continues by itself what another has left', async () => {
    await using cleanup = new AsyncDisposableStack()
    const world = await startWorld()
    cleanup.defer(() => world.stop())
    const reference = 'LESSON-9'
    const { body } = await world.app(shipped({ reference, sendAt: new Date(Date.now() + dayMs).toISOString() }))
    await world.event(body.id, ({ status }) => status === 'planned')
    const left = { id: crypto.randomUUID(), filter: { reference }, acceptedBy: new Date(), by }
    await insertCancellation(world.db, left, new Date())
    const { counts } = await world.event(body.id, ({ counts }) => counts.cancelled !== undefined)
    expect(counts).toEqual({ cancelled: 2 })
  })

  it('and a cancellation that ends five processes is given up', async () => {
    const event = await stage.accepted(forMany(20))
    const run = { id: crypto.randomUUID(), filter: { reference: 'LESSON-1' }, acceptedBy: stage.clock.now(), by }
    await insertCancellation(stage.ctx.db, run, stage.clock.now())
    await stage.db.query('update cancellations set tries = 5')
    expect(await continueCancellations(stage.ctx)).toBe(1)
    expect(await continueCancellations(stage.ctx)).toBe(0)
    await planToItsEnd(event)
    expect(await counts(event)).toEqual(waiting(20))
  })

  it('a part that is stored at that moment is cancelled too', async () => {
    const event = await stage.accepted(forMany(120))
    await plan(stage.ctx, event)
    const hold = await holdParts('notification_details')
    const planning = plan(stage.ctx, event)
    await eventually(async () => (await lockWaits('advisory')) === 1)
    const cancelling = cancelMatching(await stage.another(), { notifier: 'new-content' }, false, by)
    await eventually(async () => (await lockWaits('transactionid')) === 1)
    await hold.release()
    await Promise.all([planning, cancelling])
    await planToItsEnd(event)
    expect(await counts(event)).toEqual(cancelled(120))
  })

  it('keeps what other notifiers, references, types and times make', async () => {
    const event = await stage.accepted(forMany(120))
    await plan(stage.ctx, event)
    const received = stage.clock.now()
    stage.clock.advance(60_000)
    const others = [
      { notifier: 'order-shipped' },
      { reference: 'LESSON-2' },
      { eventType: 'order.shipped' },
      { until: received },
      { since: new Date(stage.clock.now().getTime() + 1) },
    ]
    for (const filter of others)
      expect(await cancelMatching(stage.ctx, filter, false, by)).toMatchObject({ cancelled: 0, planning: 0 })
    await planToItsEnd(event)
    expect(await counts(event)).toEqual(waiting(120))
  })

  it('is covered by a time since which its rest is made, and by one until which it was received', async () => {
    const [one, other] = [await stage.accepted(forMany(60)), await stage.accepted(forMany(60))]
    stage.clock.advance(60_000)
    const now = stage.clock.now()
    expect(await cancelMatching(stage.ctx, { since: now, reference: 'LESSON-1' }, true, by)).toMatchObject({
      planning: 2,
    })
    expect(await cancelMatching(stage.ctx, { until: now }, false, by)).toMatchObject({ planning: 2 })
    for (const id of [one, other]) {
      await planToItsEnd(id)
      expect(await counts(id)).toEqual(cancelled(60))
    }
  })

  it('and one accepted afterwards is untouched, as is what a later replay makes', async () => {
    const before = await stage.accepted(forMany(120))
    await cancelMatching(stage.ctx, { notifier: 'new-content' }, false, by)
    const after = await stage.accepted(forMany(120))
    for (const id of [before, after]) await planToItsEnd(id)
    expect(await counts(before)).toEqual(cancelled(120))
    expect(await counts(after)).toEqual(waiting(120))
    await replayEvent(stage.ctx, before, false, by)
    expect(await counts(before)).toEqual(cancelled(120))
    const { rows } = await stage.db.query('select from events where cancellations is not null')
    expect(rows).toEqual([])
  })

  it('is marked once, however often it is cancelled', async () => {
    const event = await stage.accepted(forMany(60))
    for (const who of [by, 'another', by]) await cancelMatching(stage.ctx, { reference: 'LESSON-1' }, false, who)
    for (const who of [by, 'another']) await cancelMatching(stage.ctx, { notifier: 'new-content' }, false, who)
    await Promise.all([by, 'another'].map((who) => cancelMatching(stage.ctx, { eventType: lesson.type }, false, who)))
    const { rows } = await stage.db.query('select cancellations from events where id = $1', [event])
    expect(rows[0].cancellations).toEqual([
      { by, notifier: null },
      { by, notifier: 'new-content' },
    ])
  })
})

describe('an event whose plan is locked', () => {
  it('by a planner that locks an earlier one next does not deadlock with a cancellation', async () => {
    const [earlier, later] = [await stage.accepted(forMany(60)), await stage.accepted(forMany(60))]
    const planner: pg.PoolClient = await stage.db.connect()
    await planner.query('begin')
    await planner.query('select from events where id = $1 for no key update', [later])
    const cancelling = cancelMatching(await stage.another(), { reference: 'LESSON-1' }, false, by)
    await eventually(async () => (await lockWaits('transactionid')) === 1)
    await planner.query('select from events where id = $1 for no key update', [earlier])
    await planner.query('commit')
    planner.release()
    expect(await cancelling).toMatchObject({ planning: 2 })
    for (const id of [earlier, later]) {
      await planToItsEnd(id)
      expect(await counts(id)).toEqual(cancelled(60))
    }
  })

  it('that ends without a notification is replayed as if nobody had cancelled it', async () => {
    const event = await stage.accepted(forMany(3))
    await cancelMatching(stage.ctx, { reference: 'LESSON-1' }, false, by)
    await transaction(stage.ctx.db, (tx) => endPlan(tx, event, { status: 'ignored', reason: reason('no_notifier') }))
    await replayEvent(stage.ctx, event, false, by)
    await planToItsEnd(event)
    expect(await counts(event)).toEqual(waiting(3))
  })
})

describe('a small event', () => {
  it('that waits for its plan is covered, with its timer, and others are not', async () => {
    const pending = (reference: string) => ({ ...paymentDue.sample, reference })
    const [due, other] = [await stage.accepted(pending('ORD-5')), await stage.accepted(pending('ORD-6'))]
    const done = await cancelMatching(stage.ctx, { reference: 'ORD-5' }, false, by)
    expect(done).toEqual({ matched: 0, cancelled: 0, timers: 0, planning: 1, dryRun: false })
    for (const id of [due, other]) await plan(stage.ctx, id)
    expect(await counts(due)).toEqual(cancelled(1))
    expect(await counts(other)).toMatchObject([{ state: 'scheduled' }])
    const { rows } = await stage.db.query('select event_id, reason_code from timers order by reason_code')
    expect(rows).toEqual([
      { event_id: due, reason_code: 'cancelled' },
      { event_id: other, reason_code: null },
    ])
  })

  it('of which one notifier is cancelled keeps its timer', async () => {
    const due = await stage.accepted({ ...paymentDue.sample, reference: 'ORD-5' })
    await cancelMatching(stage.ctx, { notifier: 'payment-due' }, false, by)
    await plan(stage.ctx, due)
    expect(await counts(due)).toEqual(cancelled(1))
    const { rows } = await stage.db.query('select reason_code from timers')
    expect(rows).toEqual([{ reason_code: null }])
  })
})
