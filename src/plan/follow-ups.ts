// What an event brings about besides its notifications: it may stop others, and set timers.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import type { FollowUps } from './planned-part.ts'

/** Whether it stops others, and what it brings about in time: counted from when it came, as any grace is. */
export function followUpsOf(ctx: Ctx, { type, receivedAt }: StoredEvent): FollowUps {
  const timers = ctx.notifiersFor(type).flatMap(({ timer }) => timer ?? [])
  return {
    stopsOthers: ctx.stopsOthers(type),
    timers: timers.map(({ afterMs, emits, stoppedBy }) => ({
      id: uuidv7({ msecs: ctx.clock.now().getTime() }),
      emits,
      stoppedBy,
      dueAt: new Date(receivedAt.getTime() + afterMs),
    })),
  }
}
