// The timeline of a notification, as sentences for support staff: what happened, then what it means. It is rendered from
// the audit's rows whenever it is read, so that better sentences need no migration.
import { reason } from '../domain/reason.ts'
import type { ReceiptKind } from '../domain/receipt.ts'
import { titleOf } from '../providers/index.ts'
import type { ReceiptRow } from '../store/attempts/receipts.ts'
import type { AttemptRow, NotificationAudit, NotificationRow } from '../store/notifications/list.ts'

export interface TimelineEntry {
  at: Date
  what: string
  detail: string | null
}

type Audited = Pick<NotificationAudit, 'notification' | 'attempts' | 'entries' | 'receipts'>

/** Oldest first; the last entry is what happens next, if anything. */
export function timelineOf({ notification: n, attempts, entries, receipts }: Audited, now: Date): TimelineEntry[] {
  const past = [
    planned(n),
    ...attempts.flatMap((attempt) => attemptLines(attempt, n)),
    ...entries,
    ...receipts.map((r) => receiptLine(r, attempts)),
    ...removed(n),
  ]
  past.sort((a, b) => a.at.getTime() - b.at.getTime())
  return [...past, ...next(n, now)]
}

function planned(n: NotificationRow): TimelineEntry {
  const what = `${n.notifier} made this ${n.channel === 'sms' ? 'text message' : n.channel} from ${n.eventType}.`
  if (n.channel === 'callback')
    return { at: n.createdAt, what, detail: 'The body was fixed then; every attempt signs and sends the same bytes.' }
  if (n.collected) return { at: n.createdAt, what, detail: 'It was kept for a digest, which will be one message.' }
  if (n.state === 'suppressed')
    return { at: n.createdAt, what, detail: `It was not sent. ${n.reasonText ?? ''}`.trim() }
  return { at: n.createdAt, what, detail: 'The message was rendered then; every attempt sends the same content.' }
}

function removed({ forgottenAt: at }: NotificationRow): TimelineEntry[] {
  return at ? [{ at, what: 'Its content and its address were removed.', detail: reason('retention').text }] : []
}

function attemptLines(a: AttemptRow, n: NotificationRow): TimelineEntry[] {
  const toApp = n.channel === 'callback'
  const who = toApp ? `The app ${n.recipientId}` : titleOf(a.provider)
  const opened = {
    at: a.startedAt,
    what: `Posthorn called ${who.replace(/^The /, 'the ')}.`,
    detail: `Attempt ${a.number}, round ${a.round}: ${a.why}.`,
  }
  if (!a.endedAt || !a.outcome) return [opened]
  const status = a.statusCode ? `It answered ${a.statusCode}.` : null
  return [
    opened,
    {
      at: a.endedAt,
      what: outcomeLine(a, who),
      detail: [toApp ? appMeaning(a) : meaning(a), status, a.error].filter(Boolean).join(' ') || null,
    },
  ]
}

function outcomeLine(a: AttemptRow, who: string): string {
  switch (a.outcome) {
    case 'accepted':
      return `${who} accepted it.`
    case 'rejected':
      return a.blame === 'message' ? `${who} refused the message.` : `${who} refused the call.`
    case 'deferred':
      return `${who} could not accept it now.`
    default:
      return `${who} may have accepted it.`
  }
}

function meaning(a: AttemptRow): string | null {
  switch (a.outcome) {
    case 'accepted':
      return a.providerMessageId ? `The provider’s message id is ${a.providerMessageId}.` : null
    case 'rejected':
      return a.blame === 'message'
        ? 'No other provider would accept it either.'
        : 'It was certainly not sent. The cause is our account or settings there, not this message.'
    case 'deferred':
      return 'It was certainly not sent.'
    default:
      return 'The call ended without a clear answer.'
  }
}

/** An app may have read a callback that it did not acknowledge; the id lets it recognise a repeat. */
function appMeaning(a: AttemptRow): string | null {
  switch (a.outcome) {
    case 'accepted':
      return `The webhook’s id was ${a.providerMessageId}.`
    case 'rejected':
      return 'This callback is not repeated.'
    default:
      return 'It was not acknowledged. A repeat has the same id.'
  }
}

/** No sentence claims more than the receipt shows: a delivered message may be unread, an unopened one may be read. */
const receiptLines: Record<ReceiptKind, string> = {
  taken: 'confirmed that it has the message.',
  'not-sent': 'reported that it did not send the message.',
  delivered: 'reported that the message was delivered.',
  undelivered: 'reported that the message was not delivered.',
  delayed: 'reported a delay and keeps trying.',
  opened: 'reported that the message was probably opened.',
  clicked: 'reported that a link in the message was followed.',
  complained: 'reported that the recipient marked the message as spam.',
  unsubscribed: 'reported that the recipient unsubscribed.',
}

function receiptLine(r: ReceiptRow, attempts: AttemptRow[]): TimelineEntry {
  const detail = [r.code, r.text].filter(Boolean).join(': ')
  const call = attempts.find((a) => a.provider === r.provider)
  // Many providers report whole seconds by their own clock, which could put a receipt before the call that it follows.
  const since = call ? (call.endedAt ?? call.startedAt) : r.receivedAt
  const at = r.at ?? r.receivedAt
  const shownAt = new Date(Math.max(at.getTime(), since.getTime()))
  return { at: shownAt, what: `${titleOf(r.provider)} ${receiptLines[r.kind]}`, detail: detail || null }
}

function next(n: NotificationRow, now: Date): TimelineEntry[] {
  if (!n.dueAt || n.state === 'sending') return []
  const at = n.dueAt > now ? n.dueAt : now
  switch (n.state) {
    case 'scheduled':
      return [
        { at, what: n.collected ? 'Next: it becomes part of its digest.' : 'Next: it is sent.', detail: n.reasonText },
      ]
    case 'pending':
      return [{ at, what: 'Next: an attempt.', detail: n.reasonText }]
    case 'unconfirmed':
      return [{ at, what: 'Next: we find out whether it was sent.', detail: n.reasonText }]
    default:
      return []
  }
}
