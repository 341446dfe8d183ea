// The first stage: stores a verified event and enqueues its plan job in one transaction, before the sender is answered.
import type { Ctx } from '../context.ts'
import { ownEventStep } from '../observe/steps.ts'
import { isLink } from '../policy/payment-parts.ts'
import { supersedingEvent } from '../policy/superseding.ts'
import { batcher } from '../store/batch.ts'
import { isDatabaseAway, type Tx, transaction } from '../store/db.ts'
import { type AcceptedEvent, insertEvents, type NewEvent } from '../store/events/insert.ts'
import { planLinked } from '../store/events/payments.ts'
import { waitingWithReference } from '../store/events/superseded.ts'
import { mebibyte } from '../wire/sizes.ts'
import { type IncomingEvent, type Refusal, validate } from './validate.ts'

/** `stopped`: how many waiting notifications an app's event stops; none of them is sent from here on. */
export type Accepted = ({ ok: true; stopped: number; hint: string | null } & AcceptedEvent) | Refusal

/** Resolves after the commit. Refuses only what the sender can correct; throws where the database is unavailable. */
export type Accept = (incoming: IncomingEvent) => Promise<Accepted>

/** Events that arrive together share a transaction; each sender gets its own answer. */
export function makeAccept(ctx: Ctx): Accept {
  const insert = batcher((items: ToInsert[]) => transaction(ctx.db, (tx) => insertAll(ctx, tx, items)), {
    maxItems: 200,
    // Bodies are encoded for the database in one turn of the event loop.
    maxBytes: mebibyte,
    bytesOf: ({ event }) => event.raw.length,
    isShared: isDatabaseAway,
  })
  return async (incoming) => {
    const { step, traceparent } = incoming.arrival ?? { step: ownEventStep(ctx.clock.now()) }
    const validated = await validate(ctx, incoming)
    if (!validated.ok) return validated
    const span = ctx.tracing.begin(step, traceparent)
    const { hint } = validated
    const event = { ...validated.event, traceparent: span.traceparent }
    const accepted = await insert({ event, counts: incoming.reportsFaultsToSender && ctx.supersedesOthers(event.type) })
    const { source, type } = event
    const endedAt = ctx.clock.now()
    const ms = endedAt.getTime() - step.startedAt.getTime()
    const fields = { stage: 'accept', event: accepted.id, source, type, ...accepted, ms }
    ctx.metrics.accepted(source, accepted)
    ctx.log.info(fields, 'event accepted')
    span.end(fields, endedAt)
    return { ok: true, ...accepted, hint }
  }
}

interface ToInsert {
  event: NewEvent
  /** Whether the answer to its sender says how many notifications it stops. */
  counts: boolean
}

/** What an event stops is cancelled by its plan; before that, only this transaction knows it. */
async function insertAll(ctx: Ctx, tx: Tx, items: ToInsert[]): Promise<(AcceptedEvent & { stopped: number })[]> {
  const accepted = await insertEvents(
    tx,
    ctx.jobs,
    items.map(({ event }) => event),
  )
  const links = items.filter(({ event }, i) => isLink(event.reason) && !accepted[i]?.duplicate)
  if (links.length > 0) {
    const names = links.flatMap(({ event }) => event.references)
    await ctx.jobs.enqueue(tx, await planLinked(tx, names, ctx.clock.now()))
  }
  const answers: (AcceptedEvent & { stopped: number })[] = []
  for (const [i, one] of accepted.entries()) {
    const item = items[i]
    const isCounted = item?.counts && !one.duplicate && one.status === 'accepted'
    answers.push({ ...one, stopped: isCounted ? await countStopped(tx, item.event) : 0 })
  }
  return answers
}

async function countStopped(tx: Tx, event: NewEvent): Promise<number> {
  const waiting = await waitingWithReference(tx, event)
  return waiting.filter((one) => supersedingEvent(one)?.id === event.id).length
}
