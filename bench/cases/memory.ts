// Memory: what a worker holds at full load, whether it grows, and what one event of ten thousand recipients adds.
import { contest } from '../contest.ts'
import { type CaseResult, type Measure, measure } from '../figures.ts'
import { builds, type Options, sized } from '../options.ts'
import { residentMiB } from '../proc.ts'
import { nowMs } from '../sender.ts'
import type { Build } from '../service.ts'
import { openStage, postList, until } from '../stage.ts'
import { ratios } from './ratios.ts'
import { tenItems } from './samples.ts'

const perEvent = 500
const largest = 10_000
const everyMs = 250

export async function memory(options: Options): Promise<CaseResult> {
  const seconds = sized(options, { quick: 8, usual: 60, long: 600 })
  const contenders = builds(options).map(({ build, ...one }) => ({ ...one, run: () => run(options, build, seconds) }))
  const results = await contest(
    contenders,
    Math.min(options.rounds, sized(options, { quick: 1, usual: 3 })),
    options.report,
  )
  const ours = results.find(({ name }) => name === 'ours')
  return {
    name: 'memory',
    conditions: `Resident memory of one worker, every ${everyMs} ms, while it plans and delivers emails of ten items without a pause for ${seconds} s; then while it plans one event of ${largest} recipients.`,
    contenders: results,
    ratios: ratios(results, 'highest at full load', { 'other build': undefined }),
    skipped: ours ? [] : ['no figures'],
  }
}

async function run(options: Options, build: Build, seconds: number): Promise<Measure[]> {
  await using cleanup = new AsyncDisposableStack()
  const stage = await openStage(cleanup, options, { build })
  const { worker, vendors } = stage
  const idle = residentMiB(worker.pid)
  const load = sampling(worker.pid)
  const endMs = nowMs() + seconds * 1000
  let posted = 0
  while (nowMs() < endMs) {
    await postList(stage, perEvent, tenItems)
    posted += perEvent
    // One event is always waiting.
    await until(async () => (await vendors.counted()).requests >= posted - perEvent)
  }
  await until(async () => (await vendors.counted()).requests >= posted)
  const atLoad = load.stop()
  const single = sampling(worker.pid)
  await postList(stage, largest, { ...tenItems, each: (i) => ({ ...tenItems.each(i), note: 'x'.repeat(800) }) })
  await until(async () => (await vendors.counted()).requests >= posted + largest, 100)
  const withLargest = single.stop()
  const third = Math.floor(atLoad.length / 3)
  const highest = Math.max(...atLoad)
  return [
    measure('highest at full load', 'MiB', highest),
    measure('idle', 'MiB', idle),
    measure(
      'last third of the load against the one before',
      'x',
      mean(atLoad.slice(-third)) / mean(atLoad.slice(third, -third)),
    ),
    measure('highest with the large event', 'MiB', Math.max(...withLargest)),
    measure('large event against full load', 'x', Math.max(...withLargest) / highest),
    measure('messages', '/s', posted / seconds),
  ]
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function sampling(pid: number): { stop(): number[] } {
  const found: number[] = []
  const timer = setInterval(() => found.push(residentMiB(pid)), everyMs)
  return {
    stop() {
      clearInterval(timer)
      return found
    },
  }
}
