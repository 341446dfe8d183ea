// A complete service for one test file, on its own database and a free port. Tests use it over HTTP, as users do; `db` is for
// checks of rows.
import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'
import type { z } from 'zod'
import type { Clock } from '../../src/clock.ts'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { shape } from '../../src/http/answers/shapes.ts'
import { openLog } from '../../src/log.ts'
import { type Running, start } from '../../src/start.ts'
import type { Backend } from '../../src/store/backends.ts'
import { run, withDatabase } from './database-setup.ts'
import { signedApp, signedStripe } from './signed.ts'

export const stripeSecret = 'whsec_of_the_stripe_tests'
export const shopSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
export const keys = {
  operator: 'operator-key-of-tests',
  viewer: 'viewer-key-of-tests',
  producer: 'producer-key-of-tests',
}

export interface Answer<T> {
  status: number
  headers: Headers
  body: T
}

export interface Accepted {
  id: string
  duplicate: boolean
  status: string
}

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  requestId: string
  errors?: { path: string; message: string }[]
}

export interface World {
  url: string
  databaseUrl: string
  db: pg.Pool
  /** Every line of the log, at trace level. */
  log: string[]
  /** The lines printed for people. */
  printed: string[]
  send<T = Accepted>(path: string, body: string | Buffer, headers: Record<string, string>): Promise<Answer<T>>
  /** Signs and posts an app's event, as the app `shop`. */
  app<T = Accepted>(event: unknown, options?: { id?: string; timestamp?: number }): Promise<Answer<T>>
  stripe<T = Accepted>(event: unknown, options?: { timestamp?: number }): Promise<Answer<T>>
  get<T>(path: string, key?: string): Promise<Answer<T>>
  /** A call with a JSON body or none, and what it answers as JSON; by the operator, if no key is given. */
  call: ReturnType<typeof callerOf>
  /** An event with its notifications, once `done` returns true. */
  event(id: string, done?: (event: EventAudit) => boolean): Promise<EventAudit>
  notification(id: string): Promise<NotificationAudit>
  /** Resolves when no work is due and no call is open. */
  quiet(): Promise<void>
  stop(): Promise<void>
}

export type NotificationShown = z.output<typeof shape.notification>
type Message = z.output<typeof shape.notificationAudit>['message']

export type EventAudit = Omit<z.output<typeof shape.eventAudit>, 'body'> & { body: string }
export type NotificationAudit = Omit<z.output<typeof shape.notificationAudit>, 'message'> & {
  message: NonNullable<Message> | null
}

const settled = new Set(['sent', 'delivered', 'suppressed', 'failed', 'expired', 'cancelled', 'digested'])

/** Whether every notification has reached a final state. */
function allSettled(event: EventAudit): boolean {
  return event.status !== 'accepted' && event.notifications.every((n) => settled.has(n.state))
}

async function isSettled(db: pg.Pool, eventId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is_settled',
    text: `select 1 from events e where id = $1 and status <> 'accepted'
             and not exists (select 1 from notifications where event_id = e.id and state <> all ($2))`,
    values: [eventId, [...settled]],
  })
  return rowCount === 1
}

export interface WorldOptions {
  env?: Record<string, string>
  /** DATABASE_BACKEND, on a database whose queue the start makes. */
  backend?: Backend
  clock?: Clock
  /** Maps the database's URL, for example to a proxy that can be cut. */
  through?: (databaseUrl: string) => string
}

/** A new database, cloned from the template; for another backend without the template's queue, so that the start makes its own. */
export async function freshDatabase(backend: Backend = 'postgres'): Promise<{ url: string; drop(): Promise<void> }> {
  const server = inject('serverUrl')
  const template = inject('template')
  const name = `${template}_${randomBytes(6).toString('hex')}`
  // Postgres refuses to clone a template that another session is cloning.
  await eventually(async () => {
    await run(server, `create database ${name} template ${template} strategy ${inject('strategy')}`)
    return true
  })
  const url = withDatabase(server, name)
  if (backend !== 'postgres') await run(url, 'drop schema posthorn_jobs cascade; create schema posthorn_jobs')
  return { url, drop: () => dropDatabase(server, name) }
}

/** Waits for the last connection to end: a forced drop would break one that is still closing. */
async function dropDatabase(server: string, name: string): Promise<void> {
  await eventually(async () => {
    await run(server, `drop database ${name}`)
    return true
  })
}

export function testConfig(env: Record<string, string>): Config {
  const loaded = loadConfig({
    PORT: '0',
    LOG_LEVEL: 'trace',
    STRIPE_WEBHOOK_SECRET: stripeSecret,
    APP_WEBHOOK_SECRETS: `shop=${shopSecret}`,
    API_KEYS: Object.entries(keys)
      .map(([role, key]) => `${role === 'producer' ? 'backend' : role}:${role}:${key}`)
      .join(','),
    EMAIL_FROM: 'Fernwood <hello@fernwood.example>',
    BRAND_NAME: 'Fernwood',
    ...env,
  })
  if (!loaded.ok) throw new Error(loaded.faults.map(({ name, text }) => `${name} ${text}`).join('\n'))
  return loaded.config
}

export async function startWorld({
  env = {},
  backend = 'postgres',
  clock,
  through = (url) => url,
}: WorldOptions = {}): Promise<World> {
  const database = await freshDatabase(backend)
  const log: string[] = []
  const printed: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      log.push(String(chunk))
      done()
    },
  })
  const config = testConfig({ DATABASE_URL: through(database.url), DATABASE_BACKEND: backend, ...env })
  const running: Running = await start(config, {
    log: openLog(config.logLevel, sink),
    print: (line) => printed.push(line),
    ...(clock && { clock }),
  })
  const db = new pg.Pool({ connectionString: database.url, max: 2, options: '-c search_path=posthorn' })

  const world: World = {
    url: running.url,
    databaseUrl: database.url,
    db,
    log,
    printed,
    async send<T>(path: string, body: string | Buffer, headers: Record<string, string>) {
      return answerOf<T>(await fetch(running.url + path, { method: 'POST', headers, body }))
    },
    app(event, options) {
      const { payload, headers } = signedApp(event, { secret: shopSecret, ...options })
      return world.send('/webhooks/apps/shop', payload, headers)
    },
    stripe(event, options) {
      const { payload, headers } = signedStripe(event, { secret: stripeSecret, ...options })
      return world.send('/webhooks/stripe', payload, headers)
    },
    async get<T>(path: string, key = keys.operator) {
      return answerOf<T>(await fetch(running.url + path, { headers: key ? { authorization: `Bearer ${key}` } : {} }))
    },
    call: callerOf(running.url),
    event: (id, done = allSettled) =>
      eventually(async () => {
        // A row is asked far more cheaply than the API, and most tests wait here.
        if (done === allSettled && !(await isSettled(db, id))) return null
        const { body } = await world.get<EventAudit>(`/v1/events/${id}`)
        return done(body) ? body : null
      }),
    notification: async (id) => (await world.get<NotificationAudit>(`/v1/notifications/${id}?include=message`)).body,
    async quiet() {
      await eventually(async () => {
        const { rows } = await db.query(
          `select 1 from events where status = 'accepted'
           union all select 1 from callback_outbox
           union all select 1 from notifications where state = 'sending' or state = 'pending' and due_at <= now() limit 1`,
        )
        return rows.length === 0
      })
    },
    async stop() {
      await running.stop()
      await db.end()
      await database.drop()
    },
  }
  return world
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json')
  return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T }
}

function callerOf(url: string) {
  return async (method: string, path: string, body?: object, key = keys.operator) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: JSON.parse((await response.text()) || 'null') }
  }
}

/** Polls until there is an answer; the test's time limit ends it. An error counts as no answer. */
export async function eventually<T>(ask: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const answer = await ask().catch(() => null)
    if (answer) return answer
    await wait(15)
  }
}
