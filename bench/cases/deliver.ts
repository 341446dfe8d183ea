// Deliveries: texts that were planned beforehand, texts that a pause held back, and emails that are planned, rendered and
// delivered.
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../src/clock.ts'
import { contest } from '../contest.ts'
import { costEach, startMeter } from '../cost.ts'
import { type CaseResult, type Measure, measure } from '../figures.ts'
import { builds, type Options, sized } from '../options.ts'
import { api, nowMs } from '../sender.ts'
import type { Build } from '../service.ts'
import { allDelivered, type ListEvent, openStage, plannedEvents, postList, type Stage, until } from '../stage.ts'
import { jobsCeiling, postingCeiling, reactEmailCeiling, rendererCeiling, rowsCeiling } from './ceilings.ts'
import { peersOf } from './peers.ts'
import { ratios } from './ratios.ts'
import { tenItems, textOf } from './samples.ts'

const warmUp = 300
const perEvent = 1000
/** What is planned for one moment must be planned by then. */
const firstLeadMs = 8000

const countOf = (options: Options) => sized(options, { quick: 1000, usual: 3000 })

/** Opens a stage whose worker has delivered some messages of this kind. */
export async function openWarmStage(
  cleanup: AsyncDisposableStack,
  options: Options,
  build: Build,
  event: ListEvent,
): Promise<Stage> {
  const stage = await openStage(cleanup, options, { build })
  await postList(stage, warmUp, event)
  await allDelivered(stage, warmUp)
  return stage
}

/** Measures to the last attempt that is closed and committed; from the first request, or from the beginning. */
async function measured(
  options: Options,
  stage: Stage,
  { count, from }: { count: number; from: 'the first request' | 'the beginning' },
  begin: () => Promise<unknown>,
): Promise<Measure[]> {
  const { database, worker, vendors } = stage
  await vendors.reset()
  const meter = await startMeter(options, database, { worker })
  const begunMs = nowMs()
  await begin()
  await allDelivered(stage, count, { before: warmUp })
  const endMs = nowMs()
  const cost = await meter.stop()
  const startMs = from === 'the beginning' ? begunMs : (await vendors.counted()).firstMs
  return [measure('messages', '/s', count / ((endMs - startMs) / 1000)), ...costEach(cost, count, 'a message')]
}

/** Posts as many recipients as asked for, a thousand an event. */
async function postLists(stage: Stage, count: number, event: ListEvent, more: object = {}): Promise<number> {
  const events = Math.ceil(count / perEvent)
  for (let i = 0; i < events; i++) await postList(stage, count / events, event, more)
  return events
}

export async function planLists(stage: Stage, count: number, event: ListEvent, more: object = {}): Promise<void> {
  const before = await plannedEvents(stage.database)
  const events = await postLists(stage, count, event, more)
  await until(async () => (await plannedEvents(stage.database)) >= before + events, 20)
}

export async function deliverTexts(options: Options): Promise<CaseResult> {
  await using ceilings = new AsyncDisposableStack()
  const count = countOf(options)
  const run = async (build: Build) => {
    await using cleanup = new AsyncDisposableStack()
    const stage = await openWarmStage(cleanup, options, build, textOf)
    const dueMs = systemClock.now().getTime() + firstLeadMs
    await planLists(stage, count, textOf, { sendAt: new Date(dueMs).toISOString() })
    const leftMs = dueMs - systemClock.now().getTime()
    if (leftMs < 200) throw new Error('planning took longer than the time ahead')
    await wait(leftMs - 100)
    return await measured(options, stage, { count, from: 'the first request' }, async () => {})
  }
  const contenders = [
    ...builds(options).map(({ build, ...one }) => ({ ...one, run: () => run(build) })),
    await jobsCeiling(ceilings, options, count),
    await postingCeiling(ceilings, 'text', count),
    await rowsCeiling(ceilings, options, 'text', count),
  ]
  const { found, skipped } = await peersOf(options, 'text', count)
  const results = await contest([...contenders, ...found], options.rounds, options.report)
  return {
    name: 'deliver-texts',
    conditions: `${count} texts of ${count / perEvent} events, planned beforehand for one moment, from the first request at the stand-in to the last closed attempt; one worker that has sent ${warmUp} before.`,
    contenders: results,
    ratios: ratios(results, 'messages', {
      'pg-boss, empty handler': undefined,
      'posting alone': undefined,
      'rows in batches': undefined,
      'other build': undefined,
      BullMQ: 1,
      'Celery, 2 processes': 2.5,
      'Celery, 8 processes': 2.5,
    }),
    skipped,
  }
}

export async function deliverHeld(options: Options): Promise<CaseResult> {
  const count = countOf(options)
  const run = async (build: Build) => {
    await using cleanup = new AsyncDisposableStack()
    const stage = await openWarmStage(cleanup, options, build, textOf)
    const setPause = (act: string) => api(stage.api.url, 'POST', `/v1/providers/twilio/${act}`)
    await setPause('pause')
    // Until every process has seen it.
    await wait(1500)
    await planLists(stage, count, textOf)
    await until(async () => (await jobsAtHand(stage)) === 0, 50)
    return await measured(options, stage, { count, from: 'the first request' }, () => setPause('resume'))
  }
  const contenders = builds(options).map(({ build, ...one }) => ({ ...one, run: () => run(build) }))
  const results = await contest(contenders, options.rounds, options.report)
  return {
    name: 'deliver-held',
    conditions: `${count} texts that a paused provider held back, from the first request after it was resumed to the last closed attempt.`,
    contenders: results,
    ratios: ratios(results, 'messages', { 'other build': undefined }),
    skipped: [],
  }
}

async function jobsAtHand({ api: { url } }: Stage): Promise<number> {
  const { data } = await api<{ data: { ready: number; active: number }[] }>(url, 'GET', '/v1/queues')
  return data.reduce((sum, { ready, active }) => sum + ready + active, 0)
}

export async function deliverEmails(options: Options): Promise<CaseResult> {
  await using ceilings = new AsyncDisposableStack()
  const count = countOf(options)
  const run = async (build: Build) => {
    await using cleanup = new AsyncDisposableStack()
    const stage = await openWarmStage(cleanup, options, build, tenItems)
    return await measured(options, stage, { count, from: 'the beginning' }, () => postLists(stage, count, tenItems))
  }
  const contenders = [
    ...builds(options).map(({ build, ...one }) => ({ ...one, run: () => run(build) })),
    await rendererCeiling(count)(ceilings),
    await reactEmailCeiling(Math.ceil(count / 3))(ceilings),
    await postingCeiling(ceilings, 'email', count),
    await rowsCeiling(ceilings, options, 'email', count),
  ]
  const { found, skipped } = await peersOf(options, 'email', count)
  const results = await contest([...contenders, ...found], options.rounds, options.report)
  return {
    name: 'deliver-emails',
    conditions: `${count} order confirmations of ten items (HTML and text) of ${count / perEvent} events, from the first event that is posted to the last closed attempt: planned, rendered and delivered by one worker that has sent ${warmUp} before.`,
    contenders: results,
    ratios: [
      ...ratios(results, 'messages', {
        'our renderer alone': 0.6,
        'posting alone': undefined,
        'rows in batches': undefined,
        'other build': undefined,
        'Celery, 2 processes': 2,
        'Celery, 8 processes': 2,
      }),
      ...ratios(results, 'messages', { '@react-email/render alone': 2.5 }, 'our renderer alone'),
    ],
    skipped,
  }
}
