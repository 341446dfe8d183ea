// The overview: what it counts, up to when, and what it says needs a person.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countMinutes } from '../../src/schedule/count-minutes.ts'
import { ordered, shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { signedIn, type Visitor } from '../helper/visitor.ts'
import { keys, startWorld, type World } from '../helper/world.ts'

describe('the counts', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await startStage({})
  })
  afterAll(() => stage.stop())

  const minute = (text: string) => new Date(`2026-11-21T${text}Z`)
  const counts = async () =>
    (
      await stage.ctx.db.query(`select to_char(minute at time zone 'UTC', 'HH24:MI') || ' ' || what || ' ' || n as one
       from minute_counts order by 1`)
    ).rows.map(({ one }) => one)
  const count = (now: Date) => countMinutes({ ...stage.ctx, clock: { now: () => now } })

  it('are of whole minutes, and counting again changes nothing', async () => {
    await stage.ctx.db.query(`update minute_counts_state set counted_up_to = '2026-11-21T10:00:30Z'`)
    await stage.ctx.db.query(
      `with e as (
         insert into events (id, source, source_id, type, source_type, status, priority, occurred_at, received_at, due_at)
         select gen_random_uuid(), 'shop', 'e' || at, 't', 't', 'accepted', 'normal', at, at, at
         from unnest(array['2026-11-21T09:59:59.9Z', '2026-11-21T10:00:00Z', '2026-11-21T10:00:59Z']::timestamptz[]) as at
         returning id, received_at),
       d as (
         insert into notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel,
           recipient_key, locale, timezone, priority, when_unsure, created_at)
         select id, id, 't', 't', 'shop', id::text, 'n', 'transactional', 'email', 'k', 'en', 'UTC', 'normal', 'resend', received_at
         from e returning id, created_at),
       s as (
         insert into notification_states (id, channel, priority, created_at, state, reason_code)
         select id, 'email', 'normal', created_at, 'failed', 'tries_used_up' from d),
       a as (
         insert into attempts (id, notification_id, number, round, provider, cause, started_at, ended_at, outcome)
         select gen_random_uuid(), id, 1, 1, 'resend', 'first', created_at,
           created_at + case when created_at = '2026-11-21T10:00:00Z' then interval '11 seconds' else interval '9 seconds' end, 'accepted'
         from d),
       r as (insert into reports (id, provider, received_at) values (gen_random_uuid(), 'resend', now()) returning id)
       insert into receipts (id, report_id, provider, key, kind, received_at)
       select gen_random_uuid(), r.id, 'resend', kind, kind, '2026-11-21T10:00:10Z' from r, unnest(array['delivered', 'opened']) as kind`,
    )
    await stage.ctx.db.query(`insert into provider_health (provider) values ('resend') on conflict do nothing`)
    const expected = [
      '09:59 accepted 1',
      '09:59 failed 1',
      '09:59 in_time 1',
      '09:59 sent 1',
      '10:00 accepted 2',
      '10:00 delivered 1',
      '10:00 failed 2',
      '10:00 in_time 1',
      '10:00 sent 2',
    ]
    expect(await count(minute('10:01:00'))).toBe(true)
    expect(await counts()).toEqual(expected)
    await count(minute('10:01:05'))
    expect(await counts()).toEqual(expected)
  })

  it('catch up after a pause, an hour in a turn, and forget after 29 days', async () => {
    await count(minute('15:00:00'))
    const upTo = async () =>
      (await stage.ctx.db.query('select counted_up_to from minute_counts_state')).rows[0].counted_up_to
    expect((await upTo()).toISOString()).toBe('2026-11-21T10:59:00.000Z')
    for (let i = 0; i < 8; i++) await count(minute('15:00:00'))
    expect((await upTo()).toISOString()).toBe('2026-11-21T15:00:00.000Z')
    await count(new Date('2026-12-20T23:00:00Z'))
    expect(await counts()).toEqual([])
  })

  it('are made by one worker at a time', async () => {
    const tx = await stage.ctx.db.connect()
    await tx.query('begin')
    await tx.query('select 1 from minute_counts_state for update')
    expect(await count(minute('16:00:00'))).toBe(false)
    await tx.query('rollback')
    tx.release()
  })
})

describe('the page', () => {
  let world: World
  let operator: Visitor
  beforeAll(async () => {
    world = await startWorld()
    operator = await signedIn(world)
  })
  afterAll(() => world.stop())

  it('of a new service is calm', async () => {
    const page = await operator.get('/dashboard')
    expect(page.text).toContain('No event came in during this time. Nothing waits.')
    expect(page.text).toContain('Nothing needs a person.')
    expect(page.text).toMatch(/Counted up to \d\d:\d\d:\d\d UTC/)
    expect(page.text).not.toContain('Why it waits for you')
    expect(page.text).toMatch(/Nothing waits and nothing is in flight, in any of \d+ queues\./)
  })

  it('draws what was counted, and has it as a table', async () => {
    const { body } = await world.app(shipped())
    await world.event(body.id)
    await world.db.query(`insert into minute_counts values (date_trunc('minute', now()), 'accepted', 7), (date_trunc('minute', now()), 'sent', 4),
      (date_trunc('minute', now()), 'in_time', 3) on conflict (minute, what) do update set n = excluded.n`)
    const page = await operator.get('/dashboard?period=1h')
    expect(page.html).toContain('aria-label="Accepted, events in 1 minute each: 7 in all, 7 at most."')
    expect(page.html.match(/<rect class="bar/g)).toHaveLength(4 * 60)
    expect(page.text).toContain('75.0 % of what was sent, last 1 hour')
    for (const period of ['24h', '7d', 'nonsense'])
      expect((await operator.get(`/dashboard?period=${period}`)).status).toBe(200)
  })

  it('says what needs a person, and where to go', async () => {
    const { body } = await world.app(ordered({ recipient: { email: 'x@example.org' } }))
    const { notifications } = await world.event(body.id)
    await world.db.query(
      `update notification_states set state = 'unconfirmed', reason_code = 'held', reason_params = '{}' where id = $1`,
      [notifications[0]?.id],
    )
    await world.stripe({
      id: 'evt_1',
      object: 'event',
      type: 'invoice.paid',
      created: 1_795_000_000,
      livemode: true,
      data: { object: { id: 'in_1', object: 'invoice', amount_paid: 100, currency: 'eur', status: 'paid' } },
    })
    await world.quiet()
    await world.db.query(
      `update provider_health set circuit = 'open', next_probe_at = now(), opened_at = now() where provider = 'sandbox'`,
    )
    const page = await operator.get('/dashboard')
    expect(page.text).toContain('unconfirmed 1 message')
    expect(page.text).toContain('failed 1 event')
    expect(page.text).toContain('circuit open The sandbox')
    expect(page.text).toContain('but not by the sandbox. ')
    expect((await (await signedIn(world, keys.viewer)).get('/dashboard')).text).toContain('unconfirmed 1 message')
  })
})
