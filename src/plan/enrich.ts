// Enriches an event before planning: asks its source for what the event lacks, holding no connection, and stores the answer.
import type { Ctx } from '../context.ts'
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
import { transaction } from '../store/db.ts'
import { type EnrichmentEnd, endEnrichment, enrichmentDueAt, postponeEnrichment } from '../store/events/enrichments.ts'
import { type EventEnrichment, type FoundEvent, findWithoutLargeBody, readBody } from '../store/events/load.ts'
import { snooze } from '../store/jobs/wake.ts'

const oneLargeAtATime = oneByOne()

/**
 * Asks once, if due, and enqueues the plan job, or the next try where the source is busy. Concurrent calls ask twice and
 * store one answer.
 */
export async function enrich(ctx: Ctx, eventId: string): Promise<void> {
  const startedAt = ctx.clock.now()
  const dueAt = await enrichmentDueAt(ctx.db, eventId)
  if (!dueAt) return
  if (dueAt > startedAt)
    return transaction(ctx.db, (tx) =>
      snooze(tx, ctx.jobs, { stage: 'enrich', priority: 'normal', id: eventId, at: dueAt }, startedAt),
    )
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
  const end =
    answer.kind === 'found'
      ? await translated(answer.found, (one) => enrichmentEnd(one, answer.found))
      : { text: answer.text }
  const now = ctx.clock.now()
  // An event that can be planned as it is gets one try only.
  const again = answer.kind === 'later' && !isComplete ? nextTry(eventId, enrichment, answer.retryAfterMs, now) : null
  const asked = { eventId, tries: enrichment.tries }
  const kept = await transaction(ctx.db, async (tx) => {
    if (answer.kind !== 'found' && again) {
      if (!(await postponeEnrichment(tx, asked, { text: answer.text, dueAt: again }))) return false
      await ctx.jobs.enqueue(tx, [{ stage: 'enrich', priority: 'normal', id: eventId, at: again }])
      return true
    }
    if (!(await endEnrichment(tx, asked, end, now))) return false
    await ctx.jobs.enqueue(tx, [{ stage: 'plan', priority: event.priority, id: eventId }])
    return true
  })
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
