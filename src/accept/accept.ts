// The first stage: stores a verified event and enqueues its plan job in one transaction, before the sender is answered.
import type { Ctx } from '../context.ts'
import { batcher } from '../store/batch.ts'
import { isDatabaseAway, transaction } from '../store/db.ts'
import { type AcceptedEvent, insertEvents, type NewEvent } from '../store/events/insert.ts'
import { type IncomingEvent, type Refusal, validate } from './validate.ts'

export type Accepted = ({ ok: true } & AcceptedEvent) | Refusal

/** Resolves after the commit. Refuses only what the sender can correct; throws where the database is unavailable. */
export type Accept = (incoming: IncomingEvent) => Promise<Accepted>

/** Events that arrive together share a transaction; each sender gets its own answer. */
export function makeAccept(ctx: Ctx): Accept {
  const insert = batcher((events: NewEvent[]) => transaction(ctx.db, (tx) => insertEvents(tx, ctx.jobs, events)), {
    maxItems: 200,
    isShared: isDatabaseAway,
  })
  return async (incoming) => {
    const validated = await validate(ctx, incoming)
    if (!validated.ok) return validated
    const { event } = validated
    const accepted = await insert(event)
    const { source, type } = event
    ctx.log.info({ stage: 'accept', event: accepted.id, source, type, ...accepted }, 'event accepted')
    return { ok: true, ...accepted }
  }
}
