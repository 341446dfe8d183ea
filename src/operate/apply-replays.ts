// Carries out replays: restarts notifications and plans events again, guarded by their states.
import { eventLoopYielder } from '../clock.ts'
import type { Ctx } from '../context.ts'
import { storedAs } from '../domain/coded.ts'
import { type Entry, entry } from '../domain/timeline.ts'
import { compose } from '../plan/compose.ts'
import { chunksOf } from '../store/batch.ts'
import type { Tx } from '../store/db.ts'
import { addEventEntries, resetPlans } from '../store/notifications/replay-events.ts'
import { type Restart, restart } from '../store/notifications/restart.ts'
import { type Copy, publishedCopy } from '../store/people/copy.ts'
import type { EventReplay } from './replay-events.ts'

/** Restarts that are composed and written together: memory holds this many messages. */
const restartsAtOnce = 50

export interface AppliedReplays {
  restarted: Set<string>
  /** Ids of the events that are planned again. */
  planned: Set<string>
}

interface Applying {
  /** Who asked for it. */
  by: string
  copy: Copy
  now: Date
  /** An entry for the timeline of every event. Default: one for those of which something is replayed. */
  requested?: Entry
}

/** The published copy for messages that were never composed. */
export function copyFor(ctx: Ctx, replays: EventReplay[]): Promise<Copy> {
  const notifiers = new Set(replays.flatMap(({ event }) => ctx.notifiersFor(event.type)))
  return publishedCopy(ctx.db, [...notifiers])
}

/** Idempotent: rows that have moved since they were read are left unchanged, and missing from the answer. */
export async function applyReplays(
  ctx: Ctx,
  tx: Tx,
  replays: EventReplay[],
  { by, copy, now, requested }: Applying,
): Promise<AppliedReplays> {
  // In the order in which every batch locks them.
  const restarts = replays.flatMap((one) => one.restarts).sort(byId)
  const restarted = new Set<string>()
  for (const part of chunksOf(restarts, restartsAtOnce)) {
    const composed = await composedOf(ctx, part, { by, copy })
    for (const id of await restart(tx, ctx.jobs, composed, now)) restarted.add(id)
  }
  const toPlan = replays.filter(({ plans }) => plans).map(({ event }) => event)
  const planned = await resetPlans(tx, toPlan, now)
  const isPlanned = toPlan.filter(({ id }) => planned.has(id))
  await ctx.jobs.enqueue(
    tx,
    isPlanned.map(({ id, priority }) => ({ stage: 'plan', priority, id })),
  )
  const isReplayed = ({ restarts, plans }: EventReplay) => plans || restarts.some(({ row }) => restarted.has(row.id))
  const entries = replays
    .filter((one) => requested || isReplayed(one))
    .map(({ event }) => ({ eventId: event.id, entry: requested ?? entry('event_replayed', { by }) }))
  await addEventEntries(tx, entries, now)
  return { restarted, planned }
}

type Planned = EventReplay['restarts'][number]

const byId = (one: Planned, other: Planned) => (one.row.id < other.row.id ? -1 : 1)

/** Composes missing messages; a notification whose message cannot be rendered is left unchanged. */
async function composedOf(ctx: Ctx, planned: Planned[], { by, copy }: { by: string; copy: Copy }): Promise<Restart[]> {
  const yieldTurn = eventLoopYielder()
  const restarts: Restart[] = []
  for (const { row, candidate } of planned) {
    await yieldTurn()
    const message = candidate ? await compose(ctx, candidate, copy) : null
    if (!row.hasMessage && !message) continue
    const newKey = row.state === 'sent' || row.state === 'delivered' || row.state === 'undelivered'
    const was = { state: row.state, reason: storedAs(row.reasonCode, row.reasonParams) }
    restarts.push({ id: row.id, from: row.state, newKey, message, entry: entry('replayed', { by, ...was }) })
  }
  return restarts
}
