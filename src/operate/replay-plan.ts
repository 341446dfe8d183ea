// Plans the replay of an event: what it would do to each notification. A dry run and the real run share it, so that they agree.
import { eventLoopYielder } from '../clock.ts'
import type { Ctx } from '../context.ts'
import type { Recipient } from '../domain/event.ts'
import { identityOf, type State } from '../domain/notification.ts'
import type { ReasonCode } from '../domain/reason.ts'
import { customerKey } from '../domain/recipient-key.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import type { Candidate } from '../plan/candidate.ts'
import { fanOut, peopleOf } from '../plan/fan-out.ts'
import { faultOf } from '../plan/fault.ts'
import type { Ineligible } from '../policy/eligibility.ts'
import { missingOf, type Translation } from '../sources/source.ts'
import type { Range } from '../store/events/plans.ts'
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
  options: ReplayOptions
}

/** The plan of an event in the making. An event may have 10,000 recipients, who are visited in ranges. */
export interface ReplayPlanning {
  ranges: Range[]
  peopleIn(this: void, range: Range): Recipient[]
  /** Visits the candidates in a range. `ineligible` must know all people in it. */
  visit(this: void, range: Range, ineligible: Ineligible): Promise<void>
  /** The plan, once all ranges were visited. */
  end(this: void): Promise<ReplayPlan>
}

/** As many as a turn of planning takes. */
const peopleAtOnce = 250
const outcomes: ReplayOutcome[] = ['willSend', 'alreadySent', 'expired', 'suppressed', 'other']
const noCounts = (): Counts => ({ willSend: 0, alreadySent: 0, expired: 0, suppressed: 0, other: 0 })

/** Begins to plan the replay of an event: every selected row, and every candidate without a row. */
export async function beginReplayPlan(ctx: Ctx, input: ReplayInput): Promise<ReplayPlanning> {
  const { event, translation, rows, options } = input
  const notifiers = ctx.notifiersFor(event.type)
  const plannable = (await faultOf(translation, notifiers)) === null
  const now = ctx.clock.now()
  const content = translation.ok ? translation.content : null
  const isExpired = content !== null && content.expiresAt !== null && content.expiresAt <= now
  const yieldTurn = eventLoopYielder()
  const selected = new Map<string, MadeRow[]>()
  const made = new Set<string>()
  for (const row of rows) {
    await yieldTurn()
    const identity = identityOf(row)
    made.add(identity)
    if (row.eventId !== event.id || (options.state && row.state !== options.state)) continue
    selected.set(identity, [...(selected.get(identity) ?? []), row])
  }
  const seen = new Set<string>()
  const counts = noCounts()
  /** Notifications that were never made, by the outcome that planning would have. */
  const missing = noCounts()
  const restarts: ReplayPlan['restarts'] = []
  const replay = (row: MadeRow, candidate: Candidate | null) => {
    const outcome = outcomeOf(row, candidate, { isExpired, force: options.force })
    counts[outcome]++
    if (outcome === 'willSend') restarts.push({ row, candidate: row.hasMessage ? null : candidate && kept(candidate) })
  }
  return {
    ranges: plannable && content ? rangesOf(content.recipients.length) : [],
    peopleIn: (range) => (content ? peopleOf(ctx, notifiers, content, range) : []),
    async visit(range, ineligible) {
      if (!content) return
      for (const candidate of fanOut(ctx, { event: { ...event, replayedAt: now }, content, ineligible }, range)) {
        await yieldTurn()
        const { planned } = candidate
        const identity = identityOf(planned)
        for (const row of selected.get(identity) ?? []) replay(row, candidate)
        selected.delete(identity)
        // Not missing where another event of the fact has notified the customer, though this event has no address.
        const isMade =
          made.has(identity) || (event.fact !== null && made.has(identityOf({ ...planned, recipientKey: customerKey })))
        if (!isMade && !seen.has(identity)) missing[outcomeOfNew(candidate)]++
        seen.add(identity)
      }
    },
    async end() {
      for (const left of selected.values()) {
        await yieldTurn()
        for (const row of left) replay(row, null)
      }
      return { counts, restarts, ...planOfMissing(ctx, input, { counts, missing, plannable }) }
    },
  }
}

/** Without its part of a digest, which has a copy of the common data. */
function kept({ planned: { digest: _, ...planned }, ...candidate }: Candidate): Candidate {
  return { ...candidate, planned }
}

/** At least one: an event without recipients may have callbacks. */
function rangesOf(recipients: number): Range[] {
  return Array.from({ length: Math.max(1, Math.ceil(recipients / peopleAtOnce)) }, (_, i) => [
    i * peopleAtOnce,
    (i + 1) * peopleAtOnce,
  ])
}

/** Whether to plan the event again. Adds what that would make to the counts. */
function planOfMissing(
  ctx: Ctx,
  { event, translation, options }: ReplayInput,
  { counts, missing, plannable }: { counts: Counts; missing: Counts; plannable: boolean },
): Pick<ReplayPlan, 'plans' | 'planned'> {
  const notifiers = ctx.notifiersFor(event.type)
  // Nothing new is made while the event is being planned, or where only notifications in one state are replayed.
  const mayPlan = event.status !== 'accepted' && (!options.state || event.status === options.state)
  if (!mayPlan) return { plans: false, planned: 0 }
  if (plannable) {
    for (const outcome of outcomes) counts[outcome] += missing[outcome]
    const isMissing = outcomes.some((outcome) => missing[outcome] > 0)
    return { plans: isMissing || event.status !== 'planned', planned: missing.willSend }
  }
  if (isAskable(ctx, event, translation)) {
    // Enrichment is expected to find one recipient for each notifier.
    counts.willSend += notifiers.length
    return { plans: true, planned: notifiers.length }
  }
  // A notifier listens by now: planning records why nothing can be made.
  return { plans: event.status === 'ignored' && notifiers.length > 0, planned: 0 }
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
