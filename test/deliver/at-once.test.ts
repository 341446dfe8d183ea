// Work that a process does at once after its commit: what fails in it is done by its alarm, and nothing is sent twice.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { ordered } from '../helper/events.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { eventually, startWorld, type World } from '../helper/world.ts'

let resend: Vendor
let world: World
beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  world = await startWorld({ env: { RESEND_API_KEY: 're_of_tests', RESEND_BASE_URL: resend.url } })
})
afterAll(async () => {
  await world.stop()
  await resend.close()
})
beforeEach(() => {
  resend.answer(accepting.resend)
  resend.requests.length = 0
})

/** An event with one email, and the id of that once it is planned. */
async function posted(): Promise<{ eventId: string; id: string }> {
  const { body } = await world.app(ordered({ channels: ['email'] }))
  const { notifications } = await world.event(body.id, ({ notifications }) => notifications.length > 0)
  return { eventId: body.id, id: notifications[0]?.id ?? '' }
}

/** The jobs of the queues that are neither done nor given up, with whether it is the alarm of work done at once. */
async function jobsLeft(stage: string): Promise<{ isAlarm: boolean; startAfter: Date }[]> {
  const { rows } = await world.db.query(
    `select coalesce(data->'isAlarm', 'false')::boolean as "isAlarm", start_after as "startAfter" from posthorn_jobs.job
     where name like $1 and state < 'completed'`,
    [`${stage}-%`],
  )
  return rows
}

/** The next write of this kind to the table fails, once. */
async function failOnce(when: string, table: string): Promise<void> {
  await world.db.query(`
    create sequence if not exists failures; alter sequence failures restart;
    create or replace function fail_once() returns trigger language plpgsql as $$ begin
      if nextval('posthorn.failures') = 1 then raise exception 'broken on purpose'; end if;
      return new;
    end $$;
    create or replace trigger fails_once before ${when} on ${table} for each row execute function fail_once()`)
}

const faults = () => world.log.filter((line) => line.includes('broken on purpose')).length

it.each([
  ['planning', 'insert', 'notification_details'],
  ['a delivery', 'insert', 'attempts'],
])('%s fails, and its alarm has the message sent, once', async (_what, when, table) => {
  const before = faults()
  await failOnce(when, table)
  const { eventId } = await posted()
  const { notifications } = await world.event(eventId)
  expect(notifications.map(({ state }) => state)).toEqual(['sent'])
  expect(faults() - before).toBe(1)
  expect(resend.requests).toHaveLength(1)
  await eventually(async () => (await jobsLeft('%')).length === 0)
  await world.db.query(`drop trigger fails_once on ${table}`)
})

it('is still on when its alarm rings, which then sends nothing', async () => {
  const answered = Promise.withResolvers<void>()
  resend.answer({ json: { id: 'slow' }, after: answered.promise })
  const { eventId } = await posted()
  await resend.waitForRequests(1)
  expect(await jobsLeft('email')).toMatchObject([{ isAlarm: true }])
  await eventually(async () => (await jobsLeft('email')).length === 0)
  answered.resolve()
  const { notifications } = await world.event(eventId)
  expect(notifications.map(({ state, providerMessageId }) => [state, providerMessageId])).toEqual([['sent', 'slow']])
  expect(resend.requests).toHaveLength(1)
})

it('is put off by the provider: the alarm is gone, and the next job is due when the next round is', async () => {
  resend.answer({ status: 429, json: { name: 'rate_limit_exceeded', message: 'slow down' } })
  const { id } = await posted()
  const { dueAt } = await eventually(async () => {
    const { rows } = await world.db.query<{ dueAt: Date }>(
      `select due_at as "dueAt" from notification_states where id = $1 and state = 'pending' and attempted`,
      [id],
    )
    return rows[0]
  })
  expect(dueAt.getTime() - Date.now()).toBeGreaterThan(20_000)
  const jobs = await eventually(async () => {
    const left = await jobsLeft('email')
    return left.some(({ isAlarm }) => isAlarm) ? null : left
  })
  expect(jobs.map(({ startAfter }) => Math.abs(startAfter.getTime() - dueAt.getTime()) <= 1000)).toEqual([true])
  expect((await world.notification(id)).attempts.map(({ outcome }) => outcome)).toEqual(['deferred'])
})
