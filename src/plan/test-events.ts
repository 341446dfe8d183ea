// Warns that test events reach people, which few operators want in production.
import type { Ctx } from '../context.ts'
import { isPersonal } from '../domain/notification.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import type { PlannedPart } from './planned-part.ts'

const warned = new WeakSet<Ctx>()

/** Once for each process: at the first message of a test event that a real provider is to carry. */
export function warnOfTest(ctx: Ctx, { id, source, livemode }: StoredEvent, { notifications }: PlannedPart): void {
  const setting = livemode === false ? ctx.sources.named(source).testEvents?.setting : null
  if (!setting || warned.has(ctx)) return
  const isReal = notifications.some(
    ({ state, channel, sandboxed }) =>
      (state === 'pending' || state === 'scheduled') && isPersonal(channel) && sandboxed === null,
  )
  if (!isReal) return
  warned.add(ctx)
  ctx.log.warn(
    { stage: 'plan', event: id, source, setting },
    `a test event (livemode: false) is sent by a real provider; set ${setting} to sandbox or ignore if it should not be`,
  )
}
