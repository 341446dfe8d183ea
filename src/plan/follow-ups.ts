// What an event brings about besides its notifications: it may stop others, and set timers. Pure. plan.ts makes rows of
// it, explain.ts an answer; schedule/timers.ts is what follows a timer.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import type { Effects } from '../store/events/plans.ts'

/** Whether it stops others, and what it brings about in time: counted from when it came, as any grace is. */
export function effectsOf(ctx: Ctx, { type, receivedAt }: StoredEvent): Effects {
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
