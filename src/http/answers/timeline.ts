// The timeline of a notification: its entries, and those that follow from its attempts and receipts, as texts.
import { storedAs } from '../../domain/coded.ts'
import { type Entry, entry } from '../../domain/timeline.ts'
import { entryText } from '../../show/timeline-entry.ts'
import type { ReceiptRow } from '../../store/attempts/receipts.ts'
import type { AttemptRow, EntryRow, NotificationAudit, NotificationRow } from '../../store/notifications/audit.ts'

export interface TimelineEntry {
  at: Date
  code: string
  what: string
  detail: string | null
}

type Audited = Pick<NotificationAudit, 'notification' | 'attempts' | 'entries' | 'receipts'>
type Dated = Entry & { at: Date }

/** Oldest first; the last entry is what happens next, if anything. */
export function timelineOf({ notification: n, attempts, entries, receipts }: Audited, now: Date): TimelineEntry[] {
  const past: EntryRow[] = [
    created(n),
    ...sandboxed(n),
    ...attempts.flatMap((attempt) => callOf(attempt, n)),
    ...entries,
    ...receipts.map((r) => reported(r, attempts)),
    ...removed(n),
  ]
  past.sort((a, b) => a.at.getTime() - b.at.getTime())
  return [...past, ...next(n, now)].map((one) => ({ at: one.at, code: one.code, ...entryText(one) }))
}

function created(n: NotificationRow): Dated {
  const suppressed = n.state === 'suppressed' ? storedAs(n.reasonCode, n.reasonParams) : null
  const { notifier, channel, eventType, collected: isCollected } = n
  return { at: n.createdAt, ...entry('created', { notifier, channel, eventType, isCollected, suppressed }) }
}

function sandboxed({ createdAt: at, sandboxed: cause }: NotificationRow): Dated[] {
  return cause ? [{ at, ...entry('sandboxed', { cause }) }] : []
}

function removed({ contentRemovedAt: messageAt, forgottenAt: addressAt }: NotificationRow): Dated[] {
  if (!addressAt) return messageAt ? [{ at: messageAt, ...entry('message_removed') }] : []
  if (!messageAt || messageAt.getTime() === addressAt.getTime()) return [{ at: addressAt, ...entry('content_removed') }]
  return [
    { at: messageAt, ...entry('message_removed') },
    { at: addressAt, ...entry('address_removed') },
  ]
}

function callOf(a: AttemptRow, n: NotificationRow): Dated[] {
  const callee = { provider: a.provider, app: n.channel === 'callback' ? n.recipientId : null }
  const cause = { code: a.cause, params: a.causeParams }
  const called = entry('called', { ...callee, attempt: a.number, round: a.round, cause })
  if (!a.endedAt || !a.outcome) return [{ at: a.startedAt, ...called }]
  const answered = entry('answered', {
    ...callee,
    outcome: a.outcome,
    blame: a.blame,
    statusCode: a.statusCode,
    errorCode: a.errorCode,
    text: a.error,
    messageId: a.providerMessageId,
  })
  return [
    { at: a.startedAt, ...called },
    { at: a.endedAt, ...answered },
  ]
}

function reported({ provider, kind: receipt, code, text, ...r }: ReceiptRow, attempts: AttemptRow[]): Dated {
  const call = attempts.find((a) => a.provider === provider)
  // Many providers report whole seconds by their own clock, which could put a receipt before the call that it follows.
  const since = call ? (call.endedAt ?? call.startedAt) : r.receivedAt
  const at = r.at ?? r.receivedAt
  const shownAt = new Date(Math.max(at.getTime(), since.getTime()))
  return { at: shownAt, ...entry('reported', { provider, receipt, code, text }) }
}

const steps = { pending: 'attempt', unconfirmed: 'settle' } as const

function next(n: NotificationRow, now: Date): Dated[] {
  const { state } = n
  if (!n.dueAt || (state !== 'scheduled' && state !== 'pending' && state !== 'unconfirmed')) return []
  const step = state === 'scheduled' ? (n.collected ? 'digest' : 'send') : steps[state]
  const reason = storedAs(n.reasonCode, n.reasonParams)
  return [{ at: n.dueAt > now ? n.dueAt : now, ...entry('next', { step, reason }) }]
}
