// Jobs are due by Postgres's clock and rows by the process's. Here Postgres is days ahead: a job that comes before its row's time
// comes again when the process's clock is there, and not at once in a loop.
import { afterEach, beforeEach, expect, it } from 'vitest'
import weeklyProgress from '../../../src/notifiers/weekly-progress.ts'
import { digest } from '../../../src/plan/digest.ts'
import { plan } from '../../../src/plan/plan.ts'
import { partsComeWithinMs } from '../../../src/policy/payment-parts.ts'
import { fireTimer } from '../../../src/schedule/timers.ts'
import { deliver } from '../../helper/deliver.ts'
import { shipped, stripeEvent } from '../../helper/events.ts'
import { type Stage, startStage } from '../../helper/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
  const { rows } = await stage.db.query<{ at: Date }>(`select date_trunc('second', now()) - interval '2 days' as at`)
  stage.clock.set(rows[0]?.at ?? new Date(0))
})
afterEach(() => stage.stop())

/** The waits in seconds of the jobs that name it, by Postgres's clock, without those that were due when they were enqueued. */
async function waits(id: string): Promise<number[]> {
  const { rows } = await stage.db.query<{ wait: number }>(
    `select extract(epoch from start_after - created_on)::float as wait from posthorn_jobs.job
     where data->'ids' ? $1 and start_after > created_on order by wait`,
    [id],
  )
  return rows.map(({ wait }) => wait)
}

/** Has it come too early, again and again: each time its job waits as long as its row, and there is one job for each wait. */
async function comesEarly(id: string, dueAt: Date, work: () => Promise<unknown>): Promise<void> {
  const left = () => (dueAt.getTime() - stage.clock.now().getTime()) / 1000
  const [first] = [left()]
  for (let times = 0; times < 5; times++) await work()
  expect(await waits(id)).toEqual([first])
  stage.clock.set(new Date(dueAt.getTime() - 40))
  for (let times = 0; times < 5; times++) await work()
  expect(await waits(id)).toEqual([0.1, first])
}

it('a plan that waits for what may link its payment waits as long as it has to', async () => {
  const come = async (type: string, object: object) => {
    const event = stripeEvent(type, object, { created: stage.clock.now().getTime() / 1000 })
    const raw = Buffer.from(JSON.stringify(event))
    const of = { source: 'stripe', sourceId: `evt_${crypto.randomUUID()}`, raw, reportsFaultsToSender: false }
    return stage.accepted(event, of)
  }
  const payment = { type: 'payment_intent', payment_intent: 'pi_other' }
  await plan(stage.ctx, await come('invoice_payment.paid', { object: 'invoice_payment', invoice: 'in_other', payment }))
  const person = { customer: 'cus_1', currency: 'eur' }
  const invoice = { id: 'in_1', object: 'invoice', amount_paid: 9000, customer_email: 'ada@example.com', parent: {} }
  await plan(stage.ctx, await come('invoice.paid', { ...person, ...invoice }))
  stage.clock.advance(500)
  const intent = { ...person, id: 'pi_1', object: 'payment_intent', amount: 5000, amount_received: 5000 }
  const id = await come('payment_intent.succeeded', {
    ...intent,
    receipt_email: 'ada@example.com',
    latest_charge: 'ch_1',
  })
  const until = new Date(stage.clock.now().getTime() + partsComeWithinMs)
  await comesEarly(id, until, () => plan(stage.ctx, id))
  stage.clock.set(until)
  await plan(stage.ctx, id)
  const { rows } = await stage.db.query('select status from events where id = $1', [id])
  expect(rows).toEqual([{ status: 'planned' }])
})

it('a digest', async () => {
  const recipient = { id: 'stu_1', email: 'grace@example.org', timezone: 'America/New_York' }
  const event = { type: 'student.progress', recipient, data: weeklyProgress.sample.data }
  const id = (await stage.planned(event)).ids.email ?? ''
  const { rows } = await stage.db.query('select due_at from notification_states where id = $1', [id])
  // Monday may be tomorrow, which Postgres's clock has passed, or not.
  await stage.db.query('delete from posthorn_jobs.job')
  await comesEarly(id, rows[0].due_at, () => digest(stage.ctx, id))
})

it('a timer', async () => {
  const due = { type: 'payment.pending', data: { amount: { amount: 5000, currency: 'EUR' } } }
  await stage.planned({ ...due, recipient: { email: 'ada@example.org' }, reference: 'ORD-1' })
  const { rows } = await stage.db.query<{ id: string; due_at: Date }>('select id, due_at from timers')
  const [{ id, due_at: dueAt } = { id: '', due_at: new Date() }] = rows
  await stage.db.query('delete from posthorn_jobs.job')
  await comesEarly(id, dueAt, () => fireTimer(stage.ctx, id))
})

it('a delivery: each early job leaves one that waits, and none that is due', async () => {
  const sendAt = new Date(stage.clock.now().getTime() + 3000)
  const { ids } = await stage.planned(shipped({ sendAt: sendAt.toISOString() }))
  const id = ids.email ?? ''
  await stage.db.query('delete from posthorn_jobs.job')
  await deliver(stage.ctx, id)
  expect(await waits(id)).toEqual([3])
  stage.clock.advance(2990)
  await deliver(stage.ctx, id)
  expect(await waits(id)).toEqual([0.1, 3])
  const { rowCount } = await stage.db.query(`select from posthorn_jobs.job where data->'ids' ? $1`, [id])
  expect(rowCount).toBe(2)
})
