// Accepting: signed webhooks answered after their commit, by one process and by four, beside plain pg behind the same kind of
// HTTP server.
import orderConfirmation from '../../src/notifiers/order-confirmation.ts'
import { startChild } from '../child.ts'
import type { Door, DoorsSettings } from '../child-doors.ts'
import type { RowsSettings } from '../child-rows.ts'
import { type Contender, contest } from '../contest.ts'
import { costEach, startMeter } from '../cost.ts'
import type { Database } from '../database.ts'
import { type CaseResult, type Measure, measure, percentile } from '../figures.ts'
import { builds, type Options, sized } from '../options.ts'
import { createLike, idsIn, rowsAbout, type TemplateRow } from '../rows.ts'
import { api, sampleEvent, send, sendAtRate, settings, signed } from '../sender.ts'
import { type Build, type Service, startService } from '../service.ts'
import { childCeiling } from './ceilings.ts'
import { ratios } from './ratios.ts'

const connections = 256
const manyProcesses = 4
const warmUp = 500
const sendAt = '2099-01-01T00:00:00Z'

export async function accept(options: Options): Promise<CaseResult> {
  await using cleanup = new AsyncDisposableStack()
  const count = sized(options, { quick: 3000, usual: 12_000 })
  const doors = await openDoors(cleanup, options, count)
  const contenders: Contender[] = [
    ...(await ownContenders(cleanup, options, count)),
    doorContender('the same HTTP server, no database', doors.nothing, count),
    doorContender('plain pg in batches behind it', doors.batches, count),
    doorContender('plain pg, one transaction an event', doors.single, Math.ceil(count / 4)),
    doors.alone,
  ]
  const results = await contest(contenders, options.rounds, options.report)
  return {
    name: 'accept',
    conditions: `Signed app webhooks over ${connections} keep-alive connections, each answered 200 after its event, body and job are committed; no worker runs. At half the rate: sent at a steady half of the run's rate, each timed from when it was due.`,
    contenders: results,
    ratios: [
      ...ratios(results, 'events', {
        'the same HTTP server, no database': undefined,
        'plain pg in batches behind it': 0.7,
        'plain pg, one transaction an event': 4,
        'plain pg in batches': undefined,
        'other build': undefined,
      }),
      ...ratios(results, 'events', { ours: undefined }, `ours, ${manyProcesses} processes`),
    ],
    skipped: [],
  }
}

async function ownContenders(cleanup: AsyncDisposableStack, options: Options, count: number): Promise<Contender[]> {
  const contenders: Contender[] = []
  for (const { build, ...one } of builds(options)) {
    const { database, services } = await openApis(cleanup, options, build, 1)
    contenders.push({ ...one, run: () => run(options, database, services, count) })
  }
  const { database, services } = await openApis(cleanup, options, options.ours, manyProcesses)
  contenders.push({
    name: `ours, ${manyProcesses} processes`,
    kind: 'ours',
    run: () => run(options, database, services, count),
  })
  return contenders
}

async function openApis(cleanup: AsyncDisposableStack, { server }: Options, build: Build, processes: number) {
  const database = await server.fresh()
  cleanup.defer(() => database.drop())
  const services: Service[] = []
  for (let i = 0; i < processes; i++) {
    const service = await startService(build, 'api', { ...settings, DATABASE_URL: database.url })
    cleanup.defer(() => service.stop())
    services.push(service)
  }
  await send(urlsOf(services), signed(orderConfirmation, warmUp), connections)
  return { database, services }
}

const urlsOf = (services: Service[]) => services.map(({ url }) => url)

async function run(options: Options, database: Database, services: Service[], count: number): Promise<Measure[]> {
  const events = async () =>
    (await database.pool.query<{ count: number }>('select /* bench */ count(*)::int as count from events')).rows[0]
      ?.count ?? 0
  const before = await events()
  const webhooks = signed(orderConfirmation, count)
  const processes = Object.fromEntries(
    services.map((service, i) => [services.length > 1 ? `process ${i + 1}` : 'process', service]),
  )
  const meter = await startMeter(options, database, processes)
  const { perSecond, latenciesMs } = await send(urlsOf(services), webhooks, connections)
  const cost = await meter.stop()
  const stored = (await events()) - before
  if (stored !== count) throw new Error(`${count} webhooks were answered 200, and ${stored} events are stored`)
  const [first] = services
  const half =
    first && services.length === 1
      ? await sendAtRate(first.url, signed(orderConfirmation, Math.ceil(count / 4)), perSecond / 2)
      : null
  return [
    measure('events', '/s', perSecond),
    ...latency('', latenciesMs),
    ...(half ? latency(' at half the rate', half) : []),
    ...costEach(cost, count, 'an event'),
  ]
}

function latency(when: string, latenciesMs: number[]): Measure[] {
  return [
    measure(`p50${when}`, 'ms', percentile(latenciesMs, 0.5)),
    measure(`p99${when}`, 'ms', percentile(latenciesMs, 0.99)),
  ]
}

function doorContender(name: string, url: string, count: number): Contender {
  return {
    name,
    kind: 'ceiling',
    async run() {
      const { perSecond, latenciesMs } = await send([url], signed(orderConfirmation, count), connections)
      return [measure('events', '/s', perSecond), ...latency('', latenciesMs)]
    },
  }
}

/** The rows of one event, as our build leaves them, and processes that commit copies of them. */
async function openDoors(cleanup: AsyncDisposableStack, options: Options, count: number) {
  const database = await options.server.fresh()
  cleanup.defer(() => database.drop())
  const { rows, ids } = await rowsOfAnEvent(options, database)
  const settings = { url: database.url, rows, ids } satisfies DoorsSettings
  const process_ = startChild('doors', settings)
  cleanup.defer(() => process_.stop())
  const urls = await process_.next<Record<Door, string>>('ready')
  const other = await options.server.fresh()
  cleanup.defer(() => other.drop())
  const again = await rowsOfAnEvent(options, other)
  const alone = { url: other.url, ...again, count, batch: 200, connections: 2 } satisfies RowsSettings
  const { run, ...rest } = await childCeiling('plain pg in batches', 'rows', alone)(cleanup)
  const renamed = async () => (await run()).map((one) => ({ ...one, name: 'events' }))
  for (const url of Object.values(urls)) await send([url], signed(orderConfirmation, warmUp), connections)
  return { ...urls, alone: { ...rest, run: renamed } }
}

async function rowsOfAnEvent(options: Options, database: Database): Promise<{ rows: TemplateRow[]; ids: string[] }> {
  const service = await startService({ ...options.ours, isProfiled: false }, 'api', {
    ...settings,
    DATABASE_URL: database.url,
  })
  try {
    const event = { ...sampleEvent(orderConfirmation, crypto.randomUUID()), id: crypto.randomUUID(), sendAt }
    const { id } = await api<{ id: string }>(service.url, 'POST', '/v1/events', event)
    const rows = await rowsAbout(database.pool, id)
    await createLike(database.pool, rows)
    return { rows, ids: idsIn(rows, []) }
  } finally {
    await service.stop()
  }
}
