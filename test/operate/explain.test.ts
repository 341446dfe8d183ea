// Explaining an event says what its real run then does, word for word, and leaves no trace. Random events of every
// notifier, each explained and then let in, in two services that stand in the way of some of them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeAccept } from '../../src/accept/accept.ts'
import type { IncomingEvent } from '../../src/accept/validate.ts'
import { paramsOf } from '../../src/domain/coded.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import type { Forecast } from '../../src/operate/explain.ts'
import { type Explained, explain } from '../../src/operate/explain.ts'
import { pauseProvider } from '../../src/operate/pause.ts'
import { plan } from '../../src/plan/plan.ts'
import { savePreferences } from '../../src/store/people/preferences.ts'
import { deliver } from '../helper/deliver.ts'
import { paymentIntent, stripeEvent } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'

const seeds = 120
const minute = 60_000
const hour = 60 * minute

/** The same numbers in [0, 1) for the same seed (mulberry32). */
function random(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const one = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T
  return { one, chance: (p: number) => next() < p }
}
type Random = ReturnType<typeof random>

const people = [
  { id: 'cus_1', email: 'ada@example.com', phone: '+14155550123', name: 'Ada Lovelace', locale: 'en-GB' },
  { id: 'cus_2', email: 'grace@example.org', phone: '+14155550177', timezone: 'America/New_York' },
  { email: 'no-id@example.com', name: 'Nobody Known', locale: 'es-MX', timezone: 'Asia/Tokyo' },
  { id: 'cus_3', phone: '+919876543210', locale: 'hi', timezone: 'Asia/Kolkata' },
  { id: 'on-the-list', email: 'bounced@example.com', phone: '+14155550199' },
  { id: 'left', email: 'left@example.com', phone: '+14155550188', locale: 'de' },
]

function randomEvent(r: Random, now: Date): object {
  const { sample, on } = r.one(notifiers.filter(({ name }) => name !== 'schedule-callback'))
  const at = (ms: number) => new Date(now.getTime() + ms).toISOString()
  const count = r.one([1, 1, 1, 2, 3, 7])
  const recipients = Array.from({ length: count }, () => ({
    ...r.one(people),
    ...(r.chance(0.1) && { data: sample.data }),
  }))
  return {
    ...sample,
    type: r.one([...on]),
    ...(count === 1 ? { recipient: recipients[0] } : { recipient: undefined, recipients }),
    reference: r.one(['ORD-1', 'ORD-2', 'SUB-3', undefined]),
    timestamp: r.one([undefined, at(-2 * hour), at(-1 * hour), at(0)]),
    ...(r.chance(0.25) && { sendAt: at(r.one([-hour, 2 * hour, 48 * hour])) }),
    ...(r.chance(0.25) && { expiresAt: at(r.one([-minute, hour, 72 * hour])) }),
    ...(r.chance(0.2) && { priority: r.one(['high', 'bulk', 'urgent']) }),
    ...(r.chance(0.05) && { data: {} }),
  }
}

function randomPayment(r: Random): object {
  const type = r.one(['payment_intent.succeeded', 'payment_intent.payment_failed', 'customer.created'])
  const known = r.chance(0.8) ? {} : { receipt_email: null, shipping: null }
  return stripeEvent(type, paymentIntent({ id: r.one(['pi_one', 'pi_two', 'pi_three']), ...known }))
}

/** Asks for rows, and the last transaction that wrote one, of every table but those in which pg-boss keeps its own hours. */
async function traceQuery({ db }: Stage): Promise<string> {
  const { rows } = await db.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')
       and not (schemaname = 'posthorn_jobs' and tablename ~ '^(version|queue|warning|bam)') order by 1`,
  )
  const asked = rows.map(
    ({ name }) =>
      `select '${name}' as name, count(*) || ' ' || coalesce(max(xmin::text::bigint), 0) as trace from ${name}`,
  )
  return asked.join(' union all ')
}

/** What every table holds, by one statement that Postgres plans once. */
async function traces({ db }: Stage, text: string): Promise<Record<string, string>> {
  const { rows } = await db.query<{ name: string; trace: string }>({ name: 'traces', text })
  return Object.fromEntries(rows.map(({ name, trace }) => [name, trace]))
}

interface Row {
  id: string
  key: string
  state: string
  scheduled_for: Date | null
  [column: string]: unknown
}

async function planned({ ctx, db }: Stage, eventId: string): Promise<Row[]> {
  for (;;) {
    const { rows } = await db.query(`select 1 from events where id = $1 and status = 'accepted'`, [eventId])
    if (rows.length === 0) break
    await plan(ctx, eventId)
  }
  const { rows } = await db.query<Row>(
    `select n.id, concat_ws(' ', notifier, channel, recipient_key) as key, category, address as "to", recipient_id, locale, timezone, reference, state, priority,
       json_build_object('code', reason_code, 'params', coalesce(reason_params, '{}')) as reason, scheduled_for, expires_at, when_unsure, content as message
     from notifications n left join messages m on m.notification_id = n.id where event_id = $1 order by key`,
    [eventId],
  )
  return rows
}

const keyOf = (o: { notifier: string; channel: string | null; recipientKey: string }) =>
  `${o.notifier} ${o.channel} ${o.recipientKey}`

function asRow(o: Forecast): Omit<Row, 'id'> {
  return {
    key: keyOf(o),
    category: o.category,
    to: o.to,
    recipient_id: o.recipientId,
    locale: o.locale,
    timezone: o.timezone,
    reference: o.reference,
    state: o.state,
    priority: o.priority,
    reason: o.reason,
    scheduled_for: o.scheduledFor,
    expires_at: o.expiresAt,
    when_unsure: o.whenUnsure,
    message: o.message,
  }
}

/** The row when its time has come and a worker has been at it, and its first attempt. */
async function delivered(stage: Stage, row: Row) {
  const now = stage.clock.now()
  if (row.scheduled_for && row.scheduled_for > now) stage.clock.set(row.scheduled_for)
  await deliver(stage.ctx, row.id)
  stage.clock.set(now)
  const { notification, attempts } = await stage.audit(row.id)
  const reason = { code: notification.reasonCode, params: notification.reasonParams ?? {} }
  return { state: notification.state, reason, attempt: attempts[0] ?? null }
}

async function follow(stage: Stage, incoming: IncomingEvent, tables: string): Promise<string[]> {
  const before = await traces(stage, tables)
  const explained = await explain(stage.ctx, incoming)
  expect(await traces(stage, tables)).toEqual(before)

  const accepted = await makeAccept(stage.ctx)(incoming)
  if (!explained.ok || !accepted.ok) {
    expect(explained).toEqual(accepted)
    return ['refused']
  }
  if (accepted.duplicate) {
    const { ok: _, stopped: __, hint: ___, ...first } = accepted
    expect(explained).toMatchObject({ first, forecasts: [], omissions: [] })
    return ['duplicate']
  }
  const rows = await planned(stage, accepted.id)
  const { rows: events } = await stage.db.query(
    `select replace(status, 'planned', 'accepted') as status, reason_code, reason_params, type, source_type, reference from events where id = $1`,
    [accepted.id],
  )
  const { event, status, reason } = explained
  expect({
    status,
    reason_code: reason?.code ?? null,
    reason_params: paramsOf(reason),
    type: event.type,
    source_type: event.sourceType,
    reference: event.reference,
  }).toEqual(events[0])
  await sameOmissions(stage, accepted.id, explained)
  const { rows: timers } = await stage.db.query(
    'select emits, due_at, reason_code, reason_params from timers where event_id = $1',
    [accepted.id],
  )
  expect(
    explained.timers.map(({ emits, dueAt, reason }) => ({
      emits,
      due_at: dueAt,
      reason_code: reason?.code ?? null,
      reason_params: paramsOf(reason),
    })),
  ).toEqual(timers)
  return [status, ...(await sameNotifications(stage, rows, explained))]
}

async function sameOmissions({ db }: Stage, eventId: string, { omissions }: Explained): Promise<void> {
  const { rows } = await db.query(
    `select concat_ws(' ', notifier, channel, recipient_key) as key, reason_code as code, coalesce(reason_params, '{}') as params from omissions where event_id = $1`,
    [eventId],
  )
  const told = new Map(omissions.map((omission) => [keyOf(omission), { key: keyOf(omission), ...omission.reason }]))
  expect([...told.values()].sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual(
    rows.sort((a, b) => (a.key < b.key ? -1 : 1)),
  )
}

async function sameNotifications(stage: Stage, rows: Row[], { forecasts, counts }: Explained): Promise<string[]> {
  expect(forecasts.map(keyOf).sort()).toEqual(rows.map(({ key }) => key).sort())
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(rows.length)
  const seen: string[] = []
  for (const { id, ...row } of rows) {
    const forecast = forecasts.find((o) => keyOf(o) === row.key)
    if (!forecast) throw new Error('not explained')
    const said = asRow(forecast)
    // A part of a digest is not sent itself: test/plan/digests.test.ts has what becomes of it.
    const isPart = forecast.reason.code === 'collecting'
    const isToGo = !isPart && (row.state === 'pending' || row.state === 'scheduled')
    const done = isToGo ? await delivered(stage, { id, ...row } as Row) : null
    // What is known to end before the first call is said to end so; the row learns it when its time has come.
    const ends = forecast.state !== row.state || (forecast.state === 'pending' && forecast.provider === null)
    if (done && ends)
      expect({ state: said.state, reason: said.reason }).toEqual({ state: done.state, reason: done.reason })
    if (done && !ends) {
      const { attempt } = done
      expect(forecast.provider).toEqual(
        attempt && {
          name: attempt.provider,
          cause: { code: attempt.cause, params: attempt.causeParams ?? {} },
        },
      )
    }
    expect(said).toEqual(done && ends ? { ...row, state: said.state, reason: said.reason } : row)
    seen.push(`${forecast.state} ${forecast.reason.code} ${forecast.channel} ${forecast.provider?.name ?? '-'}`)
  }
  return seen
}

describe('explained and done are the same, and explaining leaves no trace', () => {
  let vendors: Vendor[]
  beforeAll(async () => {
    vendors = await Promise.all([accepting.resend, accepting.sendgrid, accepting.twilio].map(startVendor))
  })
  afterAll(() => Promise.all(vendors.map((vendor) => vendor.close())))

  async function run(stage: Stage, seed: number, between: (i: number) => Promise<void>): Promise<Set<string>> {
    const { ctx, clock, db } = stage
    const r = random(seed)
    await db.query(
      `insert into suppressions (channel, address, reason, source, created_at)
       values ('email', 'bounced@example.com', 'it bounced', 'a test', $1), ('sms', '+14155550199', 'STOP', 'a test', $1)`,
      [clock.now()],
    )
    const no = { channel: 'email' as const, allowed: false, recipientId: 'left', address: null }
    await savePreferences(ctx.db, [no], 'a test', clock.now())
    const seen = new Set<string>()
    const ids: string[] = []
    const tables = await traceQuery(stage)
    for (let i = 0; i < seeds; i++) {
      await between(i)
      clock.advance(minute)
      const source = r.chance(0.25) ? 'stripe' : 'shop'
      const raw = Buffer.from(JSON.stringify(source === 'stripe' ? randomPayment(r) : randomEvent(r, clock.now())))
      const sourceId = r.chance(0.1) && ids.length > 0 ? r.one(ids) : `event-${seed}-${i}`
      ids.push(sourceId)
      const incoming = {
        source,
        sourceId,
        raw,
        translation: await ctx.sources.named(source).translate(raw),
        reportsFaultsToSender: source === 'shop',
      }
      for (const what of await follow(stage, incoming, tables)) seen.add(what)
    }
    return seen
  }

  it('where providers are paused and the operator has an address', { timeout: 120_000 }, async () => {
    const [resend, sendgrid, twilio] = vendors
    const stage = await startStage({
      RESEND_API_KEY: 're_of_tests',
      RESEND_BASE_URL: resend?.url ?? '',
      RESEND_RATE: '1000',
      SENDGRID_API_KEY: 'SG.of-tests',
      SENDGRID_BASE_URL: sendgrid?.url ?? '',
      SENDGRID_RATE: '1000',
      TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'token-of-tests',
      TWILIO_FROM: '+14155550100',
      TWILIO_BASE_URL: twilio?.url ?? '',
      TWILIO_RATE: '1000',
      OPERATOR_EMAIL: 'operator@fernwood.example',
    })
    const pauses: Record<number, [string, boolean]> = {
      30: ['resend', true],
      50: ['twilio', true],
      60: ['sendgrid', true],
      70: ['resend', false],
      90: ['twilio', false],
    }
    const seen = await run(stage, 1, async (i) => {
      const [provider, paused] = pauses[i] ?? []
      if (provider) await pauseProvider(stage.ctx, provider, paused ?? false, 'a test')
    })
    await stage.stop()
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'refused',
        'duplicate',
        'accepted',
        'ignored',
        'failed',
        'pending due email resend',
        'pending due email sendgrid',
        'pending due sms twilio',
        'pending providers_unavailable email -',
        'pending providers_unavailable sms -',
        'scheduled send_at email resend',
        'scheduled due_later email resend',
        'scheduled collecting email resend',
        'scheduled collecting email resend',
        'expired expired email -',
        'suppressed no_address email -',
        'suppressed suppressed_address email -',
        'suppressed opted_out email -',
        'cancelled superseded email -',
      ]),
    )
  })

  it('where a channel has no provider, and the app has a callback', { timeout: 120_000 }, async () => {
    const stage = await startStage({
      EMAIL_PROVIDERS: 'sandbox',
      RESEND_API_KEY: 're_of_tests',
      APP_CALLBACKS: 'shop=https://shop.example.com/hooks',
    })
    const seen = await run(stage, 2, async () => {})
    await stage.stop()
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'pending due email sandbox',
        'suppressed no_provider sms -',
        'suppressed no_address email -',
      ]),
    )
  })
})
