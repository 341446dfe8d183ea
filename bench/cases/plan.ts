// Planning: single events that were accepted while the worker was suspended become notifications with their messages.
import orderConfirmation from '../../src/notifiers/order-confirmation.ts'
import { contest } from '../contest.ts'
import { costEach, startMeter } from '../cost.ts'
import { type CaseResult, measure } from '../figures.ts'
import { builds, type Options, sized } from '../options.ts'
import { nowMs, send, signed } from '../sender.ts'
import type { Build } from '../service.ts'
import { openStage, plannedEvents, until } from '../stage.ts'
import { rendererCeiling, rowsCeiling } from './ceilings.ts'
import { ratios } from './ratios.ts'

const warmUp = 100
/** So far ahead that nothing is delivered. */
const sendAt = '2099-01-01T00:00:00Z'

export async function plan(options: Options): Promise<CaseResult> {
  await using ceilings = new AsyncDisposableStack()
  const count = sized(options, { quick: 500, usual: 1500 })
  const run = async (build: Build) => {
    await using cleanup = new AsyncDisposableStack()
    const stage = await openStage(cleanup, options, { build })
    const { api, worker, database } = stage
    await send([api.url], signed(orderConfirmation, warmUp, { sendAt }), 64)
    await until(async () => (await plannedEvents(database)) >= warmUp)
    worker.freeze()
    await send([api.url], signed(orderConfirmation, count, { sendAt }), 64)
    const meter = await startMeter(options, database, { worker })
    const startMs = nowMs()
    worker.thaw()
    await until(async () => (await plannedEvents(database)) >= warmUp + count, 20)
    const endMs = nowMs()
    const cost = await meter.stop()
    return [measure('events', '/s', count / ((endMs - startMs) / 1000)), ...costEach(cost, count, 'an event')]
  }
  const contenders = [
    ...builds(options).map(({ build, ...one }) => ({ ...one, run: () => run(build) })),
    await rendererCeiling(count)(ceilings),
    await rowsCeiling(ceilings, options, 'email', count),
  ]
  const results = await contest(contenders, options.rounds, options.report)
  for (const one of results) for (const figure of one.figures) if (figure.name === 'messages') figure.name = 'events'
  return {
    name: 'plan',
    conditions: `${count} order confirmations (an email and a text each, for a day far ahead) wait while the worker is suspended; from when it goes on until all are planned.`,
    contenders: results,
    ratios: ratios(results, 'events', {
      'our renderer alone': undefined,
      'rows in batches': undefined,
      'other build': undefined,
    }),
    skipped: [],
  }
}
