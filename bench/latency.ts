// Benchmark: the latency of a single event from its 200 to the provider's request, with NOTIFY, as in the service, and with
// polling only.
import { setTimeout as wait } from 'node:timers/promises'
import orderAccepted from '../src/notifiers/order-accepted.ts'
import { type Child, startChild } from './child.ts'
import type { Database, DatabaseServer } from './database.ts'
import { type CaseResult, figure, percentile, ratio } from './figures.ts'
import { send, settings, signed } from './sender.ts'

export async function latency(server: DatabaseServer, quick: boolean): Promise<CaseResult> {
  const rounds = quick ? 1 : 3
  const counts = quick ? { woken: 100, polling: 20 } : { woken: 100, polling: 40 }
  await using cleanup = new AsyncDisposableStack()
  const vendors = startChild('vendors', { reportsArrivals: true })
  cleanup.defer(() => vendors.stop())
  const { resend, twilio } = await vendors.next<{ resend: string; twilio: string }>('ready')
  const begin = async (prepare: (database: Database) => Promise<unknown>): Promise<string> => {
    const database = await server.fresh()
    cleanup.defer(() => database.drop())
    await prepare(database)
    const service = startChild('service', {
      ...settings,
      DATABASE_URL: database.url,
      RESEND_BASE_URL: resend,
      TWILIO_BASE_URL: twilio,
    })
    cleanup.defer(() => service.stop())
    return service.next<string>('ready')
  }
  const woken = await begin(async () => {})
  // Without NOTIFY, only the service's regular poll every half second remains.
  const polling = await begin(({ pool }) => pool.query('update queue set notify = false'))

  const results = { woken: [] as number[][], polling: [] as number[][] }
  await measure(woken, vendors, 10)
  await measure(polling, vendors, 3)
  for (let i = 0; i < rounds; i++) {
    results.woken.push(await measure(woken, vendors, counts.woken))
    results.polling.push(await measure(polling, vendors, counts.polling))
  }
  const at = (of: number[][], share: number) => of.map((round) => percentile(round, share))
  return {
    name: 'Idle latency',
    conditions: `One event at a time (an email), from the moment its 200 is read to the provider's request; ${counts.woken} and ${counts.polling} a round.`,
    figures: [
      figure('woken by NOTIFY, p50', 'ms', at(results.woken, 0.5)),
      figure('woken by NOTIFY, p90', 'ms', at(results.woken, 0.9)),
      figure('woken by NOTIFY, p99', 'ms', at(results.woken, 0.99)),
      figure('polling only, p50', 'ms', at(results.polling, 0.5)),
      figure('polling only, p90', 'ms', at(results.polling, 0.9)),
      ratio('polling against woken, p50', at(results.polling, 0.5), at(results.woken, 0.5)),
    ],
    checks: ['every event reached the provider once'],
  }
}

async function measure(url: string, vendors: Child, count: number): Promise<number[]> {
  const before = await counted(vendors)
  const latenciesMs: number[] = []
  for (let i = 0; i < count; i++) {
    const { lastAnswerNs } = await send(url, signed(orderAccepted, 1), 1)
    const arrivedNs = BigInt(await vendors.next<string>('arrival'))
    latenciesMs.push(Number(arrivedNs - lastAnswerNs) / 1e6)
    // Spread over the half second between two polls, so that no phase of it is favoured.
    await wait(30 + ((i * 137) % 500))
  }
  const requests = (await counted(vendors)) - before
  if (requests !== count) throw new Error(`${count} events made ${requests} requests`)
  return latenciesMs
}

function counted(vendors: Child): Promise<number> {
  vendors.emit('count')
  return vendors.next<number>('counted')
}
