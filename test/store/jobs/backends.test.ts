// The main walk on plain Postgres with the queue of each backend, as pg-boss makes and runs it there: from the webhook to the
// receipt, with several workers that fetch the same jobs, and after a worker that died.
import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { openLog } from '../../../src/log.ts'
import { plan } from '../../../src/plan/plan.ts'
import { sweep } from '../../../src/schedule/sweep.ts'
import { start } from '../../../src/start.ts'
import { backends, traitsOf } from '../../../src/store/backends.ts'
import { openDb, transaction } from '../../../src/store/db.ts'
import { openJobs } from '../../../src/store/jobs/jobs.ts'
import { queues } from '../../../src/store/jobs/queues.ts'
import { run } from '../../helper/database-setup.ts'
import { deliver } from '../../helper/deliver.ts'
import { shipped } from '../../helper/events.ts'
import { countIn, emailsTo, until } from '../../helper/fleet.ts'
import { resendCallback } from '../../helper/receipts.ts'
import { startStage } from '../../helper/stage.ts'
import { accepting, startVendor, type Vendor } from '../../helper/vendor.ts'
import { eventually, freshDatabase, startWorld, testConfig } from '../../helper/world.ts'

const secret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`
const emails = 40

let resend: Vendor
let cleanup: AsyncDisposableStack
beforeEach(async () => {
  cleanup = new AsyncDisposableStack()
  resend = await startVendor(accepting.resend)
  cleanup.defer(resend.close)
})
afterEach(() => cleanup.disposeAsync())

const keysCalled = () => resend.requests.map(({ headers }) => headers['idempotency-key'])

describe.each(backends)('with DATABASE_BACKEND=%s', (backend) => {
  const { notifies, partitionsQueues } = traitsOf(backend)
  const settings = () => ({
    RESEND_API_KEY: 're_of_tests',
    RESEND_BASE_URL: resend.url,
    RESEND_RATE: '1000',
    RESEND_WEBHOOK_SECRET: secret,
    PUBLIC_URL: 'https://notify.example.com',
  })

  it('what one process accepts, two others fetch, send once and hear the receipt of', async () => {
    const world = await startWorld({ backend, env: { ...settings(), POSTHORN_ROLES: 'api' } })
    cleanup.defer(world.stop)
    const logs: string[] = []
    const sink = new Writable({ write: (chunk, _encoding, done) => done(void logs.push(String(chunk))) })
    const env = { ...settings(), DATABASE_URL: world.databaseUrl, DATABASE_BACKEND: backend, POSTHORN_ROLES: 'worker' }
    const config = testConfig(env)
    for (let started = 0; started < 2; started++) {
      const worker = await start(config, { log: openLog('warn', sink), print: () => {} })
      cleanup.defer(worker.stop)
    }

    const { body: accepted } = await world.app(emailsTo(emails), { id: 'msg_1' })
    expect((await world.app(emailsTo(1), { id: 'msg_1' })).body).toMatchObject({ id: accepted.id, duplicate: true })
    await until(async () => (await countIn(world, 'sent')) === emails)
    expect(new Set(keysCalled()).size).toBe(emails)
    expect(resend.requests).toHaveLength(emails)

    const [first] = (await world.event(accepted.id)).notifications
    const event = {
      type: 'email.delivered',
      created_at: systemClock.now().toISOString(),
      data: { email_id: first?.providerMessageId, tags: { notification_id: first?.id } },
    }
    const receipt = resendCallback(event, { secret, id: 'msg_receipt' })
    expect((await world.send(receipt.path, receipt.payload, receipt.headers)).status).toBe(200)
    await eventually(async () => (await world.notification(first?.id ?? '')).state === 'delivered')

    const { rows: made } = await world.db.query(
      'select distinct partition, notify from posthorn_jobs.queue where name = any($1)',
      [queues.map(({ name }) => name)],
    )
    expect(made).toEqual([{ partition: partitionsQueues, notify: notifies }])
    const { rows: listening } = await world.db.query(
      `select from pg_stat_activity where datname = current_database() and query ilike 'listen %'`,
    )
    expect(listening.length > 0).toBe(notifies)
    const { rows: unfinished } = await world.db.query(
      `select from posthorn_jobs.job where name = any($1) and state in ('retry', 'failed')`,
      [queues.map(({ name }) => name)],
    )
    expect(unfinished).toEqual([])
    expect(logs.filter((line) => line.includes('job queue'))).toEqual([])
    expect(logs.filter((line) => line.includes('is experimental'))).toHaveLength(backend === 'postgres' ? 0 : 2)
  })

  it('two workers open one attempt, and one that died is settled with the same key', async () => {
    const answered = Promise.withResolvers<void>()
    resend.answer({ json: { id: 'resend-late' }, after: answered.promise }, { json: { id: 'resend-2' } })
    const stage = await startStage(settings(), backend)
    cleanup.defer(stage.stop)
    const other = await stage.another()
    const eventId = await stage.accepted(shipped({ recipient: { email: 'grace@example.org' } }))
    await Promise.all([plan(stage.ctx, eventId), plan(other, eventId)])
    const { rows } = await stage.db.query('select id from notifications where event_id = $1', [eventId])
    expect(rows).toHaveLength(1)
    const id = rows[0].id

    const lost = Promise.all([deliver(stage.ctx, id), deliver(other, id)])
    await resend.waitForRequests(1)
    await expect(
      stage.db.query(
        `insert into attempts (id, notification_id, number, round, provider, cause, started_at)
         values (gen_random_uuid(), $1, 2, 1, 'resend', 'first', now())`,
        [id],
      ),
    ).rejects.toThrow('one_open_attempt_at_most')
    stage.clock.advance(31_000)
    expect(await sweep(stage.ctx)).toBe(1)
    await deliver(other, id)
    const { notification } = await stage.audit(id)
    if (notification.dueAt) stage.clock.set(notification.dueAt)
    await deliver(other, id)
    const { notification: settled, attempts } = await stage.audit(id)
    expect(settled.state).toBe('sent')
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['unknown', 'accepted'])
    expect(keysCalled()).toEqual([id, id])
    answered.resolve()
    await lost
  })
})

describe('a database of another DATABASE_BACKEND', () => {
  it.each([
    ['postgres', 'cockroachdb'],
    ['cockroachdb', 'postgres'],
    ['postgres', 'yugabytedb'],
    ['yugabytedb', 'postgres'],
  ] as const)('made with %s, is worked with %s, and a queue that is new there too', async (first, then) => {
    const database = await freshDatabase(first)
    cleanup.defer(database.drop)
    const queue = { url: database.url, poolSize: 3, log: openLog('silent') }
    await (await openJobs({ ...queue, backend: first })).stop(0)
    await run(database.url, `select posthorn_jobs.delete_queue('digest-normal')`)
    const jobs = await openJobs({ ...queue, backend: then })
    cleanup.defer(() => jobs.stop(0))
    const db = openDb(queue)
    cleanup.defer(() => db.end())
    const done: string[] = []
    for (const stage of ['email', 'digest'] as const) await jobs.work(stage, async (id) => void done.push(id))
    // A repeat is fetched: the process that enqueues it does not do it at once.
    await transaction(db, (tx) =>
      jobs.enqueue(tx, [
        { stage: 'email', priority: 'normal', id: 'an email', isRepeat: true },
        { stage: 'digest', priority: 'normal', id: 'a digest', isRepeat: true },
      ]),
    )
    await until(() => done.length >= 2)
    expect(done.sort()).toEqual(['a digest', 'an email'])
  })
})
