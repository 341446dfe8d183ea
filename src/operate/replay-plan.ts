// Plans the replay of an event: what it would do to each notification. Pure, so that a dry run and the real run agree.
import { eventLoopYielder } from '../clock.ts'
import type { Ctx } from '../context.ts'
import { identityOf, type State } from '../domain/notification.ts'
import type { ReasonCode } from '../domain/reason.ts'
import { customerKey } from '../domain/recipient-key.ts'
import type { Candidate } from '../plan/candidate.ts'
import { fanOut } from '../plan/fan-out.ts'
import { faultOf } from '../plan/fault.ts'
import type { Ineligible } from '../policy/eligibility.ts'
import { missingOf, type Translation } from '../sources/source.ts'
import type { StoredEvent } from '../store/events/stored.ts'
import type { MadeRow } from '../store/notifications/replay-events.ts'

export interface ReplayOptions {
  /** Also sends again what was sent, as a new message. */
  force: boolean
  /** Only notifications, or an event, in this state. */
  state?: State
}

export type ReplayOutcome = 'willSend' | 'alreadySent' | 'expired' | 'suppressed' | 'other'
export type Counts = Record<ReplayOutcome, number>

export interface ReplayPlan {
  counts: Counts
  /** Notifications to restart; `candidate` is set where the message must be composed. */
  restarts: { row: MadeRow; candidate: Candidate | null }[]
  /** Whether to plan the event again, and how many of `willSend` that makes. */
  plans: boolean
  planned: number
}

interface ReplayInput {
  event: StoredEvent
  translation: Translation
  /** Notifications of the event's fact, so some may belong to another event. */
  rows: MadeRow[]
  /** Must know all recipients of the event. */
  ineligible: Ineligible
  options: ReplayOptions
}

export async function replayPlanOf(ctx: Ctx, input: ReplayInput): Promise<ReplayPlan> {
  const { event, translation, options } = input
  const notifiers = ctx.notifiersFor(event.type)
  const plannable = (await faultOf(translation, notifiers)) === null
  const visited = await visitAll(ctx, input, plannable)
  const { counts, restarts } = visited
  // Nothing new is made while the event is being planned, or where only notifications in one state are replayed.
  const mayPlan = event.status !== 'accepted' && (!options.state || event.status === options.state)
  if (!mayPlan) return { counts, restarts, plans: false, planned: 0 }
  if (plannable) {
    for (const outcome of outcomes) counts[outcome] += visited.missing[outcome]
    const isMissing = outcomes.some((outcome) => visited.missing[outcome] > 0)
    return { counts, restarts, plans: isMissing || event.status !== 'planned', planned: visited.missing.willSend }
  }
  if (isAskable(ctx, event, translation)) {
    // Enrichment is expected to find one recipient for each notifier.
    counts.willSend += notifiers.length
    return { counts, restarts, plans: true, planned: notifiers.length }
  }
  // A notifier listens by now: planning records why nothing can be made.
  return { counts, restarts, plans: event.status === 'ignored' && notifiers.length > 0, planned: 0 }
}

const outcomes: ReplayOutcome[] = ['willSend', 'alreadySent', 'expired', 'suppressed', 'other']
const noCounts = (): Counts => ({ willSend: 0, alreadySent: 0, expired: 0, suppressed: 0, other: 0 })

interface Visited extends Pick<ReplayPlan, 'counts' | 'restarts'> {
  /** Notifications that were never made, by the outcome that planning would have. */
  missing: Counts
}

/** Visits every selected row, and every candidate without a row. */
async function visitAll(ctx: Ctx, input: ReplayInput, plannable: boolean): Promise<Visited> {
  const { event, translation, rows, ineligible, options } = input
  const now = ctx.clock.now()
  const content = translation.ok ? translation.content : null
  const isExpired = content !== null && content.expiresAt !== null && content.expiresAt <= now
  const isSelected = (row: MadeRow) => row.eventId === event.id && (!options.state || row.state === options.state)
  const selectedRows = Map.groupBy(rows.filter(isSelected), identityOf)
  const made = new Set(rows.map(identityOf))
  const seen = new Set<string>()
  const visited: Visited = { counts: noCounts(), restarts: [], missing: noCounts() }
  const yieldTurn = eventLoopYielder()
  const replay = (row: MadeRow, candidate: Candidate | null) => {
    const outcome = outcomeOf(row, candidate, { isExpired, force: options.force })
    visited.counts[outcome]++
    if (outcome === 'willSend') visited.restarts.push({ row, candidate: row.hasMessage ? null : candidate })
  }
  const candidates =
    plannable && content ? fanOut(ctx, { event: { ...event, replayedAt: now }, content, ineligible }) : []
  for (const candidate of candidates) {
    await yieldTurn()
    const { planned } = candidate
    const identity = identityOf(planned)
    for (const row of selectedRows.get(identity) ?? []) replay(row, candidate)
    selectedRows.delete(identity)
    // Not missing where another event of the fact has notified the customer, though this event has no address.
    const isMade =
      made.has(identity) || (event.fact !== null && made.has(identityOf({ ...planned, recipientKey: customerKey })))
    if (!isMade && !seen.has(identity)) visited.missing[outcomeOfNew(candidate)]++
    seen.add(identity)
  }
  for (const row of [...selectedRows.values()].flat()) replay(row, null)
  return visited
}

/** Whether enrichment may still find the missing recipient. */
function isAskable(ctx: Ctx, event: StoredEvent, translation: Translation): boolean {
  const lacks = !translation.ok && translation.kind === 'incomplete' && translation.fault.code === 'no_recipient'
  return lacks && missingOf(translation) !== null && ctx.sources.named(event.source).enrich !== null
}

/** Reasons of suppression that may have ended since. */
const liftableReasons = new Set<string | null>([
  'no_provider',
  'suppressed_address',
  'opted_out',
] satisfies ReasonCode[])

interface Circumstances {
  /** Whether the event has expired. */
  isExpired: boolean
  force: boolean
}

function outcomeOf(row: MadeRow, candidate: Candidate | null, { isExpired, force }: Circumstances): ReplayOutcome {
  const state = candidate?.planned.state
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
      if (liftableReasons.has(row.reasonCode) && !row.isInDoubt && state === 'pending') break
      return 'suppressed'
    default:
      return 'other'
  }
  // A callback never expires.
  if (row.channel !== 'callback' && (isExpired || state === 'expired')) return 'expired'
  if (row.isSuppressed || state === 'suppressed') return 'suppressed'
  return row.hasMessage || candidate ? 'willSend' : 'other'
}

function outcomeOfNew({ planned }: Candidate): ReplayOutcome {
  return planned.state === 'suppressed' || planned.state === 'expired' ? planned.state : 'willSend'
}
