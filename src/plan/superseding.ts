// Cancels superseded notifications and timers, an event's own and those of others, and plans them again where that is withdrawn.
import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import { entry } from '../domain/timeline.ts'
import { supersededBy } from '../policy/eligibility.ts'
import { afterWithdrawal, supersedingEvent } from '../policy/superseding.ts'
import type { Tx } from '../store/db.ts'
import {
  addStopped,
  eventsSharingReference,
  lockStoppedNotifications,
  lockSupersedableNotifications,
  lockSupersedableTimers,
  moveFromCancelled,
  type SupersedableItem,
} from '../store/events/superseded.ts'
import { endTimer } from '../store/events/timers.ts'
import { jobOf } from '../store/jobs/wake.ts'
import { noWrites, write } from '../store/writes.ts'
import type { FollowUps } from './planned-part.ts'

/** Cancels what this event has made and an earlier event supersedes. */
export async function supersedeOwn(ctx: Ctx, tx: Tx, { id }: StoredEvent): Promise<void> {
  await endSuperseded(ctx, tx, [id], null)
}

/** Whether the event changes what other events have made. */
export function affectsOthers({ supersedesOthers, resumesOthers }: FollowUps): boolean {
  return supersedesOthers || resumesOthers
}

export async function affectOthers(ctx: Ctx, tx: Tx, event: StoredEvent, followUps: FollowUps): Promise<void> {
  if (followUps.supersedesOthers) await supersedeOthers(ctx, tx, event)
  if (followUps.resumesOthers) await resumeOthers(ctx, tx, event)
}

/** Cancels what other events have made and this event supersedes. */
async function supersedeOthers(ctx: Ctx, tx: Tx, event: StoredEvent): Promise<void> {
  await endSuperseded(ctx, tx, await eventsSharingReference(tx, event), event.type)
}

/** Plans again what was cancelled because of an event that this one withdraws, unless it would come too late. */
async function resumeOthers(ctx: Ctx, tx: Tx, event: StoredEvent): Promise<void> {
  const now = ctx.clock.now()
  const stopped = await lockStoppedNotifications(tx, await eventsSharingReference(tx, event))
  const resumed = stopped.flatMap(({ supersedable, ...n }) => {
    if (supersedable && supersedingEvent(supersedable)) return []
    const move = afterWithdrawal(n, now)
    return move ? [{ ...n, ...move }] : []
  })
  if (resumed.length === 0) return
  await moveFromCancelled(tx, resumed)
  await write(tx, ctx.jobs, {
    ...noWrites(),
    entries: resumed.map(({ id }) => ({
      ...{ notificationId: id, at: now },
      entry: entry('resumed', { type: event.type, event: event.id }),
    })),
    newJobs: resumed.map((n) => jobOf(n, n.state === 'scheduled' ? (n.dueAt ?? undefined) : undefined)),
  })
}

async function endSuperseded(ctx: Ctx, tx: Tx, eventIds: string[], type: string | null): Promise<void> {
  const now = ctx.clock.now()
  const writes = noWrites()
  const superseded = supersededOf(await lockSupersedableNotifications(tx, eventIds, type))
  for (const { id, by } of superseded) {
    writes.moves.push({ id, state: 'cancelled', reason: supersededBy(by), dueAt: null })
    const stopped = entry('superseded', { type: by.type, event: by.id })
    writes.entries.push({ notificationId: id, at: now, entry: stopped })
  }
  await write(tx, ctx.jobs, writes)
  // In one order, so that two plans cannot deadlock.
  const stops = [...Map.groupBy(superseded, ({ by }) => by.id)].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [id, all] of stops) await addStopped(tx, id, all.length)
  for (const { id, by } of supersededOf(await lockSupersedableTimers(tx, eventIds, type)))
    await endTimer(tx, id, supersededBy(by), now)
}

function supersededOf(items: SupersedableItem[]) {
  return items.flatMap(({ id, supersedable }) => {
    const by = supersedingEvent(supersedable)
    return by ? [{ id, by }] : []
  })
}
