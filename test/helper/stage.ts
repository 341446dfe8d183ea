// The stages without their workers, on an empty database and with a clock that the test sets. The test calls the stages
// itself, so it decides what runs when and what crashes.
import { Writable } from 'node:stream'
import type pg from 'pg'
import { makeAccept } from '../../src/accept/accept.ts'
import type { IncomingEvent } from '../../src/accept/validate.ts'
import type { Ctx } from '../../src/context.ts'
import { createContext } from '../../src/create-context.ts'
import { openLog } from '../../src/log.ts'
import { audienceOf } from '../../src/notifiers/index.ts'
import { noTracing } from '../../src/observe/tracing.ts'
import { plan } from '../../src/plan/plan.ts'
import { openSources } from '../../src/sources/index.ts'
import { transaction } from '../../src/store/db.ts'
import { findNotification, type NotificationAudit } from '../../src/store/notifications/audit.ts'
import { saveCallbackApps } from '../../src/store/notifications/callback-outbox.ts'
import { takeDatabase } from './stage-database.ts'
import { testConfig } from './world.ts'

export interface TestClock {
  now(): Date
  advance(ms: number): void
  set(at: Date): void
}

export interface Stage {
  ctx: Ctx
  clock: TestClock
  db: pg.Pool
  /** The context of another process on the same database, with the same settings or others. */
  another(env?: Record<string, string>): Promise<Ctx>
  /** Accepts and plans an app's event; answers the event's id and the ids of its notifications by channel. */
  planned(event: object): Promise<{ eventId: string; ids: Record<string, string> }>
  accepted(event: object, more?: Partial<IncomingEvent>, by?: Ctx): Promise<string>
  audit(id: string): Promise<NotificationAudit>
  stop(): Promise<void>
}

function testClock(start = new Date('2026-11-21T10:00:00Z')): TestClock {
  let now = start
  return {
    now: () => new Date(now),
    advance: (ms) => {
      now = new Date(now.getTime() + ms)
    },
    set: (at) => {
      now = at
    },
  }
}

export async function startStage(env: Record<string, string>): Promise<Stage> {
  const { db: pool, jobs, rows: db, release } = await takeDatabase()
  const clock = testClock()
  const cleanup = new AsyncDisposableStack()
  const log = openLog('trace', new Writable({ write: (_chunk, _encoding, done) => done() }))
  const config = testConfig(env)
  const sources = openSources({ vendors: config.sources, apps: [], testApps: [], audienceOf })
  const publicUrl = () => config.publicUrl ?? 'http://127.0.0.1:3000'
  const reads = { db: pool, search: <T>(run: (db: typeof pool) => Promise<T>) => run(pool), end: async () => {} }
  const another = (other?: Record<string, string>) =>
    createContext(
      cleanup,
      other ? testConfig(other) : config,
      { db: pool, reads, jobs },
      { log, print: () => {}, clock, tracing: noTracing, sources, publicUrl },
    )
  const ctx = await another()
  await transaction(ctx.db, (tx) => saveCallbackApps(tx, Object.keys(ctx.callbackUrls)))

  const stage: Stage = {
    ctx,
    clock,
    db,
    another,
    async accepted(event, more, by = ctx) {
      const raw = Buffer.from(JSON.stringify(event))
      const source = more?.source ?? 'shop'
      const incoming = {
        source,
        sourceId: crypto.randomUUID(),
        raw,
        translation: await sources.named(source).translate(raw),
        reportsFaultsToSender: true,
      }
      const answer = await makeAccept(by)({ ...incoming, ...more })
      if (!answer.ok) throw new Error(JSON.stringify(answer))
      return answer.id
    },
    async planned(event) {
      const eventId = await stage.accepted(event)
      // An event for many recipients is planned in parts.
      const isWaiting = async () =>
        (await db.query(`select from events where id = $1 and status = 'accepted'`, [eventId])).rowCount === 1
      do await plan(ctx, eventId)
      while (await isWaiting())
      const { rows } = await db.query('select id, channel from notifications where event_id = $1', [eventId])
      return { eventId, ids: Object.fromEntries(rows.map((row) => [row.channel, row.id])) }
    },
    async audit(id) {
      const found = await findNotification(db, id)
      if (!found) throw new Error('no such notification')
      return found
    },
    async stop() {
      await cleanup.disposeAsync()
      await release()
    },
  }
  return stage
}
