// Mixed priorities: how long urgent emails take while a worker delivers many bulk emails.
import { setTimeout as wait } from 'node:timers/promises'
import newContent from '../../src/notifiers/new-content.ts'
import outForDelivery from '../../src/notifiers/order-out-for-delivery.ts'
import { contest } from '../contest.ts'
import { type CaseResult, measure, percentile } from '../figures.ts'
import { builds, type Options, sized } from '../options.ts'
import { nowMs, sampleEvent, send, signed } from '../sender.ts'
import type { Build } from '../service.ts'
import { openStage, postList, until } from '../stage.ts'
import { ratios } from './ratios.ts'

const perEvent = 10_000
const urgentEveryMs = 100

export async function mixed(options: Options): Promise<CaseResult> {
  const bulk = sized(options, { quick: 3000, usual: 20_000, long: 100_000 })
  const urgent = sized(options, { quick: 20, usual: 100 })
  const run = async (build: Build, queued: number) => {
    await using cleanup = new AsyncDisposableStack()
    const stage = await openStage(cleanup, options, { build, reports: 'out for delivery' })
    const { api, vendors } = stage
    const { type, data } = sampleEvent(newContent, '')
    const event = { type: type ?? '', data, channels: ['email'] }
    for (let left = queued; left > 0; left -= perEvent) await postList(stage, Math.min(left, perEvent), event)
    if (queued > 0) await until(async () => (await vendors.counted()).requests > 100)
    const startMs = nowMs()
    const before = (await vendors.counted()).requests
    const latenciesMs: number[] = []
    const arrivals: Promise<void>[] = []
    for (let i = 0; i < urgent; i++) {
      const { lastAnswerMs } = await send([api.url], signed(outForDelivery, 1, { channels: ['email'] }), 1)
      // One at a time, so that an arrival belongs to the event before it.
      arrivals.push(vendors.arrival().then((at) => void latenciesMs.push(at - lastAnswerMs)))
      await arrivals.at(-1)
      await wait(urgentEveryMs)
    }
    const { requests } = await vendors.counted()
    const perSecond = (requests - before - urgent) / ((nowMs() - startMs) / 1000)
    if (queued > 0 && requests >= queued + urgent) throw new Error('the bulk ended before the urgent events did')
    return [
      measure('p50', 'ms', percentile(latenciesMs, 0.5)),
      measure('p99', 'ms', percentile(latenciesMs, 0.99)),
      measure('bulk meanwhile', '/s', perSecond),
    ]
  }
  const contenders = builds(options).flatMap(({ build, name, kind }) => [
    { name, kind, run: () => run(build, bulk) },
    { name: `${name}, no bulk`, kind, run: () => run(build, 0) },
  ])
  const results = await contest(contenders, options.rounds, options.report)
  return {
    name: 'mixed',
    conditions: `${bulk} bulk emails are being planned and delivered while an urgent one is posted about every ${urgentEveryMs} ms; from its 200 to the provider's request.`,
    contenders: results,
    ratios: ratios(results, 'p99', { 'ours, no bulk': undefined, 'other build': undefined }),
    skipped: [],
  }
}
