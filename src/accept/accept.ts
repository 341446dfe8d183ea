// First stage: a verified event becomes a row and an alarm for plan.ts, in one transaction,
// before the sender is answered. validate.ts says whether it may, and as what.

import type { Ctx } from '../context.ts'
import type { AcceptedEvent } from '../store/events/insert.ts'
import { admit, type IncomingEvent, type Refusal } from './validate.ts'

export type Accepted = ({ ok: true } & AcceptedEvent) | Refusal

/** Resolves after the commit. Refuses only what the sender can mend; throws where the database is away. */
export async function accept(ctx: Ctx, incoming: IncomingEvent): Promise<Accepted> {
  const admitted = await admit(ctx, incoming)
  if (!admitted.ok) return admitted
  const { event } = admitted
  const accepted = await ctx.acceptEvent(event)
  ctx.log.info(
    { stage: 'accept', event: accepted.id, source: event.source, type: event.type, ...accepted },
    'event accepted',
  )
  return { ok: true, ...accepted }
}
