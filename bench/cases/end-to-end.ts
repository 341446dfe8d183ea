// End to end: single events, an email and a text each, are posted as fast as they are answered while workers deliver.
import orderConfirmation from '../../src/notifiers/order-confirmation.ts'
import { contest } from '../contest.ts'
import { costEach, startMeter } from '../cost.ts'
import { type CaseResult, measure } from '../figures.ts'
import { builds, type Options, sized } from '../options.ts'
import { nowMs, send, signed } from '../sender.ts'
import type { Build } from '../service.ts'
import { allDelivered, openStage } from '../stage.ts'
import { postingCeiling, rendererCeiling, rowsCeiling } from './ceilings.ts'
import { ratios } from './ratios.ts'

const warmUp = 100
const perEvent = 2
/** How the service is spread over processes: 0 workers is one process for everything. */
const shapes = { 'ours, one process': 0, 'ours, two workers': 2 }

export async function endToEnd(options: Options): Promise<CaseResult> {
  await using ceilings = new AsyncDisposableStack()
  const count = sized(options, { quick: 300, usual: 1000 })
  const run = async (build: Build, workers: number) => {
    await using cleanup = new AsyncDisposableStack()
    const stage = await openStage(cleanup, options, { build, workers })
    const { api, database, vendors } = stage
    await send([api.url], signed(orderConfirmation, warmUp), 64)
    await allDelivered(stage, warmUp * perEvent)
    await vendors.reset()
    const webhooks = signed(orderConfirmation, count)
    const processes = Object.fromEntries(
      stage.workers.map((worker, i) => [workers > 1 ? `worker ${i + 1}` : 'worker', worker]),
    )
    const meter = await startMeter(options, database, { ...processes, ...(workers > 0 && { api }) })
    const startMs = nowMs()
    await send([api.url], webhooks, 64)
    await allDelivered(stage, count * perEvent, { before: warmUp * perEvent })
    const endMs = nowMs()
    const cost = await meter.stop()
    const messages = count * perEvent
    return [measure('messages', '/s', messages / ((endMs - startMs) / 1000)), ...costEach(cost, messages, 'a message')]
  }
  const contenders = [
    ...builds(options).map(({ build, ...one }) => ({ ...one, run: () => run(build, 1) })),
    ...Object.entries(shapes).map(([name, workers]) => ({
      ...{ name, kind: 'ours' as const },
      run: () => run(options.ours, workers),
    })),
    await rendererCeiling(count)(ceilings),
    await postingCeiling(ceilings, 'email', count),
    await rowsCeiling(ceilings, options, 'email', count),
  ]
  const results = await contest(contenders, options.rounds, options.report)
  return {
    name: 'end-to-end',
    conditions: `${count} order confirmations, an email and a text each, posted over 64 connections while one worker beside the API plans and delivers; from the first post to the last closed attempt.`,
    contenders: results,
    ratios: [
      ...ratios(results, 'messages', {
        'our renderer alone': undefined,
        'posting alone': undefined,
        'rows in batches': undefined,
        'other build': 3,
      }),
      ...ratios(results, 'messages', { ours: 1 }, 'ours, two workers'),
    ],
    skipped: [],
  }
}
