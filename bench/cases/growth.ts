// Growth: accepting, delivering and every list of the API with one filter, in a small database and in a large one.
import orderConfirmation from '../../src/notifiers/order-confirmation.ts'
import { contest } from '../contest.ts'
import type { Database } from '../database.ts'
import { type CaseResult, type Measure, measure, percentile } from '../figures.ts'
import { builds, type Options, sized } from '../options.ts'
import { fill, idsIn, rowsAbout, type TemplateRow } from '../rows.ts'
import { api, isAnswered, nowMs, sampleEvent, send, sendAtRate, signed } from '../sender.ts'
import type { Build } from '../service.ts'
import { allDelivered, openStage, type Stage } from '../stage.ts'
import { ratios } from './ratios.ts'

const small = 10_000
const perEvent = 2
const perStatement = 5000
/** The notifications stand for two months of history. */
const historyMs = 60 * 24 * 3600 * 1000
const pagesDeep = 10
const asks = 5
/** People and scripts that ask for lists without a pause, and the rate of webhooks meanwhile. */
const readers = 24
const webhooksPerSecond = 20
/** Retention has removed the bodies. */
const bodies = ['messages', 'event_bodies']

export async function growth(options: Options): Promise<CaseResult> {
  await using cleanup = new AsyncDisposableStack()
  const large = sized(options, { quick: 50_000, usual: 1_000_000, long: 10_000_000 })
  const contenders = []
  for (const { build, name, kind } of builds(options))
    for (const size of [large, small]) {
      const filled = await openFilled(cleanup, options, build, size)
      contenders.push({ name: `${name}, ${size}`, kind, run: () => run(options, filled) })
    }
  const results = await contest(contenders, options.rounds, options.report)
  const [first] = results
  const names = first?.figures.map((figure) => figure.name) ?? []
  const goals = (name: string) => (/^(accepted|delivered)$/.test(name) ? 0.8 : undefined)
  return {
    name: 'growth',
    conditions: `Databases of ${large} and of ${small} notifications, most of them copies by SQL of delivered ones, without bodies. Lists: the median of ${asks} calls, the first page and the one ${pagesDeep} pages deep. Beside ${readers} readers, each of which asks for one list after another: the 99th percentile of ${webhooksPerSecond} webhooks a second, of which a refused one ends the run, and the share of the lists that were answered.`,
    contenders: results,
    ratios: names.flatMap((name) => ratios(results, name, { [`ours, ${small}`]: goals(name) }, `ours, ${large}`)),
    skipped: [],
  }
}

interface Filled {
  stage: Stage
  /** Queries by their names. */
  lists: Record<string, string>
}

async function openFilled(
  cleanup: AsyncDisposableStack,
  options: Options,
  build: Build,
  size: number,
): Promise<Filled> {
  const stage = await openStage(cleanup, options, { build })
  const { pool } = stage.database
  const { id } = await deliverOne(stage)
  const { rows, ids } = await treeOf(stage.database, id)
  const copies = size / perEvent
  for (let from = 1; from < copies; from += perStatement) {
    await fill(pool, rows, ids, { from, until: Math.min(from + perStatement, copies), apartMs: historyMs / copies })
    if (from % (perStatement * 40) === 1) options.report(`${from * perEvent} of ${size} notifications`)
  }
  await pool.query('vacuum /* bench */ analyze')
  return { stage, lists: await listsOf(stage) }
}

async function deliverOne(stage: Stage): Promise<{ id: string }> {
  const event = { ...sampleEvent(orderConfirmation, crypto.randomUUID()), id: crypto.randomUUID() }
  const accepted = await api<{ id: string }>(stage.api.url, 'POST', '/v1/events', event)
  await allDelivered(stage, perEvent)
  await stage.vendors.reset()
  return accepted
}

/** The rows of an event and of its notifications, without bodies and without jobs, which are gone after a while. */
async function treeOf({ pool }: Database, eventId: string): Promise<{ rows: TemplateRow[]; ids: string[] }> {
  const ofEvent = await rowsAbout(pool, eventId)
  const notifications = ofEvent.filter(({ table }) => table === 'notification_details')
  const ofNotifications: TemplateRow[] = []
  for (const { row } of notifications)
    ofNotifications.push(...(await rowsAbout(pool, (JSON.parse(row) as { id: string }).id)))
  const all = new Map([...ofEvent, ...ofNotifications].map((one) => [`${one.table} ${one.row}`, one]))
  const rows = [...all.values()].filter(({ schema, table }) => schema === 'posthorn' && !bodies.includes(table))
  return { rows, ids: idsIn(rows, []) }
}

interface Listed {
  data: Record<string, unknown>[]
  nextCursor: string | null
}

/** One list for each filter, by a value that a row has. */
async function listsOf({ api: { url } }: Stage): Promise<Record<string, string>> {
  const { data: notifications } = await api<Listed>(url, 'GET', '/v1/notifications?limit=1')
  const { data: events } = await api<Listed>(url, 'GET', '/v1/events?limit=1')
  const of = (row: Record<string, unknown> | undefined, key: string) => encodeURIComponent(String(row?.[key] ?? ''))
  const [notification] = notifications
  const [event] = events
  const filters = ['reference', 'notifier', 'channel', 'state', 'provider', 'source']
  const recent = encodeURIComponent(new Date(String(notification?.createdAt)).toISOString())
  return {
    notifications: '/v1/notifications?',
    ...Object.fromEntries(
      filters.map((key) => [`notifications by ${key}`, `/v1/notifications?${key}=${of(notification, key)}`]),
    ),
    'notifications by recipient': `/v1/notifications?recipient=${of(notification, 'recipientId')}`,
    'notifications by event type': `/v1/notifications?event_type=${of(notification, 'eventType')}`,
    'notifications by until': `/v1/notifications?until=${recent}`,
    events: '/v1/events?',
    ...Object.fromEntries(
      ['type', 'source', 'status', 'reference'].map((key) => [
        `events by ${key}`,
        `/v1/events?${key}=${of(event, key)}`,
      ]),
    ),
  }
}

async function run(options: Options, { stage, lists }: Filled): Promise<Measure[]> {
  const count = sized(options, { quick: 300, usual: 1000 })
  const { api: service, vendors, database } = stage
  const before = await accepted(database)
  await vendors.reset()
  const startMs = nowMs()
  const { perSecond } = await send([service.url], signed(orderConfirmation, count), 64)
  await allDelivered(stage, count * perEvent, before)
  const delivered = (count * perEvent) / ((nowMs() - startMs) / 1000)
  const measures = [measure('accepted', '/s', perSecond), measure('delivered', '/s', delivered)]
  for (const [name, query] of Object.entries(lists)) {
    const deep = await deepQuery(service.url, query)
    measures.push(measure(name, 'ms', await askedMs(service.url, query)))
    if (deep) measures.push(measure(`${name}, deep`, 'ms', await askedMs(service.url, deep)))
  }
  return [...measures, ...(await besideReaders(options, service.url, Object.values(lists)))]
}

async function besideReaders(options: Options, url: string, queries: string[]): Promise<Measure[]> {
  const webhooks = signed(orderConfirmation, webhooksPerSecond * sized(options, { quick: 5, usual: 20 }))
  const asked: boolean[] = []
  let isOver = false
  const reading = Array.from({ length: readers }, async (_, reader) => {
    for (let turn = reader; !isOver; turn++) asked.push(await isAnswered(url, queries[turn % queries.length] ?? ''))
  })
  const latenciesMs = await sendAtRate(url, webhooks, webhooksPerSecond)
  isOver = true
  await Promise.all(reading)
  return [
    measure('webhooks beside readers, p99', 'ms', percentile(latenciesMs, 0.99)),
    measure('lists answered', '%', (100 * asked.filter(Boolean).length) / asked.length),
  ]
}

async function accepted({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select /* bench */ count(*)::int as count from attempts where outcome = 'accepted'`,
  )
  return rows[0]?.count ?? 0
}

async function deepQuery(url: string, query: string): Promise<string | null> {
  let deep = query
  for (let page = 0; page < pagesDeep; page++) {
    const { nextCursor } = await api<Listed>(url, 'GET', `${deep}&limit=200`)
    if (nextCursor === null) return null
    deep = `${query}&cursor=${encodeURIComponent(nextCursor)}`
  }
  return deep
}

async function askedMs(url: string, query: string): Promise<number> {
  const took: number[] = []
  for (let i = 0; i < asks; i++) {
    const startMs = nowMs()
    await api(url, 'GET', query)
    took.push(nowMs() - startMs)
  }
  return percentile(took, 0.5)
}
