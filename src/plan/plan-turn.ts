// Plans one turn of an event: all of it, or the next parts of a large one. The stored body is translated and checked again.
import type { Ctx } from '../context.ts'
import { type Reason, reason } from '../domain/reason.ts'
import type { FoundEvent, StoredEvent } from '../domain/stored-event.ts'
import { ignoredAsTest } from '../domain/test-events.ts'
import { isPointer } from '../sources/kit/pointer.ts'
import { missingOf, type Source } from '../sources/source.ts'
import { transaction } from '../store/db.ts'
import { openEnrichment } from '../store/events/enrichments.ts'
import type { Range } from '../store/events/plans.ts'
import type { Job } from '../store/jobs/queues.ts'
import { draftsOf } from './drafts.ts'
import { endWithoutNotifications } from './end-plan.ts'
import { endTurn, type Turn } from './end-turn.ts'
import { faultOf } from './fault.ts'
import { followUpsOf } from './follow-ups.ts'
import type { ReadPart } from './part-reads.ts'
import type { PlannedPart } from './planned-part.ts'
import { settleRefund } from './refund.ts'
import type { StorePart } from './store-part.ts'
import { warnOfTest } from './test-events.ts'

/** Recipients planned by one job, about a second's work: then other events get a turn, and a stop need not wait long. */
const turnSize = 250

/** Reads for the drafts of a part, and stores it. */
export interface TurnSteps {
  read: ReadPart
  store: StorePart
}

export async function planTurn(ctx: Ctx, { raw, ...found }: FoundEvent, steps: TurnSteps): Promise<void> {
  if (!raw) return
  const startedAt = ctx.clock.now()
  endTurn(ctx, found.event, await workTurn(ctx, { ...found, raw, startedAt }, steps), startedAt)
}

interface Started extends FoundEvent {
  raw: Buffer
  startedAt: Date
}

async function workTurn(ctx: Ctx, found: Started, { read, store }: TurnSteps): Promise<Turn> {
  const { event, raw, enrichment, startedAt } = found
  const source = ctx.sources.named(event.source)
  const ignored = ignoredAsTest(source.testEvents, event.livemode)
  if (ignored) {
    const end = { status: 'ignored' as const, reason: ignored }
    await endWithoutNotifications(ctx, event, end, { supersedesOthers: false, resumesOthers: false, timers: [] })
    return { outcome: 'ignored', reason: ignored.code }
  }
  const translation = await source.translate(raw, enrichment?.found)
  const notifiers = ctx.notifiersFor(event.type)
  const isWanted = notifiers.length > 0 || isPointer(translation)
  const missing = isWanted && mayEnrich(source, found) ? missingOf(translation) : null
  if (missing) {
    await transaction(ctx.db, async (tx) => {
      if (await openEnrichment(tx, event.id, missing, startedAt))
        await ctx.jobs.enqueue(tx, [{ stage: 'enrich', priority: 'normal', id: event.id }])
    })
    return { outcome: 'to be enriched first' }
  }
  const followUps = followUpsOf(ctx, event)
  const fault = withFailedEnrichment(enrichment, await faultOf(translation, notifiers, checkedRange(event)))
  if (fault || !translation.ok) {
    const isIgnored = fault?.code === 'no_notifier' || (!translation.ok && translation.kind === 'silent')
    const end = { status: isIgnored ? ('ignored' as const) : ('failed' as const), reason: fault ?? reason('bad_data') }
    await endWithoutNotifications(ctx, event, end, followUps)
    return { outcome: end.status, reason: end.reason.code }
  }
  const content = await settleRefund(ctx.db, event.id, translation.content)
  const settled = content.refund ? { ...event, fact: content.fact } : event
  let made = 0
  let isLast = false
  for await (const part of draftsOf(ctx, settled, content, { from: event.plannedUpTo, read })) {
    const rest = hasTurnLeft(event, part) ? null : restOf(event)
    const created = await store({ event: settled, part, followUps, rest })
    if (created === null) return { outcome: 'planned by another' }
    if (created === 'to wait for others') return { outcome: created }
    made += created
    warnOfTest(ctx, event, part)
    isLast = part.isLast
    if (rest) break
  }
  return { outcome: isLast ? 'planned' : 'partly planned', notifications: made }
}

/** All recipients' data before the first part, then only that of the next turn. */
function checkedRange({ plannedUpTo }: StoredEvent): Range | undefined {
  return plannedUpTo === 0 ? undefined : [plannedUpTo, plannedUpTo + turnSize]
}

/** The first job plans one part; later jobs plan a whole turn, in the bulk queue. */
function hasTurnLeft(event: StoredEvent, { range: [, upTo] }: PlannedPart): boolean {
  return event.plannedUpTo > 0 && upTo < event.plannedUpTo + turnSize
}

/** The rest of a large event goes to the bulk queue, unless its priority is high. */
function restOf({ id, priority }: StoredEvent): Job {
  return { stage: 'plan', priority: priority === 'high' ? 'high' : 'bulk', id }
}

/** A source is asked once for each event, and again after a replay. */
function mayEnrich(source: Source, { event, enrichment }: FoundEvent): boolean {
  if (!source.enrich) return false
  return !enrichment?.endedAt || (event.replayedAt !== null && event.replayedAt > enrichment.endedAt)
}

/** Says why enrichment failed, where the event lacks what it asked for. */
function withFailedEnrichment(enrichment: FoundEvent['enrichment'], fault: Reason | null): Reason | null {
  if (enrichment?.state !== 'failed') return fault
  const more = enrichment.text === null ? {} : { detail: enrichment.text }
  if (fault?.code === 'no_content') return reason('no_content', more)
  return fault?.code === 'no_recipient' ? reason('enrichment_failed', more) : fault
}
