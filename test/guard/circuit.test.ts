// Circuits over several processes. First with the workers stopped, where a test decides who works when; the clock of
// those processes is days away from the database's, which alone counts. Then with everything running.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import { pauseProvider } from '../../src/operate/pause.ts'
import { plan } from '../../src/plan/plan.ts'
import { watch } from '../../src/schedule/watch.ts'
import { deliver } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import {
  countIn,
  emailsTo,
  type Fleet,
  startFleet,
  startTimedVendor,
  type TimedVendor,
  until,
} from '../helper/fleet.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { accepting, startVendor, type Vendor, type VendorAnswer } from '../helper/vendor.ts'
import { keys } from '../helper/world.ts'

const resendSays = (status: number, name: string): VendorAnswer => ({
  status,
  json: { statusCode: status, name, message: 'in its own words' },
})
const unavailable = resendSays(503, 'service_unavailable')
const badKey = resendSays(401, 'invalid_api_key')
const badAddress = resendSays(422, 'validation_error')

let resend: TimedVendor
let sendgrid: Vendor
let twilio: Vendor
let fast2sms: Vendor

beforeAll(async () => {
  resend = await startTimedVendor(accepting.resend)
  sendgrid = await startVendor(accepting.sendgrid)
  twilio = await startVendor(accepting.twilio)
  fast2sms = await startVendor(accepting.fast2sms)
})
beforeEach(() => {
  resend.answer(accepting.resend)
  sendgrid.answer(accepting.sendgrid)
  twilio.answer(accepting.twilio)
  fast2sms.answer(accepting.fast2sms)
  resend.times.length = 0
  resend.requests.length = 0
})
afterAll(async () => {
  await Promise.all([resend, sendgrid, twilio, fast2sms].map((vendor) => vendor.close()))
})

const env = () => ({
  RESEND_API_KEY: 're_of_tests',
  RESEND_BASE_URL: resend.url,
  RESEND_RATE: '1000',
  SENDGRID_API_KEY: 'SG.of-tests',
  SENDGRID_BASE_URL: sendgrid.url,
  SENDGRID_RATE: '1000',
})
const texting = () => ({
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'token-of-tests',
  TWILIO_FROM: '+15005550006',
  TWILIO_BASE_URL: twilio.url,
  FAST2SMS_API_KEY: 'fast2sms-key-of-tests',
  FAST2SMS_BASE_URL: fast2sms.url,
})

const fiveInRow = { kind: 'failures_in_row', failures: 5 }

describe('with the workers stopped', () => {
  let stage: Stage
  let other: Ctx

  async function begin(more: Record<string, string> = {}): Promise<void> {
    stage = await startStage({ ...env(), ...more })
    other = await stage.another()
  }
  afterEach(() => stage.stop())

  const email = async () =>
    (await stage.planned(shipped({ recipient: { email: `${crypto.randomUUID()}@example.org` } }))).ids.email ?? ''
  const text = async () => (await stage.planned(shipped({ recipient: { phone: '+919876543210' } }))).ids.sms ?? ''
  const attemptsOf = async (id: string) => (await stage.audit(id)).attempts.map((a) => [a.provider, a.outcome])
  const row = async (provider = 'resend') =>
    (await stage.db.query('select * from provider_health where provider = $1', [provider])).rows[0]
  /** The first probe is due after 5 s of the database's clock, which a slow machine would reach within a test. */
  const noProbeIsDue = async () => {
    await stage.db.query(`update provider_health set next_probe_at = now() + interval '1 hour' where circuit = 'open'`)
    for (const ctx of [stage.ctx, other]) await ctx.health.refresh()
  }
  const opens = async () => {
    await until(async () => (await row()).circuit === 'open')
    await noProbeIsDue()
  }
  /** A failure is told at once, but beside the delivery: wait until it is there. */
  const told = (bad: number, provider = 'resend') =>
    until(async () => {
      const { rows } = await stage.db.query(
        'select coalesce(sum(bad), 0)::integer as bad from provider_seconds where provider = $1',
        [provider],
      )
      return rows[0].bad === bad
    })
  const probeIsDue = () =>
    stage.db.query(`update provider_health set next_probe_at = now() - interval '1 second' where circuit = 'open'`)
  async function ringWhenDue(ctx: Ctx, id: string): Promise<void> {
    const { dueAt } = (await stage.audit(id)).notification
    if (dueAt && dueAt > stage.clock.now()) stage.clock.set(dueAt)
    await deliver(ctx, id)
  }
  /** Opens Resend's circuit by a bad key. */
  async function openIt(): Promise<void> {
    resend.answer(() => badKey)
    await deliver(stage.ctx, await email())
    await opens()
    resend.times.length = 0
  }

  it('an opening alerts the operator once, whoever saw it, through the provider that is left', async () => {
    await begin({ OPERATOR_EMAIL: 'ops@fernwood.example' })
    resend.answer(() => badKey)
    const ids = [await email(), await email(), await email()]
    await Promise.all(ids.map((id, i) => deliver(i === 1 ? other : stage.ctx, id)))
    await opens()
    await Promise.all([stage.ctx, other].map((ctx) => ctx.health.tick()))
    const jobs = await stage.db.query(`select from posthorn_jobs.job where data->'ids' = '["watch"]'`)
    expect(jobs.rowCount, 'the watch is woken once').toBe(1)
    for (const ctx of [stage.ctx, other]) await watch(ctx, null)
    const { rows } = await stage.db.query(`select id, source, type from events where source = 'posthorn'`)
    expect(rows).toMatchObject([{ source: 'posthorn', type: 'operator.alert' }])
    await plan(stage.ctx, rows[0].id)
    const made = await stage.db.query('select id from notifications where event_id = $1', [rows[0].id])
    await deliver(stage.ctx, made.rows[0].id)
    const { notification, attempts, message } = await stage.audit(made.rows[0].id)
    expect(notification).toMatchObject({
      state: 'sent',
      to: 'ops@fernwood.example',
      priority: 'high',
      reference: 'resend',
    })
    expect(attempts.map((a) => [a.provider, a.outcome])).toEqual([['sendgrid', 'accepted']])
    expect(message?.text).toContain('Resend is failing: it refuses our account')

    resend.answer(accepting.resend)
    await probeIsDue()
    await stage.ctx.health.refresh()
    await deliver(stage.ctx, await email())
    await until(async () => (await row()).circuit === 'closed')
    const alerts = async () => (await stage.db.query(`select id from events where source = 'posthorn'`)).rows
    // As the watch does once it has been closed for a while.
    await stage.db.query('update alerts set cleared_at = now()')
    await openIt()
    await watch(stage.ctx, null)
    expect(await alerts(), 'an opening soon after another is not told').toHaveLength(1)
    await stage.db.query(`update alerts set cleared_at = now(), told_at = now() - interval '5 hours'`)
    await stage.db.query(`update provider_health set circuit = 'closed', next_probe_at = null, closed_at = now()`)
    await stage.ctx.health.refresh()
    await openIt()
    await watch(stage.ctx, null)
    expect(await alerts(), 'one hours later is').toHaveLength(2)
  })

  it('five failures in a row that two processes saw open it, and nobody calls it any more', async () => {
    await begin()
    resend.answer(() => unavailable)
    for (const [i, ctx] of [stage.ctx, other, stage.ctx, other, stage.ctx].entries()) {
      expect((await row()).circuit).toBe('closed')
      await deliver(ctx, await email())
      await told(i + 1)
    }
    expect(await row()).toMatchObject({ circuit: 'open', failures_in_row: 5, cause: fiveInRow })
    await noProbeIsDue()
    for (const ctx of [stage.ctx, other]) {
      const id = await email()
      await deliver(ctx, id)
      expect(await attemptsOf(id)).toEqual([['sendgrid', 'accepted']])
      const unavailable = [{ provider: 'resend', cause: { kind: 'circuit_open', cause: fiveInRow } }]
      expect((await stage.audit(id)).attempts[0]).toMatchObject({ cause: 'bypass', causeParams: { unavailable } })
    }
    expect(resend.times).toHaveLength(5)
    const { rows } = await stage.db.query('select what, changed_by, inputs from provider_changes')
    expect(rows).toEqual([
      {
        what: 'circuit_opened',
        changed_by: 'automation',
        inputs: expect.objectContaining({ window: { good: 0, bad: 5 } }),
      },
    ])
  })

  it('a gateway that is not Resend any more opens it: it would meet every message', async () => {
    await begin()
    resend.answer(() => ({ status: 404, text: '<html>nothing here</html>' }))
    for (let i = 0; i < 5; i++) {
      await deliver(stage.ctx, await email())
      await told(i + 1)
    }
    expect(await row()).toMatchObject({ circuit: 'open', cause: fiveInRow })
    const id = await email()
    await deliver(stage.ctx, id)
    expect(await attemptsOf(id)).toEqual([['sendgrid', 'accepted']])
  })

  it('half of twenty calls within ten seconds open it', async () => {
    await begin()
    resend.answer((request, number) => (number % 2 === 0 ? unavailable : accepting.resend(request, number)))
    for (let i = 0; i < 30 && (await row()).circuit === 'closed'; i++) {
      await deliver(i % 4 < 2 ? stage.ctx : other, await email())
      await Promise.all([stage.ctx.health.tick(), other.health.tick()])
    }
    const { cause } = await row()
    expect(cause).toMatchObject({ kind: 'failure_rate', seconds: 10 })
    expect(cause.failures * 2).toBeGreaterThanOrEqual(cause.calls)
  })

  it('faults of messages, 429s, and senders or numbers that a provider does not take leave it closed', async () => {
    await begin({ ...texting(), SMS_PROVIDERS: 'fast2sms,twilio' })
    resend.answer(() => badAddress)
    for (let i = 0; i < 6; i++) await deliver(stage.ctx, await email())
    for (const refusal of [resendSays(422, 'invalid_from_address'), resendSays(451, 'security_error')]) {
      resend.answer(() => refusal)
      for (let i = 0; i < 6; i++) await deliver(stage.ctx, await email())
    }
    resend.answer(() => ({ ...(resendSays(429, 'rate_limit_exceeded') as object), headers: { 'retry-after': '0' } }))
    for (let i = 0; i < 6; i++) await deliver(stage.ctx, await email())
    for (let i = 0; i < 6; i++) {
      const { ids } = await stage.planned(shipped({ recipient: { phone: '+14155550123' } }))
      await deliver(stage.ctx, ids.sms ?? '')
      expect((await attemptsOf(ids.sms ?? ''))[0]).toEqual(['fast2sms', 'rejected'])
    }
    await stage.ctx.health.tick()
    expect([(await row()).circuit, (await row('fast2sms')).circuit]).toEqual(['closed', 'closed'])
  })

  it('a throttle in the body of a 200 slows the provider like a 429, and a number that got enough stays one number’s fault', async () => {
    const vonage = await startVendor(() => ({ json: { messages: [{ status: '1', 'error-text': 'slow down' }] } }))
    await begin({
      ...texting(),
      ...{ VONAGE_API_KEY: 'k', VONAGE_API_SECRET: 's', VONAGE_FROM: 'Fernwood', VONAGE_BASE_URL: vonage.url },
      SMS_PROVIDERS: 'fast2sms,vonage,twilio',
    })
    fast2sms.answer({ status: 400, json: { return: false, status_code: 995, message: 'spamming' } })
    for (let i = 0; i < 6; i++) {
      const id = await text()
      while ((await stage.audit(id)).notification.state !== 'sent') await ringWhenDue(stage.ctx, id)
      expect((await attemptsOf(id)).at(-1)).toEqual(['twilio', 'accepted'])
    }
    await stage.ctx.health.tick()
    await vonage.close()
    expect(vonage.requests.length).toBeGreaterThan(0)
    expect(await row('vonage')).toMatchObject({ circuit: 'closed', slow_until: expect.any(Date) })
    expect(await row('fast2sms')).toMatchObject({ circuit: 'closed', slow_until: null })
    const { rows } = await stage.db.query('select 1 from provider_seconds where bad > 0')
    expect(rows, 'no failure of any of them').toEqual([])
  })

  it('one of many that are due at once in two processes is the probe; one that fails keeps it open', async () => {
    await begin()
    await openIt()
    await probeIsDue()
    const ids = await Promise.all(Array.from({ length: 10 }, email))
    const [before] = (await stage.db.query('select now() as at')).rows
    await Promise.all(ids.map((id, i) => deliver(i % 2 ? other : stage.ctx, id)))
    expect(resend.times).toHaveLength(1)
    const causes = await Promise.all(ids.map(async (id) => (await stage.audit(id)).attempts[0]?.cause))
    expect(causes.filter((cause) => cause === 'probe')).toHaveLength(1)
    await until(async () => (await row()).probed_at === null)
    expect((await row()).circuit).toBe('open')
    const { rows } = await stage.db.query(
      `select extract(epoch from next_probe_at - $1) as seconds from provider_health where provider = 'resend'`,
      [before.at],
    )
    expect(Number(rows[0].seconds), 'five seconds from one probe to the next').toBeGreaterThanOrEqual(5)
  })

  it('a probe that is taken closes it, and what failed before counts no more', async () => {
    await begin()
    resend.answer(() => unavailable)
    await stage.db.query(
      `insert into provider_seconds (provider, second, bad) select 'resend', extract(epoch from now())::bigint - 2, 30`,
    )
    await deliver(stage.ctx, await email())
    await opens()
    resend.answer(accepting.resend)
    await probeIsDue()
    const id = await email()
    await deliver(other, id)
    expect(await attemptsOf(id)).toEqual([['resend', 'accepted']])
    await until(async () => (await row()).circuit === 'closed')
    await deliver(stage.ctx, await email())
    await Promise.all([stage.ctx.health.tick(), other.health.tick()])
    expect((await row()).circuit).toBe('closed')
  })

  it('a call that was under way when it opened is no proof', async () => {
    await begin()
    await stage.db.query(`update provider_health set circuit = 'open', next_probe_at = now() + interval '1 hour'`)
    stage.ctx.health.report('resend', { kind: 'accepted', ref: 'a' }, 10, false)
    await stage.ctx.health.tick()
    expect((await row()).circuit).toBe('open')
  })

  it('a notification that waits alone gets to be the probe', async () => {
    await begin({ EMAIL_PROVIDERS: 'resend' })
    await openIt()
    const id = await email()
    await deliver(stage.ctx, id)
    expect((await stage.audit(id)).notification).toMatchObject({
      state: 'pending',
      reasonCode: 'providers_unavailable',
    })
    await stage.ctx.health.tick()
    const early = (await stage.audit(id)).notification.dueAt
    expect(early && early > stage.clock.now(), 'not before its time').toBe(true)
    resend.answer(accepting.resend)
    await probeIsDue()
    await stage.ctx.health.tick()
    await deliver(other, id)
    expect((await stage.audit(id)).notification.state).toBe('sent')
    expect(resend.times).toHaveLength(1)
  })

  it('an answer in doubt is not asked for while it is open, and the doubt still ends', async () => {
    await begin()
    resend.answer(() => 'reset-after-read')
    const id = await email()
    await deliver(stage.ctx, id)
    await openIt()
    let rings = 0
    while ((await stage.audit(id)).notification.state !== 'sent') {
      await ringWhenDue(stage.ctx, id)
      rings++
    }
    expect(resend.times, 'no call to an open circuit').toHaveLength(0)
    expect(await attemptsOf(id)).toEqual([
      ['resend', 'unknown'],
      ['sendgrid', 'accepted'],
    ])
    expect(rings, 'it waits in strides').toBeLessThan(45)
  })

  it('texts whose answers were lost are found though that opened the circuit, and nothing is left to close it', async () => {
    const { FAST2SMS_API_KEY: _, ...alone } = texting()
    await begin(alone)
    twilio.answer('reset-after-read')
    const ids: string[] = []
    for (let i = 0; i < 5; i++) ids.push(await text())
    for (const id of ids) await deliver(stage.ctx, id)
    await until(async () => (await row('twilio')).circuit === 'open')
    const { content } = (await stage.db.query('select content from messages limit 1')).rows[0]
    const messages = ids.map((_, i) => ({
      sid: `SM-${i}`,
      body: content.text,
      to: '+919876543210',
      status: 'sent',
      date_created: stage.clock.now().toUTCString(),
    }))
    twilio.answer({ json: { messages, next_page_uri: null } })
    const posts = () => twilio.requests.filter(({ method }) => method === 'POST').length
    const before = posts()
    for (const id of ids) await ringWhenDue(stage.ctx, id)
    for (const id of ids) expect((await stage.audit(id)).notification.state).toBe('sent')
    expect(posts()).toBe(before)
    expect((await row('twilio')).circuit, 'a look-up is no proof of a send').toBe('open')
  })

  it('a lost text is not looked for while its provider is paused', async () => {
    await begin(texting())
    twilio.answer('reset-after-read')
    const id = await text()
    await deliver(stage.ctx, id)
    await pauseProvider(stage.ctx, 'twilio', true, 'a test')
    const calls = twilio.requests.length
    while ((await stage.audit(id)).notification.reasonCode === 'settling') await ringWhenDue(other, id)
    expect(twilio.requests).toHaveLength(calls)
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'unconfirmed', reasonCode: 'held' })
  })

  it('a paused provider is not called, not even by a probe that is due', async () => {
    await begin()
    await openIt()
    await pauseProvider(stage.ctx, 'resend', true, 'a test')
    await probeIsDue()
    resend.answer(accepting.resend)
    const ids = await Promise.all(Array.from({ length: 5 }, email))
    for (const [i, id] of ids.entries()) {
      await Promise.all([stage.ctx.health.tick(), other.health.tick()])
      await deliver(i % 2 ? other : stage.ctx, id)
      expect(await attemptsOf(id)).toEqual([['sendgrid', 'accepted']])
    }
    expect(resend.times).toHaveLength(0)
    expect((await row()).paused_by).toBe('a test')
  })

  it('a process that starts knows of a pause before its first job', async () => {
    await begin()
    await pauseProvider(stage.ctx, 'resend', true, 'a test')
    const fresh = await stage.another()
    expect(fresh.health.unavailable('resend')?.cause).toEqual({ kind: 'paused', by: 'a test' })
  })
})

describe('with everything running, in two processes', () => {
  let fleet: Fleet
  afterEach(() => fleet.stop())

  const changes = async () =>
    (await fleet.world.db.query('select what, changed_by, at from provider_changes order by id')).rows
  const circuit = async () =>
    (await fleet.world.db.query(`select circuit from provider_health where provider = 'resend'`)).rows[0].circuit
  const act = (name: string, what: string) =>
    fleet.world.send(`/v1/providers/${name}/${what}`, '', { authorization: `Bearer ${keys.operator}` })

  it('a dead provider is left alone but for one probe each five seconds, and gets its traffic back by one that is taken', async () => {
    fleet = await startFleet(2, env())
    const { world } = fleet
    resend.answer(() => unavailable)
    await world.app(emailsTo(40))
    await resend.waitForRequests(1)
    await until(async () => (await circuit()) === 'open')
    await until(async () => (await countIn(world, 'sent')) === 40)
    const before = resend.times.length
    // Traffic all the while, until two probes were seen.
    await until(async () => {
      await world.app(emailsTo(2))
      return resend.times.length >= before + 2
    })
    // Claimed five seconds apart; they arrive as a machine that is busy lets them.
    const [one = 0, two = 0] = resend.times.slice(before)
    expect(two - one).toBeGreaterThan(4000)
    resend.answer(accepting.resend)
    await until(async () => {
      await world.app(emailsTo(1))
      return (await circuit()) === 'closed'
    })
    expect(resend.times.length, 'one more probe, and then no other before it closed').toBeLessThanOrEqual(before + 4)
    const { body } = await world.app(emailsTo(1))
    const last = await world.event(body.id)
    expect(last.notifications.find((n) => n.channel === 'email')?.provider).toBe('resend')
    expect((await changes()).map((c) => c.what)).toEqual(['circuit_opened', 'circuit_closed'])
    const alerts = fleet.processes.flatMap(({ log }) => log).filter((line) => line.includes('circuit opened'))
    expect(alerts).toHaveLength(1)
    expect(JSON.parse(alerts[0] ?? '')).toMatchObject({
      level: 'error',
      provider: 'resend',
      circuit: 'open',
      alert: true,
    })
    const { rows } = await world.db.query(
      `select count(*)::integer as n from attempts where provider = 'resend' and cause = 'probe'`,
    )
    expect(rows[0].n).toBe(3)
  }, 60_000)

  it('what no provider may take waits, and goes out after the proof, high before bulk', async () => {
    fleet = await startFleet(2, {
      ...env(),
      ...{ EMAIL_PROVIDERS: 'resend', RESEND_RATE: '10', OPERATOR_EMAIL: 'ops@fernwood.example' },
    })
    const { world } = fleet
    resend.answer(() => badKey)
    await world.app(emailsTo(1))
    await until(async () => (await circuit()) === 'open')
    // Not only when the minute is over after which the service is watched anyway.
    await until(async () => {
      const { rows } = await world.db.query(`select from events where source = 'posthorn' and type = 'operator.alert'`)
      return rows.length === 1
    })
    const alert = fleet.processes.flatMap(({ log }) => log).find((line) => line.includes('circuit opened'))
    expect(JSON.parse(alert ?? '')).toMatchObject({ alert: true, cause: { kind: 'account_refused' } })
    await world.app(emailsTo(40, { priority: 'bulk' }))
    await world.app(emailsTo(5, { priority: 'high' }))
    await until(async () => {
      const { rows } = await world.db.query(
        `select count(*)::integer as n from notifications where state = 'pending' and reason_code = 'providers_unavailable'`,
      )
      return rows[0].n === 45
    })
    resend.answer(accepting.resend)
    const calls = resend.times.length
    await until(async () => (await circuit()) === 'closed')
    await until(async () => (await countIn(world, 'sent')) === 45)
    const priorities = await Promise.all(
      resend.requests.slice(calls).map(async (request) => {
        const { rows } = await world.db.query('select priority from notifications where id = $1', [
          request.headers['idempotency-key'],
        ])
        return rows[0].priority
      }),
    )
    expect(priorities[0], 'the most urgent is the probe').toBe('high')
    // A second's worth of calls is free at once, for whichever queue is fetched first; from then on the rate decides.
    expect(priorities.lastIndexOf('high'), 'and the others go before most of the bulk').toBeLessThan(30)
  })

  it('a person’s pause stops every call until it is resumed, which lets go of what waited', async () => {
    fleet = await startFleet(2, { ...env(), EMAIL_PROVIDERS: 'resend' })
    const { world } = fleet
    await world.event((await world.app(emailsTo(1))).body.id)
    const calls = resend.times.length
    expect((await act('resend', 'pause')).status).toBe(200)
    await world.app(emailsTo(6))
    await until(
      async () =>
        (await world.db.query(`select 1 from notifications where reason_code = 'providers_unavailable'`)).rows
          .length === 6,
    )
    const { rows } = await world.db.query(
      `select reason_params from notifications where reason_code = 'providers_unavailable' limit 1`,
    )
    expect(rows[0].reason_params).toEqual({
      provider: 'resend',
      cause: { kind: 'paused', by: 'operator key `operator`' },
    })
    expect(resend.times).toHaveLength(calls)
    expect((await act('resend', 'resume')).status).toBe(200)
    await until(async () => (await countIn(world, 'sent')) === 7)
    expect((await changes()).map(({ what, changed_by }) => [what, changed_by])).toEqual([
      ['paused', 'operator key `operator`'],
      ['resumed', 'operator key `operator`'],
    ])
  })
})
