// What a replay of an event would do to its notifications, one by one. Pure: the plan that is shown first and the run
// that follows it (replay.ts) both come from here.
import type { Ctx } from '../context.ts'
import { identityOf, type State } from '../domain/notification.ts'
import type { ReasonCode } from '../domain/reason.ts'
import type { Barred, Prospect } from '../plan/candidate.ts'
import { faultOf, prospectsOf } from '../plan/fan-out.ts'
import { needsOf, type Translation } from '../sources/source.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import type { MadeRow } from '../store/notifications/replay-events.ts'

export interface Wishes {
  /** Also what was sent already, as another message. */
  force: boolean
  /** Only what is in this state. */
  state?: State
}

export type Fate = 'willSend' | 'alreadySent' | 'expired' | 'suppressed' | 'other'
export type Counts = Record<Fate, number>

export interface Assessment {
  counts: Counts
  /** What begins again; its words are to be composed from `prospect` where it has none. */
  again: { row: MadeRow; prospect: Prospect | undefined }[]
  /** Whether the event is to be planned again, and how many of `willSend` that makes. */
  plans: boolean
  planned: number
}

/** `rows` are of the event's fact, so some may be another event's; `barred` knows of its recipients. */
export function assess(
  ctx: Ctx,
  event: StoredEvent,
  translation: Translation,
  rows: MadeRow[],
  barred: Barred,
  { force, state }: Wishes,
): Assessment {
  const now = ctx.clock.now()
  const plannable = translation.ok && faultOf(translation, ctx.notifiersFor(event.type)) === null
  const expiresAt = translation.ok ? translation.content.expiresAt : null
  const isOver = expiresAt !== null && expiresAt <= now
  const prospects = new Map(
    plannable
      ? prospectsOf(ctx, { ...event, replayedAt: now }, translation.content, barred).map((p) => [
          identityOf(p.planned),
          p,
        ])
      : [],
  )
  const counts: Counts = { willSend: 0, alreadySent: 0, expired: 0, suppressed: 0, other: 0 }
  const again: Assessment['again'] = []
  for (const row of rows) {
    if (row.eventId !== event.id || (state && row.state !== state)) continue
    const prospect = prospects.get(identityOf(row))
    const fate = fateOf(row, prospect, isOver, force)
    counts[fate]++
    if (fate === 'willSend') again.push({ row, prospect })
  }
  // Being planned right now, or asked for what is in one state: nothing new is to be made.
  const mayPlan = event.status !== 'accepted' && (!state || event.status === state)
  if (mayPlan && !plannable && isAskable(ctx, event, translation)) {
    // Whom it finds is not known before; it is asked for their email.
    const planned = ctx.notifiersFor(event.type).length
    return { counts: { ...counts, willSend: counts.willSend + planned }, again, plans: true, planned }
  }
  // Somebody listens by now: planned, it says why nothing can be made of it.
  if (mayPlan && !plannable && event.status === 'ignored' && ctx.notifiersFor(event.type).length > 0)
    return { counts, again, plans: true, planned: 0 }
  if (!mayPlan || !plannable) return { counts, again, plans: false, planned: 0 }
  const made = new Set(rows.map(identityOf))
  // Whoever was told of the fact by another event is not missing, though this one has no address.
  const isMade = ({ planned }: Prospect) =>
    made.has(identityOf(planned)) ||
    (event.fact !== null && made.has(identityOf({ ...planned, recipientKey: 'customer' })))
  const missing = [...prospects.values()].filter((prospect) => !isMade(prospect))
  let planned = 0
  for (const prospect of missing) {
    const fate = prospectFate(prospect)
    counts[fate]++
    if (fate === 'willSend') planned++
  }
  return { counts, again, plans: missing.length > 0 || event.status !== 'planned', planned }
}

/** Whether nobody is known only for want of an answer from its source. */
function isAskable(ctx: Ctx, event: StoredEvent, translation: Translation): boolean {
  const lacks = !translation.ok && translation.kind === 'incomplete' && translation.fault.code === 'no_recipient'
  return lacks && needsOf(translation) !== null && ctx.lookUp(event.source) !== null
}

/** By now its channel may have a provider, the address be off the list, the person be back. */
const mayEnd = new Set<ReasonCode | null>(['no_provider', 'suppressed_address', 'opted_out'])

function fateOf(row: MadeRow, prospect: Prospect | undefined, isOver: boolean, force: boolean): Fate {
  switch (row.state) {
    case 'sent':
    case 'delivered':
    case 'undelivered':
      if (!force) return 'alreadySent'
      break
    case 'failed':
    case 'expired':
      break
    case 'suppressed':
      if (mayEnd.has(row.reasonCode) && !row.isInDoubt && prospect?.planned.state === 'pending') break
      return 'suppressed'
    default:
      return 'other'
  }
  // What an app is told of is never too late for it.
  if (row.channel !== 'callback' && (isOver || prospect?.planned.state === 'expired')) return 'expired'
  if (row.isSuppressed || prospect?.planned.state === 'suppressed') return 'suppressed'
  return row.hasMessage || prospect ? 'willSend' : 'other'
}

function prospectFate({ planned }: Prospect): Fate {
  return planned.state === 'suppressed' || planned.state === 'expired' ? planned.state : 'willSend'
}
