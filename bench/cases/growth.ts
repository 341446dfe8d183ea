// Growth: accepting, delivering, every list of the API with one filter, and pages of the dashboard, in a small database and in a large one.
import orderConfirmation from '../../src/notifiers/order-confirmation.ts'
import { contest } from '../contest.ts'
import type { Database } from '../database.ts'
import { type CaseResult, type Measure, measure, percentile } from '../figures.ts'
import { builds, type Options, type OwnContender, sized } from '../options.ts'
import { fill, idsIn, rowsAbout, type TemplateRow } from '../rows.ts'
import { api, isAnswered, nowMs, openPage, sampleEvent, send, sendAtRate, signed, signIn } from '../sender.ts'
import { allDelivered, latestAttempt, openStage, type Stage } from '../stage.ts'
import { type Listed, listsOf, pagesOf } from './growth-asks.ts'
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
  for (const own of builds(options))
    for (const size of [large, small]) {
      const filled = await openFilled(cleanup, options, own, size)
      contenders.push({ name: `${own.name}, ${size}`, kind: own.kind, run: () => run(options, filled) })
    }
  const results = await contest(contenders, options.rounds, options.report)
  const [first] = results
  const names = first?.figures.map((figure) => figure.name) ?? []
  const goals = (name: string) => (/^(accepted|delivered)$/.test(name) ? 0.8 : undefined)
  return {
    name: 'growth',
    conditions: `Databases of ${large} and of ${small} notifications, most of them copies by SQL of delivered ones, without bodies. Lists and pages: the median of ${asks} calls; of lists the first page and the one ${pagesDeep} pages deep. Beside ${readers} readers, each of which asks for one list after another: the 99th percentile of ${webhooksPerSecond} webhooks a second, of which a refused one ends the run, and the share of the lists that were answered.`,
    contenders: results,
    ratios: names.flatMap((name) => ratios(results, name, { [`ours, ${small}`]: goals(name) }, `ours, ${large}`)),
    skipped: [],
  }
}

interface Filled {
  stage: Stage
  /** Queries of the API by their names. */
  lists: Record<string, string>
  /** Pages of the dashboard by their names. */
  pages: Record<string, string>
}

async function openFilled(
  cleanup: AsyncDisposableStack,
  options: Options,
  { build, kind }: OwnContender,
  size: number,
): Promise<Filled> {
  const { server } = options
  const kept = server.canKeep ? await server.kept(`posthorn_bench_growth_${kind}_${size}`) : null
  const stage = await openStage(cleanup, options, { build, ...(kept && { database: kept }) })
  if (!kept?.isFilled) {
    const { id } = await deliverOne(stage)
    await fillWith(stage, id, size, options.report)
    await kept?.filled()
  }
  return { stage, lists: await listsOf(stage), pages: await pagesOf(stage) }
}

/** Fills the database with copies of an event's rows. */
async function fillWith({ database }: Stage, id: string, size: number, report: Options['report']): Promise<void> {
  const { pool } = database
  const { rows, ids } = await treeOf(database, id)
  const copies = size / perEvent
  // The oldest first.
  for (let until = copies; until > 1; until -= perStatement) {
    await fill(pool, rows, ids, { from: Math.max(until - perStatement, 1), until, apartMs: historyMs / copies })
    if ((copies - until) % (perStatement * 40) === 0) report(`${(copies - until) * perEvent} of ${size} notifications`)
  }
  await pool.query('vacuum /* bench */ analyze')
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

async function run(options: Options, { stage, lists, pages }: Filled): Promise<Measure[]> {
  const count = sized(options, { quick: 300, usual: 1000 })
  const { api: service, vendors, database } = stage
  const after = await latestAttempt(database)
  await vendors.reset()
  const startMs = nowMs()
  const { perSecond } = await send([service.url], signed(orderConfirmation, count), 64)
  await allDelivered(stage, count * perEvent, { after })
  const delivered = (count * perEvent) / ((nowMs() - startMs) / 1000)
  const measures = [measure('accepted', '/s', perSecond), measure('delivered', '/s', delivered)]
  for (const [name, query] of Object.entries(lists)) {
    const deep = await deepQuery(service.url, query)
    measures.push(measure(name, 'ms', await tookMs(() => api(service.url, 'GET', query))))
    if (deep) measures.push(measure(`${name}, deep`, 'ms', await tookMs(() => api(service.url, 'GET', deep))))
  }
  const cookie = await signIn(service.url)
  for (const [name, page] of Object.entries(pages))
    measures.push(measure(`dashboard: ${name}`, 'ms', await tookMs(() => openPage(service.url, page, cookie))))
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

async function deepQuery(url: string, query: string): Promise<string | null> {
  let deep = query
  for (let page = 0; page < pagesDeep; page++) {
    const { nextCursor } = await api<Listed>(url, 'GET', `${deep}&limit=200`)
    if (nextCursor === null) return null
    deep = `${query}&cursor=${encodeURIComponent(nextCursor)}`
  }
  return deep
}

async function tookMs(ask: () => Promise<unknown>): Promise<number> {
  const took: number[] = []
  for (let i = 0; i < asks; i++) {
    const startMs = nowMs()
    await ask()
    took.push(nowMs() - startMs)
  }
  return percentile(took, 0.5)
}
