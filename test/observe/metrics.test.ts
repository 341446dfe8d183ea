// The metrics as Prometheus reads them: what this process did, what the database holds, and what both cost.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metricsOf } from '../../src/observe/metrics.ts'
import { notifyApps } from '../../src/record/notify-apps.ts'
import { type Db, openDb } from '../../src/store/db.ts'
import { queues } from '../../src/store/jobs/queues.ts'
import { observe } from '../../src/store/observations.ts'
import { shipped } from '../helper/events.ts'
import { startStage } from '../helper/stage.ts'
import { startVendor, type Vendor } from '../helper/vendor.ts'
import { shopSecret, startWorld, type World } from '../helper/world.ts'

let world: World
let app: Vendor
beforeAll(async () => {
  app = await startVendor({ json: {} })
  world = await startWorld({ env: { APP_CALLBACKS: `shop=${app.url}`, CALLBACKS_ALLOW_PRIVATE: 'true' } })
})
afterAll(async () => {
  await world.stop()
  await app.close()
})

/** The samples by name with labels. */
async function scraped(url = world.url): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  return samplesOf(await response.text())
}

function samplesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

describe('/metrics', () => {
  it('needs no key and has names of ours alone', async () => {
    const names = [...(await scraped()).keys()]
    expect(names.length).toBeGreaterThan(50)
    expect(names.filter((name) => !name.startsWith('posthorn_'))).toEqual([])
  })

  it('counts what this process accepted, planned and sent, with the channel', async () => {
    const { body } = await world.app(shipped(), { id: 'counted' })
    await world.event(body.id)
    await world.app(shipped(), { id: 'counted' })
    await app.waitForRequests(2)
    await world.quiet()
    // Who asked within the second before has the text that is kept.
    await expect
      .poll(async () => Object.fromEntries(await scraped()), { timeout: 10_000 })
      .toMatchObject({
        'posthorn_events_accepted_total{source="shop",status="accepted"}': 1,
        'posthorn_events_duplicate_total{source="shop"}': 1,
        'posthorn_notifications_planned_total{channel="email",state="pending"}': 1,
        'posthorn_notifications_planned_total{channel="sms",state="pending"}': 1,
        'posthorn_attempts_total{channel="email",provider="sandbox",outcome="accepted"}': 1,
        'posthorn_attempts_total{channel="callback",provider="callback",outcome="accepted"}': 2,
        'posthorn_provider_call_seconds_count{channel="sms",provider="sandbox"}': 1,
        'posthorn_handover_seconds_count{channel="email",priority="normal"}': 1,
        'posthorn_handover_seconds_bucket{le="60",channel="email",priority="normal"}': 1,
        'posthorn_circuit_open{channel="email",provider="sandbox"}': 0,
        posthorn_database_up: 1,
      })
  })

  it('has no label whose values grow with what is sent', async () => {
    const text = [...(await scraped()).keys()].join('\n')
    const labels = new Set([...text.matchAll(/(\w+)="/g)].map(([, label]) => label))
    const known = [
      'channel',
      'kind',
      'le',
      'outcome',
      'priority',
      'provider',
      'queue',
      'source',
      'space',
      'stage',
      'state',
    ]
    expect(
      [...labels].filter(
        (label) =>
          !known.concat('status', 'type', 'version', 'major', 'minor', 'patch', 'quantile').includes(label ?? ''),
      ),
    ).toEqual([])
  })
})

it('a process that only works serves them, and nothing else without a key', async () => {
  const worker = await startWorld({ env: { POSTHORN_ROLES: 'worker' } })
  expect((await scraped(worker.url)).get('posthorn_database_up')).toBe(1)
  expect((await fetch(`${worker.url}/v1/events`)).status).toBe(404)
  await worker.stop()
})

it('the gauges say what waits, what is in doubt, what fails and which provider is not called', async () => {
  const stage = await startStage({
    APP_WEBHOOK_SECRETS: `shop=${shopSecret}`,
    APP_CALLBACKS: `shop=${app.url}`,
    CALLBACKS_ALLOW_PRIVATE: 'true',
  })
  stage.clock.set(new Date())
  const waiting = await stage.planned(shipped())
  const sent = await stage.planned(shipped())
  const event = await stage.accepted(shipped())
  const move = (id: string | undefined, state: string, reason: string | null = null) =>
    stage.db.query(`update notification_states set state = $2, reason_code = $3, due_at = null where id = $1`, [
      id,
      state,
      reason,
    ])
  await move(sent.ids.email, 'sent')
  await notifyApps(stage.ctx)
  await move(sent.ids.sms, 'sent')
  await move(waiting.ids.sms, 'unconfirmed', 'held')
  await stage.db.query(
    `update notification_states set attempted = true, due_at = now() + interval '1 hour' where channel = 'callback'`,
  )
  await stage.db.query(`update notification_states set due_at = now() - interval '100 seconds' where id = $1`, [
    waiting.ids.email,
  ])
  await stage.db.query(
    `update events set due_at = now() - interval '200 seconds', received_at = now() - interval '200 seconds' where id = $1`,
    [event],
  )
  await stage.db.query(
    `update provider_health set circuit = 'open', next_probe_at = now(), opened_at = now() where provider = 'sandbox'`,
  )
  await stage.db.query(`update posthorn_jobs.job set start_after = now() + interval '1 hour'`)
  await stage.db.query(`update posthorn_jobs.job set state = 'active' where name = 'sms-normal'`)
  await stage.db.query(`update posthorn_jobs.job set state = 'failed' where name = 'plan-normal'`)
  await stage.db.query(
    `update posthorn_jobs.job set start_after = now() - interval '90 seconds' where name = 'email-normal'`,
  )
  const seen = samplesOf(await stage.ctx.metrics.text())
  expect(Object.fromEntries(seen)).toMatchObject({
    'posthorn_queue_ready{queue="email-normal",channel="email"}': 2,
    'posthorn_queue_ready{queue="sms-normal",channel="sms"}': 0,
    'posthorn_queue_active{queue="sms-normal",channel="sms"}': 2,
    'posthorn_queue_failed{queue="plan-normal",channel=""}': 3,
    'posthorn_notifications_unconfirmed{channel="sms"}': 1,
    'posthorn_notifications_unconfirmed{channel="email"}': 0,
    posthorn_callbacks_outbox: 1,
    posthorn_callbacks_retrying: 1,
    'posthorn_circuit_open{channel="email",provider="sandbox"}': 1,
    'posthorn_circuit_open{channel="callback",provider="callback"}': 0,
  })
  const ages = {
    'posthorn_queue_oldest_seconds{queue="email-normal",channel="email"}': 90,
    'posthorn_work_oldest_seconds{stage="deliver"}': 100,
    'posthorn_work_oldest_seconds{stage="plan"}': 200,
  }
  for (const [name, least] of Object.entries(ages)) {
    expect(seen.get(name), name).toBeGreaterThanOrEqual(least)
    expect(seen.get(name), name).toBeLessThan(least + 60)
  }
  await stage.stop()
})

describe('what the database holds', () => {
  /** The service's connections, whose statements are recorded; Postgres must not read whole tables. */
  function recorded() {
    const db = openDb({
      url: world.databaseUrl,
      poolSize: 1,
      log: { warn: () => {} },
      session: { enable_seqscan: 'off' },
    })
    const asked: { text: string; values: unknown[] }[] = []
    let connections = 0
    const connect = db.connect.bind(db)
    const recording = Object.assign(Object.create(db) as Db, {
      connect: async () => {
        connections++
        const client = await connect()
        const query = client.query.bind(client) as (text: string, values: unknown[]) => unknown
        return Object.assign(Object.create(client), {
          query(text: string | { text: string; values: unknown[] }, values: unknown[] = []) {
            const one = typeof text === 'string' ? { text, values } : text
            if (/^\s*select/.test(one.text)) asked.push(one)
            return query(one.text, one.values)
          },
          release: () => client.release(),
        })
      },
    })
    return { db, recording, asked, connections: () => connections }
  }

  it('is read by indexes, however many rows there are', async () => {
    const { db, recording, asked } = recorded()
    const names = queues.map(({ name }) => name)
    expect((await observe(recording, names, ['email', 'sms', 'callback'])).queues).toHaveLength(queues.length)
    const plans = await Promise.all(
      asked.map(async ({ text, values }) => {
        const { rows } = await db.query(`explain ${text}`, values)
        return rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n')
      }),
    )
    expect(plans).toHaveLength(3)
    expect(plans.join('\n')).not.toMatch(/Seq Scan on (events|notification_states|notification_details|attempts|job)/)
    const waiting = plans.filter((plan) => plan.includes('notifications_due'))
    expect(waiting).toHaveLength(1)
    expect(waiting[0], 'the oldest is the first of an index').not.toContain('Sort')
    await db.end()
  })

  it('is read once for all who ask within seconds', async () => {
    const { db, recording, connections } = recorded()
    const metrics = metricsOf({ db: recording, routes: { email: [], sms: [], callback: [] } })
    const texts = await Promise.all(Array.from({ length: 20 }, () => metrics.text()))
    expect(texts.every((text) => text.includes('posthorn_database_up 1'))).toBe(true)
    expect(connections()).toBe(1)
    await db.end()
  })

  it('is left out while the database is away, and what this process did is not', async () => {
    const away = openDb({ url: 'postgres://nobody@127.0.0.1:1/none', poolSize: 1, log: { warn: () => {} } })
    const metrics = metricsOf({ db: away, routes: { email: ['sandbox'], sms: [], callback: [] } })
    metrics.accepted('shop', { duplicate: false, status: 'accepted' })
    const text = await metrics.text()
    expect(text).toMatch(/^posthorn_database_up 0$/m)
    expect(text).toMatch(/^posthorn_events_accepted_total\{.*\} 1$/m)
    expect(text).not.toMatch(/^posthorn_(queue|work|callbacks|circuit|notifications_unconfirmed)\w*(\{.*\})? /m)
    await away.end()
  })
})
