// Finds what an event causes besides its notifications: timers, and whether it supersedes others.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import { subscriptionResumed } from '../domain/superseding.ts'
import { withVendorTypes } from '../sources/index.ts'
import type { FollowUps } from './planned-part.ts'

/** Timers count from when the event was received. */
export function followUpsOf(ctx: Ctx, { type, receivedAt }: StoredEvent): FollowUps {
  const timers = ctx.notifiersFor(type).flatMap(({ timer }) => timer ?? [])
  return {
    supersedesOthers: ctx.supersedesOthers(type),
    resumesOthers: type === subscriptionResumed,
    timers: timers.map(({ afterMs, emits, stoppedBy }) => ({
      id: uuidv7({ msecs: ctx.clock.now().getTime() }),
      emits,
      stoppedBy: withVendorTypes(stoppedBy),
      dueAt: new Date(receivedAt.getTime() + afterMs),
    })),
  }
}
