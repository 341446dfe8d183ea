// A process of the chaos kit: on command it runs a service with a skewed clock, or takes a batch of events through the stages
// and kills itself (kill -9) at a named step. It recognises steps by SQL statements and provider calls, so src needs no hooks.
import { writeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { makeAccept } from '../src/accept/accept.ts'
import { type Clock, systemClock } from '../src/clock.ts'
import { loadConfig } from '../src/config/load.ts'
import type { Ctx } from '../src/context.ts'
import { connect, createContext } from '../src/create-context.ts'
import { makeDeliver } from '../src/deliver/deliver.ts'
import { openLog } from '../src/log.ts'
import { audienceOf } from '../src/notifiers/index.ts'
import { noTracing } from '../src/observe/tracing.ts'
import { makePlan } from '../src/plan/plan.ts'
import { openSources } from '../src/sources/index.ts'
import { start } from '../src/start.ts'
import { untilAnswered } from '../src/store/until-answered.ts'
import { breakFence } from './prove/broken.ts'
import type { LotOrder, Order, Step } from './prove/orders.ts'

/** Writes synchronously: a report before a kill must arrive. */
const report = (what: object) => writeSync(1, `${JSON.stringify(what)}\n`)
const silent = openLog('silent')

function configOf(env: Record<string, string>) {
  const loaded = loadConfig(env)
  if (!loaded.ok) throw new Error(loaded.faults.map(({ name, text }) => `${name} ${text}`).join('\n'))
  return loaded.config
}

function clockAhead(order: { aheadMs: number }): Clock {
  return { now: () => new Date(systemClock.now().getTime() + order.aheadMs) }
}

function die(step: Step, points: number): void {
  report({ kind: 'dies', step, points })
  process.kill(process.pid, 'SIGKILL')
}

/** The step of a transaction by the statement that it writes. */
const steps: [RegExp, string][] = [
  [/^\s*insert into events /, 'accept'],
  [/insert into notification_details /, 'plan'],
  [/^\s*insert into attempts /, 'open'],
  [/^\s*update attempts /, 'close'],
  [/^\s*insert into look_ups /, 'look'],
]
/** The statement that closes accepted attempts is a transaction by itself. */
const closesAccepted = /closed as \(\s*update attempts /

/** Kills this process just before the commit of the step is sent, or just after it is answered. */
function dieAtCommit(step: Step): void {
  const [kind, when] = step.split(' ')
  const query = pg.Client.prototype.query
  const written = new WeakMap<object, number>()
  const watched = function (this: pg.Client, ...args: unknown[]): unknown {
    const [first] = args as [{ text?: string; values?: unknown[] } | string]
    const text = typeof first === 'string' ? first : (first?.text ?? '')
    const values = typeof first === 'string' ? [] : (first?.values ?? [])
    if (text.startsWith('begin')) written.delete(this)
    if (steps.find(([statement]) => statement.test(text))?.[1] === kind) written.set(this, rowsIn(values))
    const isWhole = kind === 'close' && closesAccepted.test(text)
    const points = isWhole ? rowsIn(values) : text === 'commit' ? written.get(this) : undefined
    if (points !== undefined && when === 'before') die(step, points)
    if (points === undefined || when !== 'after') return Reflect.apply(query, this, args)
    // A pool passes a callback; then there is no promise.
    if (typeof args.at(-1) === 'function')
      return Reflect.apply(
        query,
        this,
        args.with(-1, () => die(step, points)),
      )
    return (Reflect.apply(query, this, args) as Promise<unknown>).then(() => die(step, points))
  }
  pg.Client.prototype.query = watched as typeof query
}

/** Batches pass their rows as one JSON array. */
function rowsIn([first]: unknown[]): number {
  return typeof first === 'string' && first.startsWith('[') ? (JSON.parse(first) as unknown[]).length : 1
}

const freezesForMs = 40

/** Freezes calls before they begin, or after their answers; when no more arrive, kills the process. */
function dieInCalls(ctx: Ctx, step: Step): void {
  let frozen = 0
  let timer: NodeJS.Timeout | undefined
  const freeze = () => {
    frozen++
    clearTimeout(timer)
    timer = setTimeout(() => die(step, frozen), freezesForMs)
    return new Promise<never>(() => {})
  }
  for (const provider of [...ctx.routes.email, ...ctx.routes.sms]) {
    const send = provider.send.bind(provider) as (...args: unknown[]) => ReturnType<typeof provider.send>
    provider.send = async (...args: unknown[]) => {
      if (step === 'call begins') return freeze()
      await send(...args)
      return freeze()
    }
  }
}

/** Processes the batch until nothing is left, and moves the clock forward to whatever is due later. */
async function workLot(order: LotOrder): Promise<void> {
  await using cleanup = new AsyncDisposableStack()
  const config = configOf(order.env)
  const sources = openSources({ vendors: config.sources, apps: [], testApps: [], audienceOf })
  const parts = {
    log: silent,
    print: () => {},
    clock: clockAhead(order),
    tracing: noTracing,
    sources,
    publicUrl: () => 'http://127.0.0.1',
  }
  const connections = await connect(cleanup, config, config.databaseUrl ?? '', silent)
  const ctx = await createContext(cleanup, config, connections, parts)
  if (order.breaks === 'fence') breakFence()
  const work = { plan: makePlan(ctx), deliver: makeDeliver(ctx) }
  const db = new pg.Pool({ connectionString: config.databaseUrl ?? '', max: 1, options: '-c search_path=posthorn' })
  cleanup.defer(() => db.end())
  if (order.dies?.startsWith('call')) dieInCalls(ctx, order.dies)
  else if (order.dies) dieAtCommit(order.dies)

  const accept = makeAccept(ctx)
  const { translate } = sources.named('bench')
  await Promise.all(
    order.events.map(async ({ id, body }) => {
      const raw = Buffer.from(body)
      const translation = await translate(raw)
      const event = { source: 'bench', sourceId: id, raw, translation, reportsFaultsToSender: true }
      if ((await untilAnswered(() => accept(event))).ok) report({ kind: 'acknowledged', id })
    }),
  )
  for (;;) {
    const { rows } = await db.query<{ stage: 'plan' | 'deliver'; id: string; due_at: Date }>(
      `select 'plan' as stage, id, due_at from events where starts_with(source_id, $1) and status = 'accepted'
       union all select 'deliver', n.id, n.due_at from notifications n join events e on e.id = n.event_id
       where starts_with(e.source_id, $1) and n.due_at is not null`,
      [order.prefix],
    )
    if (rows.length === 0) break
    const nowMs = ctx.clock.now().getTime()
    const due = rows.filter((row) => row.due_at.getTime() <= nowMs)
    if (due.length === 0) await moveClock(order, Math.min(...rows.map((row) => row.due_at.getTime())) - nowMs)
    // As with a job, what meets a database that is away or busy is repeated.
    await Promise.all(due.map(({ stage, id }) => untilAnswered(() => work[stage](id))))
  }
}

/** The vendors date messages by the same clock, so they must move theirs first. */
async function moveClock(order: LotOrder, byMs: number): Promise<void> {
  const acknowledged = new Promise((resolve) => process.once('message', resolve))
  report({ kind: 'clock', aheadMs: order.aheadMs + byMs + 1 })
  await acknowledged
  order.aheadMs += byMs + 1
}

process.once('disconnect', () => process.exit(1))
process.once('message', async (order: Order) => {
  if (order.kind === 'service') {
    const running = await start(configOf(order.env), { log: silent, print: () => {}, clock: clockAhead(order) })
    process.once('SIGTERM', async () => {
      await running.stop()
      process.exit(0)
    })
    report({ kind: 'ready' })
    return
  }
  await workLot(order)
  report({ kind: 'done', aheadMs: order.aheadMs })
  // The report is written; only the connection to the parent keeps the process alive.
  await wait(0)
  process.exit(0)
})
