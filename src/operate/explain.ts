// What would become of an event, with nothing stored, queued or sent: who would get what, when, by which provider, in
// which words, and why not. It asks what the stages ask (accept/validate.ts, drafts.ts, decide.ts by forecast.ts), so that it says what they do.
import { admit, type IncomingEvent, type Refusal } from '../accept/validate.ts'
import type { Ctx } from '../context.ts'
import type { EventContent } from '../domain/event.ts'
import type { Reason, State } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { draftsOf } from '../plan/drafts.ts'
import { faultOf } from '../plan/fan-out.ts'
import { effectsOf } from '../plan/follow-ups.ts'
import { needsOf } from '../sources/source.ts'
import { type AcceptedEvent, findFirst, type NewEvent } from '../store/events/insert.ts'
import { isOmitted, type Omission, toldByOthers } from '../store/events/omissions.ts'
import { findFact } from '../store/events/payments.ts'
import { asRefund } from '../store/events/refunds.ts'
import { factOf } from '../store/notifications/insert.ts'
import { type Outlook, outlookOf, stopsOf } from './forecast.ts'

/** Notifications, and omissions, told one by one; the others are counted. */
const toldOneByOne = 100

export interface Explained extends Foretold {
  ok: true
  event: NewEvent
  status: 'accepted' | 'ignored' | 'failed'
  reason: Reason | null
  /** The event of the same source and id that came before: nothing happens twice. */
  first: AcceptedEvent | null
}

interface Foretold {
  outlooks: Outlook[]
  /** All notifications, by the state that they would have. */
  counts: Partial<Record<State, number>>
  omissions: Omission[]
  timers: Timed[]
}

/** Another event that it would bring about by itself. `reason`: what has stopped that already. */
export interface Timed {
  emits: string
  dueAt: Date
  reason: Reason | null
}

/** Refuses what a sender would be refused. Reads only; throws where the database is away. */
export async function explain(ctx: Ctx, incoming: IncomingEvent): Promise<Explained | Refusal> {
  const admitted = admit(ctx, incoming)
  if (!admitted.ok) return admitted
  const { event } = admitted
  const { translation } = incoming
  const [first = null] = (await findFirst(ctx.db, [event])).values()
  const nothing = { ok: true as const, event, first, outlooks: [], counts: {}, omissions: [], timers: [] }
  if (first)
    return { ...nothing, status: statusOf(first.status), reason: reason('duplicate', `It is event ${first.id}.`) }
  if (event.status !== 'accepted') return { ...nothing, status: statusOf(event.status), reason: event.reason }
  // In the real run this comes first, and may name people and other events of the same payment.
  const isAsked = needsOf(translation) !== null && ctx.lookUp(event.source) !== null
  const asked = isAsked ? reason('looking_up', 'Explaining does not ask: this is what the event itself says.') : null
  if (asked && !translation.ok) return { ...nothing, status: 'accepted', reason: asked }
  const fault = faultOf(translation, ctx.notifiersFor(event.type))
  if (fault || !translation.ok) return { ...nothing, status: 'failed', reason: fault ?? reason('bad_data') }

  return { ...nothing, status: 'accepted', reason: asked, ...(await foretell(ctx, event, translation.content)) }
}

async function foretell(ctx: Ctx, event: NewEvent, said: EventContent): Promise<Foretold> {
  // A worker knows this all the time; a process that only answers HTTP does not.
  await ctx.health.refresh()
  const content = await asRefund(ctx.db, said)
  const asStored = { ...event, fact: content.refund ? content.fact : event.fact, replayedAt: null, plannedUpTo: 0 }
  const stopOf = stopsOf(ctx, event)
  const foretold: Foretold = { outlooks: [], counts: {}, omissions: [], timers: [] }
  const { outlooks, counts, omissions, timers } = foretold
  const fact = content.payment ? await findFact(ctx.db, content.payment) : factOf(asStored)
  for await (const part of draftsOf(ctx, asStored, content, { wordsFor: toldOneByOne })) {
    const told = await toldByOthers(ctx.db, event.id, fact, part.notifications)
    omissions.push(...[...part.omissions, ...told].slice(0, toldOneByOne - omissions.length))
    for (const draft of part.notifications.filter((n) => !isOmitted(n, told))) {
      const outlook = await outlookOf(ctx, draft, stopOf)
      counts[outlook.state] = (counts[outlook.state] ?? 0) + 1
      if (outlooks.length < toldOneByOne) outlooks.push(outlook)
    }
  }
  for (const { emits, dueAt, stoppedBy } of effectsOf(ctx, asStored).timers)
    timers.push({ emits, dueAt, reason: await stopOf(stoppedBy) })
  return foretold
}

/** As a sender is told it: what was accepted stays so, whatever became of it. */
function statusOf(status: AcceptedEvent['status']): Explained['status'] {
  return status === 'planned' ? 'accepted' : status
}
