// Benchmark: signed webhooks accepted per second, each answered 200 after its commit, in groups and one by one.
import orderConfirmation from '../src/notifiers/order-confirmation.ts'
import { startChild } from './child.ts'
import type { Database, DatabaseServer } from './database.ts'
import { type CaseResult, figure, percentile, ratio } from './figures.ts'
import { type Sent, send, settings, signed } from './sender.ts'

const connections = 64
const doors = ['inGroups', 'oneByOne'] as const
type Door = (typeof doors)[number]

export async function accepting(server: DatabaseServer, quick: boolean): Promise<CaseResult> {
  const rounds = quick ? 2 : 5
  const counts: Record<Door, number> = quick ? { inGroups: 3000, oneByOne: 1000 } : { inGroups: 12_000, oneByOne: 4000 }
  const database = await server.fresh()
  const service = startChild('doors', { ...settings, DATABASE_URL: database.url })
  try {
    const urls = await service.next<Record<Door, string>>('ready')
    let answered = 0
    const round = async (door: Door, count: number): Promise<Sent> => {
      const sent = await send(urls[door], signed(orderConfirmation, count), connections)
      answered += count
      await assertRows(database, answered)
      return sent
    }
    for (const door of doors) await round(door, 500)
    const results: Record<Door, Sent[]> = { inGroups: [], oneByOne: [] }
    for (let i = 0; i < rounds; i++) for (const door of doors) results[door].push(await round(door, counts[door]))
    const { inGroups, oneByOne } = results
    const perSecond = (of: Sent[]) => of.map((sent) => sent.perSecond)
    const latency = (of: Sent[], share: number) => of.map((sent) => percentile(sent.latenciesMs, share))
    return {
      name: 'Accepting',
      conditions: `Signed app webhooks over ${connections} keep-alive connections; event, body and job committed before the 200; workers off.`,
      figures: [
        figure('in groups', '/s', perSecond(inGroups)),
        figure('in groups, p50', 'ms', latency(inGroups, 0.5)),
        figure('in groups, p99', 'ms', latency(inGroups, 0.99)),
        figure('one transaction a webhook', '/s', perSecond(oneByOne)),
        figure('one transaction a webhook, p50', 'ms', latency(oneByOne, 0.5)),
        figure('one transaction a webhook, p99', 'ms', latency(oneByOne, 0.99)),
        ratio('in groups against one by one', perSecond(inGroups), perSecond(oneByOne)),
      ],
      checks: [
        `after every round (${answered} webhooks in all), as many events, bodies and jobs in Postgres as answers of 200`,
      ],
    }
  } finally {
    await service.stop()
    await database.drop()
  }
}

async function assertRows({ pool }: Database, answered: number): Promise<void> {
  const { rows } = await pool.query<{ events: number; bodies: number; jobs: number }>(
    `select (select count(*)::int from events) as events, (select count(*)::int from event_bodies) as bodies,
       (select count(*)::int from job where name like 'plan-%') as jobs`,
  )
  const [found] = rows
  if (found?.events !== answered || found.bodies !== answered || found.jobs !== answered)
    throw new Error(`${answered} webhooks were answered 200, but Postgres holds ${JSON.stringify(found)}`)
}
