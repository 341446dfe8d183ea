// Enriches an event before planning: asks its source for what the event lacks, holding no connection, and stores the answer.
import type { Ctx } from '../context.ts'
import type { EventEnrichment, FoundEvent, StoredEvent } from '../domain/stored-event.ts'
import { inTurnIfTried, maxTries, type TriedBefore, tryOrGiveUp } from '../guard/tries.ts'
import { callStep } from '../observe/steps.ts'
import { giveUpAfterMs, maxRounds, roundWaitMs } from '../policy/rounds.ts'
import {
  type Enrich,
  type Enrichment,
  type EnrichmentAnswer,
  type Missing,
  missingOf,
  type Translation,
} from '../sources/source.ts'
import { oneByOne } from '../store/batch.ts'
import { isDatabaseAway, transaction } from '../store/db.ts'
import {
  beginEnrichment,
  type EnrichmentEnd,
  endEnrichment,
  endEnrichmentTry,
  enrichmentDueAt,
  postponeEnrichment,
} from '../store/events/enrichments.ts'
import { findWithoutLargeBody, readBody } from '../store/events/load.ts'
import { snooze } from '../store/jobs/wake.ts'

const oneLargeAtATime = oneByOne()
const oneRetryAtATime = oneByOne()

/** How long a worker may take to ask before another may try it. */
const askTimeoutMs = 30_000

/**
 * Asks once, if due and nobody else does, and enqueues the plan job, or the next try where the source is busy. If asking failed,
 * or ended the process, five times, the event is planned without an answer.
 */
export async function enrich(ctx: Ctx, eventId: string): Promise<void> {
  const dueAt = await enrichmentDueAt(ctx.db, eventId)
  if (!dueAt) return
  const now = ctx.clock.now()
  if (dueAt > now)
    return transaction(ctx.db, (tx) =>
      snooze(tx, ctx.jobs, { stage: 'enrich', priority: 'normal', id: eventId, at: dueAt }, now),
    )
  const begin = (which: TriedBefore) => {
    const startedAt = ctx.clock.now()
    const until = new Date(startedAt.getTime() + askTimeoutMs)
    return beginEnrichment(ctx.db, eventId, { which, now: startedAt, until })
  }
  await inTurnIfTried(oneRetryAtATime, begin, async (tries) => {
    if (tries !== null) await tryToAsk(ctx, eventId, tries, dueAt)
  })
}

async function tryToAsk(ctx: Ctx, eventId: string, tries: number, dueAt: Date): Promise<void> {
  await tryOrGiveUp({
    tries,
    async work() {
      try {
        await askOnce(ctx, eventId)
      } catch (error) {
        await endEnrichmentTry(ctx.db, eventId, dueAt, isDatabaseAway(error)).catch(() => {})
        throw error
      }
    },
    uncount: async () => {},
    giveUp: () => giveUp(ctx, eventId),
  })
}

async function giveUp(ctx: Ctx, eventId: string): Promise<void> {
  const found = await findWithoutLargeBody(ctx.db, eventId)
  if (found?.enrichment?.state !== 'open') return
  const { event, enrichment } = found
  const text = `Asking the source failed, or ended the process, ${maxTries} times in a row.`
  if (await end(ctx, event, enrichment, { how: { text }, at: ctx.clock.now() }))
    ctx.log.error({ stage: 'enrich', event: event.id, source: event.source, tries: maxTries }, 'source given up')
}

interface End {
  how: EnrichmentEnd
  at: Date
}

/** Stores the end and enqueues the plan job. False if another worker was faster. */
function end(ctx: Ctx, event: StoredEvent, { tries }: EventEnrichment, { how, at }: End): Promise<boolean> {
  const { id: eventId, priority } = event
  return transaction(ctx.db, async (tx) => {
    if (!(await endEnrichment(tx, { eventId, tries }, how, at))) return false
    await ctx.jobs.enqueue(tx, [{ stage: 'plan', priority, id: eventId }])
    return true
  })
}

async function askOnce(ctx: Ctx, eventId: string): Promise<void> {
  const startedAt = ctx.clock.now()
  const found = await findWithoutLargeBody(ctx.db, eventId)
  if (found?.enrichment?.state !== 'open' || !(found.raw || found.isLarge)) return
  const { event, enrichment } = found
  const translated = translating(ctx, found)
  const { missing, isComplete } = await translated(undefined, (one) => ({
    missing: missingOf(one),
    isComplete: one.ok,
  }))
  const { enrich: ask } = ctx.sources.named(event.source)
  const answer: EnrichmentAnswer =
    missing && ask
      ? await askAll(ask, missing, (part) => translated(part, missingOf))
      : { kind: 'never', text: 'The key to ask the source with is no longer set.' }
  const how =
    answer.kind === 'found'
      ? await translated(answer.found, (one) => enrichmentEnd(one, answer.found))
      : { text: answer.text }
  const now = ctx.clock.now()
  // An event that can be planned as it is gets one try only.
  const again = answer.kind === 'later' && !isComplete ? nextTry(eventId, enrichment, answer.retryAfterMs, now) : null
  const postpone = (text: string, at: Date) =>
    transaction(ctx.db, async (tx) => {
      const asked = { eventId, tries: enrichment.tries }
      if (!(await postponeEnrichment(tx, asked, { text, dueAt: at }))) return false
      await ctx.jobs.enqueue(tx, [{ stage: 'enrich', priority: 'normal', id: eventId, at }])
      return true
    })
  const kept =
    answer.kind !== 'found' && again
      ? await postpone(answer.text, again)
      : await end(ctx, event, enrichment, { how, at: now })
  const fields = {
    stage: 'enrich',
    event: event.id,
    source: event.source,
    answer: answer.kind,
    tries: enrichment.tries + 1,
    kept,
    ms: now.getTime() - startedAt.getTime(),
  }
  ctx.log.info(fields, 'source asked')
  ctx.tracing.step(event.traceparent, callStep('enrich', event.source, startedAt)).end(fields, now)
}

/** Once the content of an event is known, it may lack more. Answers are parts of one enrichment. */
async function askAll(
  ask: Enrich,
  first: Missing,
  missingThen: (found: Enrichment) => Promise<Missing | null>,
): Promise<EnrichmentAnswer> {
  let found: Enrichment = {}
  for (let missing: Missing | null = first; missing; ) {
    const answer = await ask(missing)
    if (answer.kind !== 'found') return answer
    found = { ...found, ...answer.found }
    missing = missing.content.length > 0 ? await missingThen(found) : null
  }
  return { kind: 'found', found }
}

/** Uses a translation of the event with a part of the answer. */
type Translated = <T>(part: Enrichment | undefined, use: (translation: Translation) => T) => Promise<T>

/** A large body is read for each translation, one at a time, so that it is not held while the source is asked. */
function translating(ctx: Ctx, { event, raw, isLarge }: FoundEvent & { isLarge: boolean }): Translated {
  const { translate } = ctx.sources.named(event.source)
  const read = async () => {
    const body = isLarge ? await readBody(ctx.db, event.id) : raw
    if (!body) throw new Error('the body of the event to enrich is gone')
    return body
  }
  return (part, use) => {
    const work = async () => use(await translate(await read(), part))
    return isLarge ? oneLargeAtATime(work) : work()
  }
}

/** The answer may add references to the event, and the content of an event that only points to it. */
function enrichmentEnd(translation: Translation, found: Enrichment): EnrichmentEnd {
  if (!translation.ok && translation.kind === 'refused')
    throw new Error('an accepted event can no longer be translated')
  const { type, fact, reference, references, mentions = [] } = translation.content
  const all = [...new Set(reference ? [reference, ...references] : references)]
  return { found, type, fact, references: all, mentions }
}

/** Waits as long as delivery does between rounds, and as the source asks while there is time; null where no try is left. */
function nextTry(
  id: string,
  { tries, openedAt }: EventEnrichment,
  retryAfterMs: number | null,
  now: Date,
): Date | null {
  const round = tries + 1
  if (round >= maxRounds) return null
  const lastAt = openedAt.getTime() + giveUpAfterMs
  const roundAt = now.getTime() + roundWaitMs(id, round)
  if (roundAt > lastAt) return null
  return new Date(Math.max(roundAt, Math.min(now.getTime() + (retryAfterMs ?? 0), lastAt)))
}
