// The overview: what it counts, up to when, and what it says needs a person.
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countMinutes } from '../../src/schedule/count-minutes.ts'
import { ordered, shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
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
         select overlay(id::text placing left(first_id_at(created_at)::text, 13) from 1)::uuid, id, 1, 1, 'resend', 'first', created_at,
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

  it('of failed messages leave callbacks out, which are not messages to people', async () => {
    await stage.ctx.db.query(`update minute_counts_state set counted_up_to = '2026-11-21T10:00:30Z'`)
    await stage.ctx.db.query(
      `update notification_states set channel = 'callback' where created_at < '2026-11-21T10:00:01Z'`,
    )
    await count(minute('10:01:00'))
    expect((await counts()).filter((one) => one.includes('failed'))).toEqual(['10:00 failed 1'])
  })

  it('of failed messages are of the minute in which they were given up', async () => {
    await stage.ctx.db.query(`update minute_counts_state set counted_up_to = '2026-11-21T10:00:30Z'`)
    await stage.ctx.db.query(
      `update notification_states set channel = 'email', given_up_at = '2026-11-21T10:00:10Z' where created_at < '2026-11-21T10:00:00Z'`,
    )
    await count(minute('10:01:00'))
    expect((await counts()).filter((one) => one.includes('failed'))).toEqual(['10:00 failed 2'])
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
    expect(page.text).toContain('No email and no SMS is really sent: only the sandbox takes them. Nothing waits.')
    expect(page.text).toContain(
      'To send for real, set the key of a provider: docs/settings.md lists them, and posthorn doctor checks it.',
    )
    expect(page.text).not.toContain('Everything is going out')
    expect(page.text).toContain('Nothing needs a person.')
    expect(page.text).not.toContain('Why it waits for you')
    expect(page.text).toMatch(/Nothing waits and nothing is in flight, in any of \d+ queues\./)
  })

  it('says up to when it has counted, and nothing of the hour before a new service', async () => {
    // Without a worker nothing counts.
    const alone = await startWorld({ env: { POSTHORN_ROLES: 'api' } })
    const person = await signedIn(alone)
    const page = async () => (await person.get('/dashboard')).text
    await alone.db.query(`update minute_counts_state set counted_up_to = now() - interval '1 hour'`)
    expect(await page()).toContain('Nothing has been counted so far; a worker counts every 10 seconds.')
    await alone.db.query('update minute_counts_state set counted_up_to = now()')
    expect(await page()).toMatch(/Counted up to \d\d:\d\d:\d\d UTC/)
    await alone.db.query(`update minute_counts_state set counted_up_to = '2020-01-01T10:00:00Z'`)
    await alone.db.query(`insert into minute_counts values ('2020-01-01T09:59:00Z', 'accepted', 1)`)
    expect(await page(), 'a worker that has stopped is seen').toContain('Counted up to 1 Jan 2020 10:00:00 UTC')
    await alone.stop()
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
    await world.db.query(
      `with d as (
         insert into notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel,
           recipient_key, locale, timezone, priority, when_unsure, created_at)
         select gen_random_uuid(), $1, 't', 't', 'shop', 'f', 'n', 'transactional', 'callback', 'k', 'en', 'UTC', 'normal', 'resend', now()
         returning id, created_at)
       insert into notification_states (id, channel, priority, created_at, state, reason_code)
       select id, 'callback', 'normal', created_at, 'failed', 'tries_used_up' from d`,
      [body.id],
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
    expect(page.text).toContain('failed 1 callback')
    expect(page.text).not.toContain('failed 1 message')
    expect(page.text).toContain('circuit open The sandbox')
    expect(page.text).toContain('No email goes out: the sandbox fails. No SMS goes out: the sandbox fails. ')
    expect((await (await signedIn(world, keys.viewer)).get('/dashboard')).text).toContain('unconfirmed 1 message')
  })
})

describe('during an outage', () => {
  let world: World
  let operator: Visitor
  let resend: Vendor
  let twilio: Vendor
  beforeAll(async () => {
    resend = await startVendor({ status: 401, json: { statusCode: 401, name: 'invalid_api_key', message: 'no' } })
    twilio = await startVendor({ status: 401, json: { code: 20003, message: 'no' } })
    world = await startWorld({
      env: {
        RESEND_API_KEY: 're_of_tests',
        RESEND_BASE_URL: resend.url,
        TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
        TWILIO_AUTH_TOKEN: 'token-of-tests',
        TWILIO_FROM: '+15005550006',
        TWILIO_BASE_URL: twilio.url,
      },
    })
    operator = await signedIn(world)
  })
  afterAll(async () => {
    await world.stop()
    await Promise.all([resend.close(), twilio.close()])
  })

  const until = async (sql: string, n: number) => {
    while ((await world.db.query(sql)).rowCount !== n) await wait(50)
  }
  const waitsFor = (n: number) =>
    until(`select from notification_states where state = 'pending' and reason_code = 'providers_unavailable'`, n)

  it('of the only providers of both channels, it says what does not go out, and how much waits for it', async () => {
    const ship = () => world.app(shipped({ recipient: { email: 'x@example.org', phone: '+919876543210' } }))
    await ship()
    await until(`select from provider_health where circuit = 'open'`, 2)
    await until(`select from notification_states where state = 'pending' and attempted`, 2)
    await ship()
    await ship()
    await waitsFor(4)
    const { text } = await operator.get('/dashboard')
    expect(text).toContain('No email goes out: Resend fails. No SMS goes out: Twilio fails.')
    expect(text).toContain(
      '2 email messages wait for a provider. 2 SMS messages wait for a provider. 2 messages wait for the next try.',
    )
    expect(text).toContain('Nothing is lost: what waits goes out when a provider can be called again.')
    expect(text).toMatch(/Waiting now 6 6 for a provider or the next try, oldest \d+ seconds?/)
    expect(text).toContain('Nothing waits for a worker and nothing is in flight. 6 messages wait for a provider')
    expect(text).not.toContain('Messages are going out')
    expect(text).not.toContain('nothing is late')
  })

  it('the metrics say how long it has waited, and the service that is ready warns of it', async () => {
    const oldest = async (url: string) => {
      const text = await (await fetch(`${url}/metrics`)).text()
      return Number(/^posthorn_work_oldest_seconds\{stage="await_provider"\} (.*)$/m.exec(text)?.[1])
    }
    expect(await oldest(world.url)).toBeGreaterThan(0)
    expect((await world.get('/readyz', '')).body).toEqual({
      status: 'ready',
      warning: 'No email and no sms goes out: every provider of it fails or is paused. What is to be sent waits.',
    })
  })

  it('of one channel, it says so of that channel alone', async () => {
    twilio.answer(accepting.twilio)
    await world.db.query(`update provider_health set next_probe_at = now() where provider = 'twilio'`)
    await until(`select from provider_health where circuit = 'open'`, 1)
    const { text } = await operator.get('/dashboard')
    expect(text).toContain('No email goes out: Resend fails.')
    expect(text).not.toContain('No SMS goes out')
  })

  it('what settles by itself needs no person, and what is held does', async () => {
    const asUnconfirmed = (reason: string, n: number) =>
      world.db.query(
        `update notification_states set state = 'unconfirmed', reason_code = $1, reason_params = '{}', due_at = now() + interval '1 hour'
         where id in (select id from notification_states where channel = 'email' and state = 'pending' and not attempted limit $2)`,
        [reason, n],
      )
    await asUnconfirmed('settling', 1)
    const settling = (await operator.get('/dashboard')).text
    expect(settling).toContain('Whether 1 message went out is being settled.')
    expect(settling).not.toContain('Settle them')
    await asUnconfirmed('held', 1)
    const held = (await operator.get('/dashboard')).text
    expect(held).toContain('unconfirmed 1 message')
    expect(held).toContain('Settle them')
  })
})
