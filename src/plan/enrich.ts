// Before a plan, where an event leaves something open: its source is asked, with no connection held, and the answer is kept
// beside the event. Then it is planned with what there is. A source that has no time is asked again.
import type { Ctx } from '../context.ts'
import { giveUpAfterMs, maxRounds, roundWaitMs } from '../policy/rounds.ts'
import { type Found, type LookedUp, needsOf } from '../sources/source.ts'
import { transaction } from '../store/db.ts'
import { endLookUp, type LookUpEnd, lookUpDueAt, putOff } from '../store/events/enrichments.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import { type EventLookUp, findEvent } from '../store/events/load.ts'
import { snooze } from '../store/jobs/wake.ts'

/** Asks once, where that is due. Called twice, at once even, it asks twice and keeps one answer. */
export async function lookUp(ctx: Ctx, eventId: string): Promise<void> {
  const startedAt = ctx.clock.now()
  const dueAt = await lookUpDueAt(ctx.db, eventId)
  if (!dueAt) return
  if (dueAt > startedAt)
    return snooze(ctx.db, ctx.jobs, { stage: 'look-up', priority: 'normal', id: eventId, at: dueAt })
  const found = await findEvent(ctx.db, eventId)
  if (found?.lookUp?.state !== 'open' || !found.raw) return
  const { event, raw, lookUp } = found
  const translation = ctx.translator(event.source)(raw)
  const needs = needsOf(translation)
  const ask = ctx.lookUp(event.source)
  const answer: LookedUp =
    needs && ask ? await ask(needs) : { kind: 'never', text: 'There is no key any more to ask with.' }
  const now = ctx.clock.now()
  // What can be told as it is waits for one answer, and not for a better hour.
  const again = answer.kind === 'later' && !translation.ok ? nextTry(eventId, lookUp, answer.retryAfterMs, now) : null
  const asked = { eventId, tries: lookUp.tries }
  const kept = await transaction(ctx.db, async (tx) => {
    if (answer.kind !== 'found' && again) {
      if (!(await putOff(tx, asked, { text: answer.text, dueAt: again }))) return false
      await ctx.jobs.enqueue(tx, [{ stage: 'look-up', priority: 'normal', id: eventId, at: again }])
      return true
    }
    const end = answer.kind === 'found' ? answered(ctx, { event, raw }, answer.found) : { text: answer.text }
    if (!(await endLookUp(tx, asked, end, now))) return false
    await ctx.jobs.enqueue(tx, [{ stage: 'plan', priority: event.priority, id: eventId }])
    return true
  })
  const ms = now.getTime() - startedAt.getTime()
  ctx.log.info(
    { stage: 'look-up', event: event.id, source: event.source, answer: answer.kind, tries: lookUp.tries + 1, kept, ms },
    'a source was asked',
  )
}

/** What was found may be another name that the event can be found by. */
function answered(ctx: Ctx, { event, raw }: { event: StoredEvent; raw: Buffer }, found: Found): LookUpEnd {
  const translation = ctx.translator(event.source)(raw, found)
  if (!translation.ok && translation.kind === 'refused') throw new Error('an event that was accepted is none')
  const { reference, references } = translation.content
  return { found, references: [...new Set(reference ? [reference, ...references] : references)] }
}

/** In the rounds of the delivery policy; null where they are used up. */
function nextTry(id: string, { tries, openedAt }: EventLookUp, retryAfterMs: number | null, now: Date): Date | null {
  const round = tries + 1
  if (round >= maxRounds) return null
  const at = now.getTime() + Math.max(roundWaitMs(id, round), retryAfterMs ?? 0)
  return at > openedAt.getTime() + giveUpAfterMs ? null : new Date(at)
}
