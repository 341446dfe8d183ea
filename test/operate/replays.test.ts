// Events again: one of them over HTTP, and an incident's window as a run that survives its workers.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import orderShipped from '../../src/notifiers/order-shipped.ts'
import { continueReplay, planReplay, replayEvent, startReplay } from '../../src/operate/replay.ts'
import { plan } from '../../src/plan/plan.ts'
import { sweep } from '../../src/schedule/sweep.ts'
import { translateAppBody } from '../../src/sources/app/envelope.ts'
import { findReplay } from '../../src/store/notifications/replays.ts'
import { deliver } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { eventually, keys, type Problem, startWorld, type World } from '../helper/world.ts'

let resend: Vendor
let env: Record<string, string>
const by = 'operator key `ops`'
const refusing = { status: 422, json: { statusCode: 422, name: 'validation_error', message: 'Invalid `to` field.' } }
const zeros = { willSend: 0, alreadySent: 0, expired: 0, suppressed: 0, other: 0 }
/** An email to somebody without a phone. */
const email = (more: object = {}) =>
  shipped({ recipient: { id: crypto.randomUUID(), email: 'grace@example.org' }, ...more })
const keysSent = (id: string) =>
  resend.requests.map((r) => String(r.headers['idempotency-key'])).filter((key) => key.startsWith(id))

beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  env = { RESEND_API_KEY: 're_of_tests', RESEND_BASE_URL: resend.url, SMS_PROVIDERS: 'sandbox' }
})
afterEach(() => resend.answer(accepting.resend))
afterAll(() => resend.close())

describe('over HTTP', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ env })
  })
  afterAll(() => world.stop())

  function act<T>(path: string, body?: unknown, key = keys.operator) {
    const json = body === undefined ? '' : JSON.stringify(body)
    return world.send<T>(path, json, { authorization: `Bearer ${key}`, 'content-type': 'application/json' })
  }

  interface Shown {
    id: string
    status: string
    plan: Record<string, number>
    progress: Record<string, number>
    finishedAt: string | null
  }

  it('what failed is sent, what was sent stays sent, and twice means nothing twice', async () => {
    resend.answer(refusing)
    const { body } = await world.app(shipped())
    const event = await world.event(body.id)
    expect(event.counts).toEqual({ failed: 1, sent: 1 })
    resend.answer(accepting.resend)
    expect(await act(`/v1/events/${event.id}/replay`)).toMatchObject({
      status: 200,
      body: { id: event.id, counts: { ...zeros, willSend: 1, alreadySent: 1 } },
    })
    await world.event(event.id, (e) => e.counts.sent === 2)
    expect((await act(`/v1/events/${event.id}/replay`, { force: false })).body).toEqual({
      id: event.id,
      counts: { ...zeros, wouldSend: 0, alreadySent: 2 },
    })
    const { rows } = await world.db.query('select code, params from timeline_entries where event_id = $1', [event.id])
    expect(rows).toEqual(
      Array(2).fill({ code: 'event_replay_requested', params: { by: 'operator key `operator`', force: false } }),
    )
    const mail = event.notifications.find((n) => n.channel === 'email')
    const { timeline } = await world.notification(mail?.id ?? '')
    expect(timeline.map((t) => t.what)).toContain('Operator key `operator` replayed its event.')
  })

  it('with force what was sent goes out as another message', async () => {
    const { body } = await world.app(email())
    const event = await world.event(body.id)
    const id = event.notifications.find((n) => n.channel === 'email')?.id ?? ''
    expect((await act(`/v1/events/${event.id}/replay`, { force: true })).body).toMatchObject({
      counts: { ...zeros, willSend: 1 },
    })
    await eventually(async () => keysSent(id).length === 2)
    expect(keysSent(id)).toEqual([id, `${id}.1`])
  })

  it('a window is planned first, then run, and a second run finds nothing to send', async () => {
    resend.answer(refusing)
    const reference = 'R-WINDOW'
    const since = new Date(Date.UTC(2020, 0, 1)).toISOString()
    const until = new Date(Date.UTC(2100, 0, 1)).toISOString()
    const events = [await world.app(email({ reference })), await world.app(email({ reference }))].map((e) => e.body.id)
    for (const id of events) await world.event(id)
    resend.answer(accepting.resend)
    const window = { since, until, source: 'shop', type: 'order.shipped', state: 'failed' }
    const { status, body } = await act<Shown>('/v1/replays', { ...window, dryRun: true })
    expect({ status, body }).toEqual({
      status: 200,
      body: { dryRun: true, plan: { events: 2, wouldSend: 2, alreadySent: 0, expired: 0, suppressed: 0, other: 0 } },
    })
    const started = await act<Shown>('/v1/replays', { ...window, ratePerSecond: 1000 })
    expect(started.body).toMatchObject({ ...window, status: 'running', plan: body.plan, ratePerSecond: 1000 })
    const done = await eventually(async () => {
      const { body } = await world.get<Shown>(`/v1/replays/${started.body.id}`, keys.viewer)
      return body.status === 'done' && body
    })
    expect(done).toMatchObject({ progress: { ...zeros, events: 2, willSend: 2 }, finishedAt: expect.any(String) })
    for (const id of events) await world.event(id, (e) => e.counts.sent === 1)
    expect((await act<Shown>('/v1/replays', { ...window, dryRun: true })).body.plan).toMatchObject({
      events: 0,
      wouldSend: 0,
    })
    const { state: _, ...whole } = window
    expect((await act<Shown>('/v1/replays', { ...whole, dryRun: true })).body.plan).toMatchObject({ wouldSend: 0 })
  })

  it.each([
    ['no window', {}],
    ['half a window', { since: '2026-11-01' }],
    ['a window that ends before it begins', { since: '2026-11-02', until: '2026-11-01' }],
    ['an empty window', { since: '2026-11-02', until: '2026-11-02' }],
    ['no rate at all', { since: '2026-11-01', until: '2026-11-02', ratePerSecond: 0 }],
    ['too high a rate', { since: '2026-11-01', until: '2026-11-02', ratePerSecond: 1001 }],
    ['a state that is none', { since: '2026-11-01', until: '2026-11-02', state: 'lost' }],
    ['a field that is none', { since: '2026-11-01', until: '2026-11-02', force: true }],
  ])('refuses a replay with %s', async (_name, body) => {
    const answer = await act<Problem>('/v1/replays', body)
    expect(answer.status).toBe(400)
    expect(answer.body.errors?.length).toBeGreaterThan(0)
  })

  it('is for operators, and knows no other ids', async () => {
    const id = crypto.randomUUID()
    const window = { since: '2026-11-01', until: '2026-11-02', dryRun: true }
    for (const [path, body] of [
      [`/v1/events/${id}/replay`, undefined],
      ['/v1/replays', window],
    ] as const) {
      expect((await act(path, body, keys.viewer)).status).toBe(403)
      expect((await act(path, body, '')).status).toBe(401)
    }
    expect((await act(`/v1/events/${id}/replay`)).status).toBe(404)
    expect((await act('/v1/events/nothing/replay')).status).toBe(404)
    expect((await act(`/v1/events/${id}/replay`, { force: 'yes' })).status).toBe(400)
    for (const unknown of [id, 'nothing']) expect((await world.get(`/v1/replays/${unknown}`)).status).toBe(404)
    expect((await world.get(`/v1/replays/${id}`, keys.producer)).status).toBe(403)
  })

  it('every queue says what waits in it', async () => {
    await world.app(email({ sendAt: new Date(Date.UTC(2100, 0, 1)).toISOString() }))
    await world.quiet()
    const { status, body } = await world.get<{ data: { name: string; deferred: number }[] }>('/v1/queues', keys.viewer)
    expect(status).toBe(200)
    expect(body.data.map((queue) => queue.name)).toEqual([
      'enrich-normal',
      'plan-high',
      'plan-normal',
      'plan-bulk',
      'email-high',
      'email-normal',
      'email-bulk',
      'email-attempted',
      'sms-high',
      'sms-normal',
      'sms-bulk',
      'sms-attempted',
      'callback-normal',
      'digest-normal',
      'replay-normal',
      'schedule-normal',
      'timer-normal',
    ])
    expect(body.data.find((queue) => queue.name === 'email-normal')).toMatchObject({ deferred: 1, failed: 0 })
  })
})

describe('with the workers stopped', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await startStage(env)
  })
  afterEach(() => stage.stop())

  const window = { since: new Date('2026-11-21T00:00:00Z'), until: new Date('2026-12-21T00:00:00Z') }
  const day = 24 * 3600 * 1000

  async function failed(event = email()): Promise<{ eventId: string; id: string }> {
    resend.answer(refusing)
    const { eventId, ids } = await stage.planned(event)
    await deliver(stage.ctx, ids.email ?? '')
    resend.answer(accepting.resend)
    return { eventId, id: ids.email ?? '' }
  }

  async function states(): Promise<Record<string, number>> {
    const { rows } = await stage.db.query<{ state: string; n: number }>(
      'select state, count(*)::integer as n from notifications group by 1',
    )
    return Object.fromEntries(rows.map((row) => [row.state, row.n]))
  }

  const statusOf = async (id: string) =>
    (await stage.db.query('select status from events where id = $1', [id])).rows[0].status

  async function newJobs(id: string): Promise<number> {
    const { rows } = await stage.db.query(
      `select count(*)::integer as n from posthorn_jobs.job where data->'ids' ? $1`,
      [id],
    )
    return rows[0].n
  }

  it('of two replays at once one sends', async () => {
    const { eventId, id } = await failed()
    const other = await stage.another()
    const both = await Promise.all([replayEvent(stage.ctx, eventId, false, by), replayEvent(other, eventId, false, by)])
    expect(both.map((counts) => (counts === 'forgotten' ? null : counts?.willSend)).sort()).toEqual([0, 1])
    await deliver(stage.ctx, id)
    expect(await states()).toEqual({ sent: 1 })
  })

  it('an ignored event is planned once somebody listens', async () => {
    const deaf: Ctx = { ...stage.ctx, notifiersFor: () => [] }
    const eventId = await stage.accepted(email())
    await plan(deaf, eventId)
    expect(await statusOf(eventId)).toBe('ignored')
    expect(await replayEvent(deaf, eventId, false, by)).toEqual(zeros)
    expect(await statusOf(eventId)).toBe('ignored')

    stage.clock.advance(40 * day)
    expect(await replayEvent(stage.ctx, eventId, false, by)).toEqual({ ...zeros, willSend: 1 })
    expect(await statusOf(eventId)).toBe('accepted')
    expect(await replayEvent(stage.ctx, eventId, false, by), 'it is being planned').toEqual(zeros)
    await plan(stage.ctx, eventId)
    expect(await statusOf(eventId)).toBe('planned')
    expect(await states()).toEqual({ pending: 1 })
  })

  it('an ignored event that somebody listens to by now, and that does not fit, is failed by its replay', async () => {
    const odds = [{ data: [1] }, { recipient: { email: 'nobody' } }, { timestamp: 1764054000 }]
    for (const [i, path] of ['data', 'recipient.email', 'timestamp'].entries()) {
      const raw = Buffer.from(JSON.stringify({ ...email(), ...odds[i] }))
      const translation = await translateAppBody(raw, () => 'nobody')
      const deaf: Ctx = { ...stage.ctx, notifiersFor: () => [] }
      const eventId = await stage.accepted({}, { raw, translation }, deaf)
      expect(await statusOf(eventId)).toBe('ignored')
      expect(await replayEvent(stage.ctx, eventId, false, by)).toEqual(zeros)
      await plan(stage.ctx, eventId)
      const { rows } = await stage.db.query('select status, reason_code, reason_params from events where id = $1', [
        eventId,
      ])
      const reason_params = { path, message: expect.stringMatching(/^must be/) }
      expect(rows).toEqual([{ status: 'failed', reason_code: 'bad_data', reason_params }])
    }
  })

  it('an event that failed is planned once its data fits', async () => {
    const eventId = await stage.accepted(email())
    const strict: Ctx = {
      ...stage.ctx,
      notifiersFor: () => [{ ...orderShipped, schema: orderShipped.schema.refine(() => false, 'never right') }],
    }
    await plan(strict, eventId)
    expect(await statusOf(eventId)).toBe('failed')
    expect(await planReplay(stage.ctx, { ...window, state: 'failed' })).toMatchObject({ events: 1, willSend: 1 })
    expect(await replayEvent(stage.ctx, eventId, false, by)).toMatchObject({ willSend: 1 })
    await plan(stage.ctx, eventId)
    expect(await states()).toEqual({ pending: 1 })
  })

  it('a notifier’s own time limit begins again, the event’s own does not', async () => {
    const slow = { ...orderShipped, expiresInMs: day }
    const ctx: Ctx = { ...stage.ctx, notifiersFor: () => [slow] }
    const own = await stage.accepted(email({ expiresAt: '2026-11-22T00:00:00Z' }))
    const theirs = await stage.accepted(email())
    stage.clock.advance(3 * day)
    for (const id of [own, theirs]) await plan(ctx, id)
    expect(await states()).toEqual({ expired: 2 })
    expect(await replayEvent(ctx, own, true, by)).toEqual({ ...zeros, expired: 1 })
    expect(await replayEvent(ctx, theirs, false, by)).toEqual({ ...zeros, willSend: 1 })
    expect(await states()).toEqual({ expired: 1, pending: 1 })
    const { rows } = await stage.db.query(`select id, subject from notifications where state = 'pending'`)
    expect(rows[0].subject).toBe('Order ORD-1001 has shipped')
    await deliver(ctx, rows[0].id)
    expect(await states()).toEqual({ expired: 1, sent: 1 })
  })

  it('what had no provider is sent once its channel has one, and waits where its time has not come', async () => {
    const without: Ctx = { ...stage.ctx, routeOf: (of) => (of.channel === 'email' ? [] : stage.ctx.routeOf(of)) }
    const due = await stage.accepted(email())
    const later = await stage.accepted(email({ sendAt: '2026-12-24T09:00:00Z' }))
    for (const id of [due, later]) await plan(without, id)
    expect(await states()).toEqual({ suppressed: 2 })
    expect(await replayEvent(without, due, false, by)).toEqual({ ...zeros, suppressed: 1 })
    expect(await replayEvent(stage.ctx, later, false, by)).toEqual({ ...zeros, suppressed: 1 })
    expect(await replayEvent(stage.ctx, due, false, by)).toEqual({ ...zeros, willSend: 1 })
    const { rows } = await stage.db.query(`select id, subject from notifications where state = 'pending'`)
    expect(rows).toEqual([{ id: expect.any(String), subject: 'Order ORD-1001 has shipped' }])
    await deliver(stage.ctx, rows[0].id)
    expect(await states()).toEqual({ sent: 1, suppressed: 1 })
    expect(await replayEvent(stage.ctx, due, false, by)).toEqual({ ...zeros, alreadySent: 1 })
  })

  const list = (reason: string) =>
    stage.db.query(`insert into suppressions values ('email', 'grace@example.org', $1, 'resend', '2026-11-21')`, [
      reason,
    ])
  const unlist = () => stage.db.query('delete from suppressions')

  it('what a mistaken entry of the list held back is sent once that is gone, and waits where its time has not come', async () => {
    await list('a mistake')
    const { eventId: due } = await stage.planned(email())
    const { eventId: later } = await stage.planned(email({ sendAt: '2026-12-24T09:00:00Z' }))
    expect(await states()).toEqual({ suppressed: 2 })
    expect(await replayEvent(stage.ctx, due, true, by), 'still on the list').toEqual({ ...zeros, suppressed: 1 })
    await unlist()
    expect(await replayEvent(stage.ctx, later, false, by)).toEqual({ ...zeros, suppressed: 1 })
    expect(await planReplay(stage.ctx, { ...window, state: 'suppressed' })).toMatchObject({
      willSend: 1,
      suppressed: 1,
    })
    expect(await replayEvent(stage.ctx, due, false, by)).toEqual({ ...zeros, willSend: 1 })
    const { rows } = await stage.db.query(`select id, subject from notifications where state = 'pending'`)
    expect(rows).toEqual([{ id: expect.any(String), subject: 'Order ORD-1001 has shipped' }])
    await deliver(stage.ctx, rows[0].id)
    expect((await stage.audit(rows[0].id)).entries).toMatchObject([
      {
        code: 'replayed',
        params: { by, state: 'suppressed', reason: { params: { listedAs: 'a mistake' } } },
      },
    ])
    expect(await replayEvent(stage.ctx, due, false, by)).toEqual({ ...zeros, alreadySent: 1 })
  })

  it('what was held back before its call goes out by the words that it had, and stays where it is on the list again', async () => {
    const { eventId, ids } = await stage.planned(email())
    await list('a mistake')
    await deliver(stage.ctx, ids.email ?? '')
    expect(await states()).toEqual({ suppressed: 1 })
    await unlist()
    expect(await replayEvent(stage.ctx, eventId, false, by)).toEqual({ ...zeros, willSend: 1 })
    await list('a complaint')
    await deliver(stage.ctx, ids.email ?? '')
    expect(await replayEvent(stage.ctx, eventId, false, by)).toEqual({ ...zeros, suppressed: 1 })
    await unlist()
    expect(await replayEvent(stage.ctx, eventId, false, by)).toEqual({ ...zeros, willSend: 1 })
    await deliver(stage.ctx, ids.email ?? '')
    expect(keysSent(ids.email ?? '')).toEqual([ids.email])
  })

  it('what was held back while it may have gone out already stays held back', async () => {
    const { eventId, ids } = await stage.planned(email())
    await list('a mistake')
    await deliver(stage.ctx, ids.email ?? '')
    await unlist()
    await stage.db.query(
      `insert into attempts (id, notification_id, number, round, provider, cause, outcome, started_at, ended_at)
       values ($1, $2, 1, 1, 'smtp', 'first', 'unknown', now(), now())`,
      [crypto.randomUUID(), ids.email],
    )
    expect(await replayEvent(stage.ctx, eventId, false, by)).toEqual({ ...zeros, suppressed: 1 })
  })

  it('what was cancelled stays cancelled, and what is suppressed since stays where it is', async () => {
    const { eventId, id } = await failed()
    await list('complaint')
    expect(await replayEvent(stage.ctx, eventId, false, by)).toEqual({ ...zeros, suppressed: 1 })
    await stage.db.query(
      `update notification_states set state = 'cancelled', reason_code = 'cancelled' where id = $1`,
      [id],
    )
    expect(await replayEvent(stage.ctx, eventId, true, by)).toEqual({ ...zeros, other: 1 })
  })

  it('a run goes through its window at its rate, slice by slice, as it was planned', async () => {
    const made = []
    for (let i = 0; i < 5; i++) made.push(await failed())
    await stage.planned(email())
    stage.clock.advance(3600 * 1000)
    const planned = await planReplay(stage.ctx, window)
    expect(planned).toEqual({ events: 6, willSend: 5, alreadySent: 0, expired: 0, suppressed: 0, other: 1 })
    const id = await startReplay(stage.ctx, window, 2, by)
    const steps = []
    for (let run = await findReplay(stage.db, id); run?.dueAt; run = await findReplay(stage.db, id)) {
      stage.clock.set(run.dueAt)
      await continueReplay(stage.ctx, id)
      steps.push((await states()).failed ?? 0)
    }
    expect(steps).toEqual([3, 1, 0])
    expect(await findReplay(stage.db, id)).toMatchObject({
      plan: planned,
      progress: planned,
      finishedAt: stage.clock.now(),
    })
    await continueReplay(stage.ctx, id)
    for (const one of made) await deliver(stage.ctx, one.id)
    expect(await states()).toEqual({ sent: 5, pending: 1 })
    expect(await planReplay(stage.ctx, window)).toMatchObject({ events: 6, willSend: 0, alreadySent: 5 })
  })

  it('a run whose worker died goes on where it was, and two workers do a slice once', async () => {
    for (let i = 0; i < 4; i++) await failed()
    const id = await startReplay(stage.ctx, window, 2, by)
    const other = await stage.another()
    await Promise.all([continueReplay(stage.ctx, id), continueReplay(other, id)])
    expect(await states()).toMatchObject({ failed: 2, pending: 2 })
    await continueReplay(other, id)
    expect(await states(), 'not due yet').toMatchObject({ failed: 2 })

    await stage.db.query('delete from posthorn_jobs.job')
    stage.clock.advance(20_000)
    await sweep(stage.ctx)
    expect(await newJobs(id)).toBe(1)
    await continueReplay(other, id)
    while ((await findReplay(stage.db, id))?.dueAt) {
      stage.clock.advance(1000)
      await continueReplay(other, id)
    }
    expect(await states()).toEqual({ pending: 4 })
    expect(await findReplay(stage.db, id)).toMatchObject({ progress: { events: 4, willSend: 4 }, dueAt: null })
    const { rows } = await stage.db.query(
      `select count(*)::integer as n from timeline_entries where notification_id is not null and code = 'replayed'`,
    )
    expect(rows[0].n).toBe(4)
  })

  it('two runs of one window send once', async () => {
    for (let i = 0; i < 3; i++) await failed()
    const runs = [await startReplay(stage.ctx, window, 50, by), await startReplay(stage.ctx, window, 50, by)]
    const other = await stage.another()
    await Promise.all([continueReplay(stage.ctx, runs[0] ?? ''), continueReplay(other, runs[1] ?? '')])
    const sent = await Promise.all(runs.map(async (id) => (await findReplay(stage.db, id))?.progress.willSend ?? 0))
    expect(sent.reduce((a, b) => a + b)).toBe(3)
    expect(await states()).toEqual({ pending: 3 })
  })
})
