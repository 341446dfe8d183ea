// Plans and composes the replay of many events, reading their notifications, recipients and texts once for all.
import type { Ctx } from '../context.ts'
import { storedAs } from '../domain/coded.ts'
import { reason } from '../domain/reason.ts'
import { entry } from '../domain/timeline.ts'
import { compose } from '../plan/compose.ts'
import { ineligibleOf } from '../plan/eligibility.ts'
import { peopleOf } from '../plan/fan-out.ts'
import { asRefund } from '../plan/refund.ts'
import { reasonText } from '../show/reason.ts'
import type { Translation } from '../sources/source.ts'
import type { FoundEvent } from '../store/events/load.ts'
import type { StoredEvent } from '../store/events/stored.ts'
import { notificationsMadeFrom } from '../store/notifications/replay-events.ts'
import type { Restart } from '../store/notifications/restart.ts'
import { type Copy, publishedCopy } from '../store/people/copy.ts'
import type { ReplayAction } from './apply-replays.ts'
import { type ReplayOptions, type ReplayPlan, replayPlanOf } from './replay-plan.ts'

/** Without its body, nothing can be made from an event. */
const missingBody: Translation = { ok: false, kind: 'refused', status: 400, detail: reasonText(reason('retention')) }

export interface EventReplay extends ReplayPlan {
  event: StoredEvent
}

export async function planAll(ctx: Ctx, events: FoundEvent[], options: ReplayOptions): Promise<EventReplay[]> {
  if (events.length === 0) return []
  const made = await notificationsMadeFrom(
    ctx.db,
    events.map(({ event }) => event),
  )
  const read: { event: StoredEvent; translation: Translation }[] = []
  for (const found of events) read.push({ event: found.event, translation: await translationOf(ctx, found) })
  const notifiers = events.flatMap(({ event }) => ctx.notifiersFor(event.type))
  const people = read.flatMap(({ translation }) =>
    translation.ok ? peopleOf(ctx, notifiers, translation.content) : [],
  )
  const ineligible = await ineligibleOf(ctx, people, notifiers)
  const planned: EventReplay[] = []
  for (const { event, translation } of read) {
    const input = { event, translation, rows: made.get(event.id) ?? [], ineligible, options }
    planned.push({ event, ...(await replayPlanOf(ctx, input)) })
  }
  return planned
}

async function translationOf(ctx: Ctx, { event, raw, enrichment }: FoundEvent): Promise<Translation> {
  const translation = raw ? await ctx.sources.named(event.source).translate(raw, enrichment?.found) : missingBody
  return translation.ok ? { ...translation, content: await asRefund(ctx.db, translation.content) } : translation
}

export async function actionsOf(ctx: Ctx, planned: EventReplay[], by: string): Promise<ReplayAction[]> {
  const notifiers = planned.flatMap(({ restarts }) => restarts.flatMap(({ candidate }) => candidate?.notifier ?? []))
  const copy = await publishedCopy(ctx.db, notifiers)
  const actions: ReplayAction[] = []
  for (const one of planned) actions.push(await actionOf(ctx, one, { by, copy }))
  return actions
}

/** Composes missing messages; a notification whose message cannot be rendered is left unchanged. */
async function actionOf(
  ctx: Ctx,
  replay: EventReplay,
  { by, copy }: { by: string; copy: Copy },
): Promise<ReplayAction> {
  const { event, plans } = replay
  const restarts: Restart[] = []
  for (const { row, candidate } of replay.restarts) {
    const message = candidate ? await compose(ctx, candidate, copy) : null
    if (!row.hasMessage && !message) continue
    const newKey = row.state === 'sent' || row.state === 'delivered' || row.state === 'undelivered'
    const was = { state: row.state, reason: storedAs(row.reasonCode, row.reasonParams) }
    restarts.push({ id: row.id, from: row.state, newKey, message, entry: entry('replayed', { by, ...was }) })
  }
  const isReplayed = restarts.length > 0 || plans
  return { event, restarts, plans, entry: isReplayed ? entry('event_replayed', { by }) : null }
}
