// Idle latency: one event at a time, from its 200 to the provider's request.
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import orderAccepted from '../../src/notifiers/order-accepted.ts'
import { startChild } from '../child.ts'
import type { ListenerSettings } from '../child-listener.ts'
import { type Contender, contest } from '../contest.ts'
import { type CaseResult, type Measure, measure, percentile } from '../figures.ts'
import { builds, type Options, sized } from '../options.ts'
import { nowMs, send, signed } from '../sender.ts'
import { openStage, openVendors, type Vendors } from '../stage.ts'
import { ratios } from './ratios.ts'

const warmUp = 20

export async function latency(options: Options): Promise<CaseResult> {
  await using cleanup = new AsyncDisposableStack()
  const count = sized(options, { quick: 30, usual: 100 })
  const contenders: Contender[] = []
  const add = async (
    name: string,
    kind: 'ours' | 'other' | 'ceiling',
    one: () => Promise<number>,
    vendors: Vendors,
  ) => {
    await measured(warmUp, one, vendors)
    contenders.push({ name, kind, run: () => measured(count, one, vendors) })
  }
  for (const { name, kind, build } of builds(options))
    for (const [shape, workers] of Object.entries({ '': 0, ', worker apart': 1 })) {
      const { api, vendors } = await openStage(cleanup, options, { build, workers, reports: '' })
      const one = async () => (await send([api.url], signed(orderAccepted, 1), 1)).lastAnswerMs
      await add(`${name}${shape}`, kind, one, vendors)
    }
  const { one, vendors } = await openListener(cleanup, options)
  await add('NOTIFY and post', 'ceiling', one, vendors)
  const results = await contest(contenders, options.rounds, options.report)
  return {
    name: 'latency',
    conditions: `One event at a time (an email), ${count} a run at uneven distances, from the moment its 200 is read to the provider's request. The ceiling commits a row and a NOTIFY, and a process that listens posts.`,
    contenders: results,
    ratios: ratios(results, 'p50', { 'NOTIFY and post': undefined, 'other build': undefined }),
    skipped: [],
  }
}

async function measured(count: number, one: () => Promise<number>, vendors: Vendors): Promise<Measure[]> {
  await vendors.reset()
  const latenciesMs: number[] = []
  for (let i = 0; i < count; i++) {
    const answeredMs = await one()
    latenciesMs.push((await vendors.arrival()) - answeredMs)
    // Spread over the half second between two polls, so that no phase of it is favoured.
    await wait(30 + ((i * 137) % 500))
  }
  const { requests } = await vendors.counted()
  if (requests !== count) throw new Error(`${count} events made ${requests} requests`)
  return [0.5, 0.9, 0.99].map((share) => measure(`p${share * 100}`, 'ms', percentile(latenciesMs, share)))
}

/** What remains where nothing is planned, rendered or audited. */
async function openListener(cleanup: AsyncDisposableStack, { server }: Options) {
  const vendors = await openVendors(cleanup, { reports: '' })
  const database = await server.fresh()
  cleanup.defer(() => database.drop())
  const settings = { url: database.url, to: vendors.urls.resend } satisfies ListenerSettings
  const listener = startChild('listener', settings)
  cleanup.defer(() => listener.stop())
  await listener.next('ready')
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  cleanup.defer(() => client.end())
  const one = async () => {
    await client.query(`begin; insert into told values (1); notify told; commit`)
    return nowMs()
  }
  return { one, vendors }
}
