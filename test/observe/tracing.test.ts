// Traces, as a collector on this machine gets them from two services on one database: one takes requests, one works.
import { afterEach, describe, expect, it } from 'vitest'
import { alertOperator } from '../../src/accept/own-alert.ts'
import { type Clock, systemClock } from '../../src/clock.ts'
import type { Ctx } from '../../src/context.ts'
import { openLog } from '../../src/log.ts'
import paymentDue from '../../src/notifiers/payment-due.ts'
import { startTracing } from '../../src/observe/opentelemetry.ts'
import { enrich } from '../../src/plan/enrich.ts'
import { plan } from '../../src/plan/plan.ts'
import { fireDueTimers } from '../../src/schedule/timers.ts'
import { type Running, start } from '../../src/start.ts'
import { transaction } from '../../src/store/db.ts'
import { type CollectedSpan, type Collector, startCollector } from '../helper/collector.ts'
import { deliver } from '../helper/deliver.ts'
import { paymentIntent, shipped, stripeEvent } from '../helper/events.ts'
import { sendgridCallback, sendgridKeys } from '../helper/receipts.ts'
import { signedApp, signedStripe } from '../helper/signed.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { startStripe } from '../helper/stripe-vendor.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import {
  type EventAudit,
  eventually,
  keys,
  shopSecret,
  startWorld,
  stripeSecret,
  testConfig,
  type World,
} from '../helper/world.ts'

const { webhookKey, privateKey } = sendgridKeys()
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const sender = '00f067aa0ba902b7'
const traceparent = `00-${traceId}-${sender}-01`

let ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.toReversed()) await end()
  ends = []
})

async function collector(port?: number): Promise<Collector> {
  const started = await startCollector(port)
  ends.push(() => started.close())
  return started
}

async function vendor(...answers: Parameters<typeof startVendor>): Promise<Vendor> {
  const started = await startVendor(...answers)
  ends.push(() => started.close())
  return started
}

async function world(env: Record<string, string>): Promise<World> {
  const started = await startWorld({ env: { ...env } })
  ends.push(() => started.stop())
  return started
}

/** A worker on the world's database. The test may stop it earlier. */
async function worker({ databaseUrl }: World, env: Record<string, string>, clock?: Clock): Promise<Running> {
  const config = testConfig({ ...env, DATABASE_URL: databaseUrl, POSTHORN_ROLES: 'worker' })
  const running = await start(config, { log: openLog('silent'), print: () => {}, ...(clock && { clock }) })
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= running.stop()
    return stopped
  }
  ends.push(stop)
  return { ...running, stop }
}

async function post(to: World, event: object, headers: Record<string, string> = {}): Promise<string> {
  const signed = signedApp(event, { secret: shopSecret })
  const { body } = await to.send('/webhooks/apps/shop', signed.payload, { ...signed.headers, ...headers })
  return body.id
}

/** The context of the stage, with traces. */
function traced({ ctx }: Stage, { url }: Collector): Ctx {
  const sampler = { name: 'always_on', ratio: 1 } as const
  return { ...ctx, tracing: startTracing({ endpoint: url, headers: {}, resource: {}, sampler }, ctx.log) }
}

const named = (spans: CollectedSpan[], name: string) => spans.filter((span) => span.name === name)
const emailOf = ({ notifications }: EventAudit) => notifications.find(({ channel }) => channel === 'email')?.id ?? ''

describe('an app’s webhook, from its own trace to its callback', () => {
  it('is one trace over two services, and nobody’s address, name or key is in it', { timeout: 60_000 }, async () => {
    const collected = await collector()
    const resend = await vendor({ status: 503, json: { statusCode: 503, name: 'service_unavailable', message: 'no' } })
    const sendgrid = await vendor(accepting.sendgrid)
    const shop = await vendor({ status: 204, text: '' })
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collected.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=key-of%20the-collector',
      RESEND_API_KEY: 're_of_tests',
      RESEND_BASE_URL: resend.url,
      SENDGRID_API_KEY: 'SG.of-tests',
      SENDGRID_BASE_URL: sendgrid.url,
      SENDGRID_WEBHOOK_KEY: webhookKey,
      EMAIL_PROVIDERS: 'resend,sendgrid',
      APP_CALLBACKS: `shop=${shop.url}/hooks?key=key-of-the-shop`,
      CALLBACKS_ALLOW_PRIVATE: 'true',
    }
    const api = await world({ ...env, POSTHORN_ROLES: 'api', OTEL_SERVICE_NAME: 'posthorn-api' })
    await worker(api, {
      ...env,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test%2C1',
    })

    const event = shipped({
      channels: ['email'],
      data: { orderNumber: 'SECRET-ORDER', carrier: 'DHL', trackingNumber: 'SECRET-TRACK' },
    })
    const id = await post(api, event, { traceparent })
    const notification = emailOf(await api.event(id))
    const { attempts } = await api.notification(notification)
    const receipt = sendgridCallback(
      [
        {
          event: 'delivered',
          sg_message_id: 'sendgrid-1.filter',
          email: 'grace@example.org',
          notification_id: notification,
        },
      ],
      { privateKey },
    )
    await api.send(receipt.path, receipt.payload, receipt.headers)
    // Sent, and delivered.
    await shop.waitForRequests(2)
    const spans = await collected.waitForSpans((all) => named(all, 'send callback').length === 2 && all.length >= 7)

    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]))
    const [accepted, ...others] = spans.toSorted((one, other) => one.startMs - other.startMs)
    expect(accepted).toMatchObject({
      name: 'POST /webhooks/apps/:app',
      kind: 'server',
      parentId: sender,
      isError: false,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/webhooks/apps/:app',
        'http.response.status_code': 200,
        'url.path': '/webhooks/apps/shop',
        'url.scheme': 'http',
        'posthorn.event.id': id,
        'posthorn.event.type': 'order.shipped',
        'posthorn.event.status': 'accepted',
        'posthorn.event.duplicate': false,
        'posthorn.source': 'shop',
      },
      resource: { 'service.name': 'posthorn-api', 'service.version': '0.1.0' },
    })
    expect(others.map(({ parentId }) => parentId)).toEqual(others.map(() => accepted?.spanId))
    for (const { startMs, endMs } of spans) expect(endMs).toBeGreaterThanOrEqual(startMs)
    const worked = { 'service.name': 'posthorn', 'deployment.environment.name': 'test,1' }
    expect(named(spans, 'process plan')).toMatchObject([
      {
        kind: 'consumer',
        isError: false,
        attributes: {
          'messaging.system': 'pg_boss',
          'messaging.destination.name': 'plan',
          'messaging.operation.type': 'process',
          'posthorn.event.id': id,
          'posthorn.outcome': 'planned',
          'posthorn.notifications': 1,
        },
        resource: worked,
      },
    ])
    const ofEmail = { 'posthorn.event.id': id, 'posthorn.notification.id': notification, 'posthorn.channel': 'email' }
    expect(attempts).toHaveLength(2)
    expect(named(spans, 'send resend')).toMatchObject([
      {
        kind: 'client',
        isError: true,
        attributes: {
          ...ofEmail,
          'posthorn.provider': 'resend',
          'posthorn.outcome': 'deferred',
          'posthorn.attempt.number': 1,
          'posthorn.attempt.round': 1,
          'http.response.status_code': 503,
          'error.type': 'service_unavailable',
        },
        resource: worked,
      },
    ])
    const fallback = { 'posthorn.provider': 'sendgrid', 'posthorn.outcome': 'accepted', 'posthorn.attempt.number': 2 }
    expect(named(spans, 'send sendgrid')).toMatchObject([
      { kind: 'client', isError: false, attributes: { ...ofEmail, ...fallback } },
    ])
    expect(named(spans, 'process receipt')).toMatchObject([
      {
        kind: 'consumer',
        attributes: { 'posthorn.notification.id': notification, 'posthorn.notification.state': 'delivered' },
        resource: { 'service.name': 'posthorn-api' },
      },
    ])
    const callbacks = named(spans, 'send callback')
    expect(callbacks).toMatchObject([{ kind: 'client' }, { kind: 'client' }])
    const given = shop.requests.map(({ headers }) => headers.traceparent)
    expect(given.toSorted()).toEqual(callbacks.map(({ spanId }) => `00-${traceId}-${spanId}-01`).toSorted())
    for (const { headers } of [...resend.requests, ...sendgrid.requests])
      expect(headers).not.toHaveProperty('traceparent')

    for (const { path, headers } of collected.requests) {
      expect(path).toBe('/v1/traces')
      expect(headers['api-key']).toBe('key-of the-collector')
    }
    const bytes = Buffer.concat(collected.requests.map(({ body }) => body)).toString('latin1')
    expect(bytes).toContain('posthorn.event.id')
    const secrets = [shopSecret, 're_of_tests', 'SG.of-tests', webhookKey, 'key-of', api.databaseUrl]
    const personal = [
      'grace',
      'Grace',
      'Hopper',
      'example.org',
      '4155550177',
      'cus_7',
      'SECRET-ORDER',
      'SECRET-TRACK',
      'ORD-77',
    ]
    for (const word of [...secrets, ...personal, 'on its way', '127.0.0.1']) expect(bytes, word).not.toContain(word)
    expect(api.log.join('')).not.toContain('key-of')
  })
})

describe('a trace', () => {
  it('is begun for a vendor’s event, whatever its headers say, and for a schedule’s', async () => {
    const collected = await collector()
    const here = await world({ OTEL_EXPORTER_OTLP_ENDPOINT: collected.url })
    const intent = stripeEvent('payment_intent.succeeded', paymentIntent())
    const { payload, headers } = signedStripe(intent, { secret: stripeSecret })
    const { body } = await here.send('/webhooks/stripe', payload, { ...headers, traceparent })
    const authorization = `Bearer ${keys.operator}`
    const run = await here.send<{ eventId: string }>('/v1/schedules/schedule.exchange_rates/run', '', { authorization })
    const spans = await collected.waitForSpans((all) => all.length >= 5)
    const [stripe] = named(spans, 'POST /webhooks/:source')
    expect(stripe).toMatchObject({
      parentId: '',
      attributes: { 'posthorn.source': 'stripe', 'posthorn.event.id': body.id },
    })
    expect(stripe?.traceId).not.toBe(traceId)
    const [schedule] = named(spans, 'accept event')
    expect(schedule).toMatchObject({
      kind: 'internal',
      parentId: '',
      attributes: { 'posthorn.source': 'schedule', 'posthorn.event.id': run.body.eventId },
    })
  })

  it('goes on in the event that a timer makes, and is begun for an alert of our own', async () => {
    const stage = await startStage({ OPERATOR_EMAIL: 'ops@acme.example' })
    ends.push(() => stage.stop())
    const collected = await collector()
    const ctx = traced(stage, collected)
    const traceOf = async (type: string) => {
      const { rows } = await stage.db.query('select id, traceparent from events where type = $1', [type])
      return rows[0]
    }

    await plan(ctx, await stage.accepted({ ...paymentDue.sample }, {}, ctx))
    stage.clock.advance(3 * 24 * 3_600_000)
    expect(await fireDueTimers(ctx)).toBe(1)
    const pending = await traceOf('payment.pending')
    expect(pending.traceparent).toMatch(/^00-\w{32}-\w{16}-01$/)
    expect((await traceOf('payment.timed_out')).traceparent).toBe(pending.traceparent)

    const alert = { name: 'test', alert: 'work_old', message: 'Work is getting old.', at: stage.clock.now() }
    await transaction(ctx.db, (tx) => alertOperator(ctx, tx, alert))
    const { id, traceparent: ofAlert } = await traceOf('operator.alert')
    await ctx.tracing.close(5000)
    const [accepted] = named(collected.spans(), 'accept event').filter(
      ({ attributes }) => attributes['posthorn.event.id'] === id,
    )
    expect(ofAlert).toBe(`00-${accepted?.traceId}-${accepted?.spanId}-01`)
  })

  it('has the questions to others: for what an event lacks, and for a message whose answer was lost', async () => {
    const collected = await collector()
    const stripe = await startStripe()
    const twilio = await vendor('reset-after-read')
    ends.push(() => stripe.close())
    stripe.objects.set('cus_7', {
      id: 'cus_7',
      object: 'customer',
      email: null,
      phone: '+14155550177',
      name: 'Grace Hopper',
    })
    const stage = await startStage({
      ...{ STRIPE_API_KEY: 'rk_test_of_the_traces_1234', STRIPE_API_BASE: stripe.url },
      ...{ TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'token-of-tests' },
      ...{ TWILIO_FROM: '+15005550006', TWILIO_BASE_URL: twilio.url },
    })
    ends.push(() => stage.stop())
    const ctx = traced(stage, collected)
    const intent = paymentIntent({ receipt_email: null, shipping: null })
    const id = await stage.accepted(stripeEvent('payment_intent.succeeded', intent), { source: 'stripe' }, ctx)
    await plan(ctx, id)
    await enrich(ctx, id)
    await plan(ctx, id)
    const { rows } = await stage.db.query(`select id from notifications where event_id = $1 and channel = 'sms'`, [id])
    const sms = rows[0].id
    await deliver(ctx, sms)
    twilio.answer({ json: { messages: [], next_page_uri: null } })
    const { notification } = await stage.audit(sms)
    if (notification.dueAt) stage.clock.set(notification.dueAt)
    await deliver(ctx, sms)
    await ctx.tracing.close(5000)

    const ofEvent = { 'posthorn.event.id': id }
    const ofText = { ...ofEvent, 'posthorn.notification.id': sms, 'posthorn.provider': 'twilio' }
    const [accepted, ...steps] = collected.spans()
    expect(new Set(steps.map(({ parentId }) => parentId))).toEqual(new Set([accepted?.spanId]))
    expect(steps).toMatchObject([
      { name: 'process plan', attributes: { ...ofEvent, 'posthorn.outcome': 'to be enriched first' } },
      { name: 'enrich stripe', kind: 'client', attributes: { ...ofEvent, 'posthorn.answer': 'found' } },
      { name: 'process plan', attributes: { ...ofEvent, 'posthorn.outcome': 'planned' } },
      { name: 'send twilio', isError: true, attributes: { ...ofText, 'posthorn.outcome': 'unknown' } },
      { name: 'look up twilio', kind: 'client', attributes: { ...ofText, 'posthorn.answer': 'absent' } },
    ])
  })

  it('goes on after a restart, with the same ids', { timeout: 60_000 }, async () => {
    const collected = await collector()
    const sendgrid = await vendor({ status: 503, json: { errors: [{ message: 'busy' }] } })
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collected.url,
      SENDGRID_API_KEY: 'SG.of-tests',
      SENDGRID_BASE_URL: sendgrid.url,
    }
    const api = await world({ ...env, POSTHORN_ROLES: 'api' })
    const first = await worker(api, env)
    const id = await post(api, shipped({ channels: ['email'] }))
    const notification = emailOf(await api.event(id, (event) => event.notifications.length > 0))
    await eventually(async () => (await api.notification(notification)).attempts[0]?.outcome === 'deferred')
    await first.stop()

    sendgrid.answer(accepting.sendgrid)
    // The next round is due by now.
    await worker(api, env, { now: () => new Date(systemClock.now().getTime() + 3_600_000) })
    const spans = await collected.waitForSpans((all) => named(all, 'send sendgrid').length === 2)
    const [accepted] = named(spans, 'POST /webhooks/apps/:app')
    const sends = named(spans, 'send sendgrid').toSorted((one, other) => one.startMs - other.startMs)
    const common = { traceId: accepted?.traceId, parentId: accepted?.spanId }
    expect(sends).toMatchObject([
      { ...common, isError: true, attributes: { 'posthorn.attempt.number': 1, 'posthorn.attempt.round': 1 } },
      { ...common, isError: false, attributes: { 'posthorn.attempt.number': 2, 'posthorn.attempt.round': 2 } },
    ])
    expect(accepted?.parentId, 'a trace of our own').toBe('')
    expect(new Set(sends.map(({ resource }) => resource['service.instance.id'])).size).toBe(2)
  })
})
