// Events that are planned at the same time share transactions, and each still gets its own plan.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeReadPart } from '../../src/plan/part-reads.ts'
import { makePlan, type PlanSteps, plan } from '../../src/plan/plan.ts'
import { storeParts } from '../../src/plan/store-part.ts'
import { beginPlans } from '../../src/store/events/load.ts'
import { ordered, paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(() => stage.stop())

const acceptAll = (events: object[]) => Promise.all(events.map((event) => stage.accepted(event)))
const plansOf = async (ids: string[]) => {
  const { rows } = await stage.db.query<{ id: string; status: string; made: string[]; omitted: string[] }>(
    `select e.id, e.status, array(select n.channel from notifications n where n.event_id = e.id order by 1) as made,
       array(select o.channel from omissions o where o.event_id = e.id) as omitted
     from events e where e.id = any($1)`,
    [ids],
  )
  return ids.map((id) => rows.find((row) => row.id === id))
}
/** How many transactions wrote the notifications of these events. */
const transactionsOf = async (ids: string[]) => {
  const { rows } = await stage.db.query(
    'select distinct d.xmin::text from notification_details d where d.event_id = any($1)',
    [ids],
  )
  return rows.length
}
/** Calls `work` once for `count` items. */
function gathered<In, Out>(count: number, work: (items: In[]) => Promise<Out[]>): (item: In) => Promise<Out> {
  const items: In[] = []
  const all = Promise.withResolvers<Out[]>()
  return async (item) => {
    const place = items.push(item) - 1
    if (items.length === count) all.resolve(work(items))
    return (await all.promise)[place] as Out
  }
}
const both = ['email', 'sms']

it('events that concern no other are stored in one transaction, each with its own notifications', async () => {
  const events = [shipped(), ordered(), shipped({ recipient: { email: 'ada@example.com' } }), shipped()]
  const ids = await acceptAll(events)
  const begin = async (id: string) => (await beginPlans(stage.db, [id], 'untried'))[0] ?? null
  const steps: PlanSteps = {
    beginFirst: begin,
    begin,
    read: makeReadPart(stage.ctx),
    store: gathered(ids.length, (parts) => storeParts(stage.ctx, parts)),
  }
  await Promise.all(ids.map((id) => plan(stage.ctx, id, steps)))
  expect(await plansOf(ids)).toMatchObject([
    { status: 'planned', made: both, omitted: [] },
    { status: 'planned', made: both, omitted: [] },
    { status: 'planned', made: ['email'], omitted: ['sms'] },
    { status: 'planned', made: both, omitted: [] },
  ])
  expect(await transactionsOf(ids)).toBe(1)
  const { rows } = await stage.db.query(
    `select name, jsonb_array_length(data->'ids') as ids from posthorn_jobs.job where name ~ '^(email|sms)' order by 1`,
  )
  expect(rows, 'one job for all that is woken together').toEqual([
    { name: 'email-normal', ids: 4 },
    { name: 'sms-normal', ids: 3 },
  ])
})

it('the same events planned by two workers at once are planned once', async () => {
  const ids = await acceptAll(Array.from({ length: 12 }, () => shipped()))
  const workers = [makePlan(stage.ctx), makePlan(await stage.another()), makePlan(await stage.another())]
  await Promise.all(workers.flatMap((work, i) => (i === 1 ? ids.toReversed() : ids).map((id) => work(id))))
  for (const planned of await plansOf(ids)) expect(planned).toMatchObject({ status: 'planned', made: both })
})

it('what an event has made before is not made again, and has no second message', async () => {
  const ids = await acceptAll([shipped(), shipped()])
  const [again = ''] = ids
  await plan(stage.ctx, again)
  const before = await plansOf([again])
  await stage.db.query(`update events set status = 'accepted', due_at = now(), planned_up_to = 0 where id = $1`, [
    again,
  ])
  const work = makePlan(stage.ctx)
  await Promise.all(ids.map((id) => work(id)))
  const [same, other] = await plansOf(ids)
  expect(same).toEqual(before[0])
  expect(other).toMatchObject({ status: 'planned', made: both })
  const { rows } = await stage.db.query(
    `select count(*)::integer as all, count(s.id)::integer as known
     from messages m left join notification_states s on s.id = m.notification_id`,
  )
  expect(rows, 'a message for each notification, and no other').toEqual([{ all: 4, known: 4 }])
})

it('two events of one payment among them still make one message', async () => {
  const payment = paymentIntent({ id: 'pi_together' })
  const raws = ['evt_1', 'evt_2'].map((id) => stripeEvent('payment_intent.succeeded', payment, { id }))
  const ids = await acceptAll([shipped(), shipped()])
  const { translate } = stage.ctx.sources.named('stripe')
  for (const event of raws) {
    const raw = Buffer.from(JSON.stringify(event))
    ids.push(
      await stage.accepted(event, {
        source: 'stripe',
        translation: await translate(raw),
        reportsFaultsToSender: false,
      }),
    )
  }
  const work = makePlan(stage.ctx)
  await Promise.all(ids.map((id) => work(id)))
  const plans = await plansOf(ids)
  expect(
    plans
      .slice(2)
      .flatMap((one) => one?.made)
      .sort(),
  ).toEqual(both)
  expect(
    plans
      .slice(2)
      .flatMap((one) => one?.omitted)
      .sort(),
  ).toEqual(both)
})

it('one whose message cannot be made JSON fails alone, and nothing of it stays', async () => {
  const ids = await acceptAll([shipped(), shipped()])
  const [broken = ''] = ids
  const toJSON = () => {
    throw new RangeError('Invalid string length')
  }
  const steps: PlanSteps = {
    beginFirst: async () => null,
    begin: async (id) => (await beginPlans(stage.db, [id], 'untried'))[0] ?? null,
    read: makeReadPart(stage.ctx),
    store: async ({ part, ...one }) => {
      const notifications = part.notifications.map((n) => ({ ...n, message: n.message && { ...n.message, toJSON } }))
      return (await storeParts(stage.ctx, [{ ...one, part: { ...part, notifications } }]))[0] ?? null
    },
  }
  await expect(plan(stage.ctx, broken, steps)).rejects.toThrow('Invalid string length')
  expect(await plansOf(ids)).toMatchObject(ids.map(() => ({ status: 'accepted', made: [] })))
})

it('one that the database refuses fails alone', async () => {
  const ids = await acceptAll([shipped(), shipped(), shipped()])
  const [, refused = ''] = ids
  await stage.db.query(
    `alter table notification_details add constraint refused_by_a_test check (event_id <> '${refused}') not valid`,
  )
  const work = makePlan(stage.ctx)
  const ends = await Promise.allSettled(ids.map((id) => work(id)))
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  await stage.db.query('alter table notification_details drop constraint refused_by_a_test')
  expect((await plansOf(ids)).map((one) => one?.status)).toEqual(['planned', 'accepted', 'planned'])
  await work(refused)
  expect(await plansOf([refused])).toMatchObject([{ status: 'planned', made: both }])
})
