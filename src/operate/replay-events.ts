// Plans the replay of several events, reading their notifications and recipients once for all.
import type { Ctx } from '../context.ts'
import { reason } from '../domain/reason.ts'
import type { FoundEvent, StoredEvent } from '../domain/stored-event.ts'
import { ineligibleOf } from '../plan/eligibility.ts'
import { asRefund } from '../plan/refund.ts'
import { reasonText } from '../show/reason.ts'
import type { Translation } from '../sources/source.ts'
import type { Range } from '../store/events/plans.ts'
import { notificationsMadeFrom } from '../store/notifications/replay-events.ts'
import { beginReplayPlan, type ReplayOptions, type ReplayPlan, type ReplayPlanning } from './replay-plan.ts'

/** Without its body, nothing can be made from an event. */
const missingBody: Translation = { ok: false, kind: 'refused', status: 400, detail: reasonText(reason('retention')) }
/** Whose suppressions and preferences are read together: hashing them takes time. */
const peopleAtOnce = 250

export interface EventReplay extends ReplayPlan {
  event: StoredEvent
}

interface Started {
  event: StoredEvent
  planning: ReplayPlanning
}

/** Keeps what it has translated until all are planned, so that the caller bounds how much that is. */
export async function planAll(ctx: Ctx, events: FoundEvent[], options: ReplayOptions): Promise<EventReplay[]> {
  if (events.length === 0) return []
  const made = await notificationsMadeFrom(
    ctx.db,
    events.map(({ event }) => event),
  )
  const started: Started[] = []
  for (const found of events) {
    const { event } = found
    const input = { event, translation: await translationOf(ctx, found), rows: made.get(event.id) ?? [], options }
    started.push({ event, planning: await beginReplayPlan(ctx, input) })
  }
  for (const group of groupsOf(started)) {
    const people = group.flatMap(({ planning, range }) => planning.peopleIn(range))
    const notifiers = [...new Set(group.flatMap(({ event }) => ctx.notifiersFor(event.type)))]
    const ineligible = await ineligibleOf(ctx, people, notifiers)
    for (const { planning, range } of group) await planning.visit(range, ineligible)
  }
  const planned: EventReplay[] = []
  for (const { event, planning } of started) planned.push({ event, ...(await planning.end()) })
  return planned
}

async function translationOf(ctx: Ctx, { event, raw, enrichment }: FoundEvent): Promise<Translation> {
  const translation = raw ? await ctx.sources.named(event.source).translate(raw, enrichment?.found) : missingBody
  return translation.ok ? { ...translation, content: await asRefund(ctx.db, translation.content) } : translation
}

/** The ranges of all events, in groups of few people. */
function* groupsOf(started: Started[]): Generator<(Started & { range: Range })[]> {
  let [group, people]: [(Started & { range: Range })[], number] = [[], 0]
  for (const one of started)
    for (const range of one.planning.ranges) {
      group.push({ ...one, range })
      people += one.planning.peopleIn(range).length
      if (people < peopleAtOnce) continue
      yield group
      group = []
      people = 0
    }
  if (group.length > 0) yield group
}
