// Cancels superseded notifications and timers: an event's own, and those of the events that it supersedes.
import type { Ctx } from '../context.ts'
import { supersededBy } from '../policy/eligibility.ts'
import { noWrites, write } from '../store/attempts/writes.ts'
import type { Tx } from '../store/db.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import {
  eventsSharingReference,
  lockSupersededNotifications,
  lockSupersededTimers,
} from '../store/events/superseded.ts'
import { endTimer } from '../store/events/timers.ts'

/** Cancels what this event has made and an earlier event supersedes. */
export async function supersedeOwn(ctx: Ctx, tx: Tx, { id }: StoredEvent): Promise<void> {
  await endSuperseded(ctx, tx, [id], null)
}

/** Cancels what other events have made and this event supersedes. */
export async function supersedeOthers(ctx: Ctx, tx: Tx, event: StoredEvent): Promise<void> {
  await endSuperseded(ctx, tx, await eventsSharingReference(tx, event), event.type)
}

async function endSuperseded(ctx: Ctx, tx: Tx, eventIds: string[], type: string | null): Promise<void> {
  const now = ctx.clock.now()
  const writes = noWrites()
  for (const { id, by } of await lockSupersededNotifications(tx, eventIds, type)) {
    const { code, text } = supersededBy(by)
    writes.moves.push({ id, state: 'cancelled', reasonCode: code, reasonText: text, dueAt: null })
    const entry = { what: `${by.type} stopped it.`, detail: `It was event ${by.id}.` }
    writes.entries.push({ notificationId: id, at: now, ...entry })
  }
  await write(tx, ctx.jobs, writes)
  for (const { id, by } of await lockSupersededTimers(tx, eventIds, type)) await endTimer(tx, id, supersededBy(by), now)
}
