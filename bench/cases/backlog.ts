// Backlog: how fast a worker delivers when few texts are queued, and when very many are.
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../src/clock.ts'
import { contest } from '../contest.ts'
import { costEach, startMeter } from '../cost.ts'
import { type CaseResult, measure } from '../figures.ts'
import { builds, type Options, sized } from '../options.ts'
import { queueTexts } from '../queued.ts'
import { nowMs } from '../sender.ts'
import type { Build } from '../service.ts'
import { until } from '../stage.ts'
import { openWarmStage } from './deliver.ts'
import { ratios } from './ratios.ts'
import { textOf } from './samples.ts'

export async function backlog(options: Options): Promise<CaseResult> {
  const measured = sized(options, { quick: 700, usual: 2000 })
  const few = measured + 300
  const many = sized(options, { quick: 10_000, usual: 100_000, long: 1_000_000 })
  const run = async (build: Build, queued: number) => {
    await using cleanup = new AsyncDisposableStack()
    const stage = await openWarmStage(cleanup, options, build, textOf)
    const { vendors, worker, database } = stage
    await vendors.reset()
    const { dueMs } = await queueTexts(stage, queued)
    await wait(Math.max(0, dueMs - systemClock.now().getTime()))
    const requests = async () => (await vendors.counted()).requests
    worker.thaw()
    await until(async () => (await requests()) >= 200, 2)
    const meter = await startMeter(options, database, { worker })
    const startMs = nowMs()
    const before = await requests()
    await until(async () => (await requests()) >= before + measured - 100, 2)
    const endMs = nowMs()
    const count = (await requests()) - before
    const cost = await meter.stop()
    return [measure('messages', '/s', count / ((endMs - startMs) / 1000)), ...costEach(cost, count, 'a message')]
  }
  const contenders = builds(options).flatMap(({ build, name, kind }) => [
    { name: `${name}, ${many} queued`, kind, run: () => run(build, many) },
    { name: `${name}, ${few} queued`, kind, run: () => run(build, few) },
  ])
  const results = await contest(contenders, options.rounds, options.report)
  return {
    name: 'backlog',
    conditions: `Texts that became due while the worker was suspended; ${measured - 100} of them, after the first 200. Most are copies by SQL of one that was planned.`,
    contenders: results,
    ratios: ratios(results, 'messages', { [`ours, ${few} queued`]: 0.8 }, `ours, ${many} queued`),
    skipped: [],
  }
}
