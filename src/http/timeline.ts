// The timeline of a notification in plain words: who did what, in the past, then what it means.
// Made from the audit's rows whenever it is read, so that better words need no migration.
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

type Told = Pick<NotificationAudit, 'notification' | 'attempts' | 'entries' | 'receipts'>

/** Oldest first; the last line says what happens next, where something will. */
export function timelineOf({ notification: n, attempts, entries, receipts }: Told, now: Date): TimelineEntry[] {
  const past = [
    planned(n),
    ...attempts.flatMap((attempt) => attemptLines(attempt, n)),
    ...entries,
    ...receipts.map((r) => receiptLine(r, attempts)),
    ...forgotten(n),
  ]
  past.sort((a, b) => a.at.getTime() - b.at.getTime())
  return [...past, ...next(n, now)]
}

function planned(n: NotificationRow): TimelineEntry {
  const what = `${n.notifier} made this ${n.channel === 'sms' ? 'text message' : n.channel} from ${n.event_type}.`
  if (n.channel === 'callback')
    return { at: n.created_at, what, detail: 'Its body was fixed then; every attempt sends the same, freshly signed.' }
  if (n.collected)
    return { at: n.created_at, what, detail: 'It was kept as a part of a digest, which finds the words.' }
  if (n.state === 'suppressed')
    return { at: n.created_at, what, detail: `It was not sent. ${n.reason_text ?? ''}`.trim() }
  return { at: n.created_at, what, detail: 'Its words were fixed then; every attempt sends the same.' }
}

function forgotten({ forgotten_at: at }: NotificationRow): TimelineEntry[] {
  return at ? [{ at, what: 'Its words and its address are gone.', detail: reason('retention').text }] : []
}

function attemptLines(a: AttemptRow, n: NotificationRow): TimelineEntry[] {
  const toApp = n.channel === 'callback'
  const who = toApp ? `The app ${n.recipient_id}` : titleOf(a.provider)
  const opened = {
    at: a.started_at,
    what: `Posthorn called ${who.replace(/^The /, 'the ')}.`,
    detail: `Attempt ${a.number}, round ${a.round}: ${a.why}.`,
  }
  if (!a.ended_at || !a.outcome) return [opened]
  const status = a.status_code ? `It answered ${a.status_code}.` : null
  const said = a.error ? a.error : null
  return [
    opened,
    {
      at: a.ended_at,
      what: outcomeWords(a, who),
      detail: [toApp ? appMeaning(a) : meaning(a), status, said].filter(Boolean).join(' ') || null,
    },
  ]
}

function outcomeWords(a: AttemptRow, who: string): string {
  switch (a.outcome) {
    case 'accepted':
      return `${who} took it.`
    case 'rejected':
      return a.blame === 'message' ? `${who} refused the message.` : `${who} cannot send for us.`
    case 'deferred':
      return `${who} could not take it right now.`
    default:
      return `${who} may have taken it.`
  }
}

function meaning(a: AttemptRow): string | null {
  switch (a.outcome) {
    case 'accepted':
      return a.provider_message_id ? `Its id there is ${a.provider_message_id}.` : null
    case 'rejected':
      return a.blame === 'message'
        ? 'No other provider would take it either.'
        : 'Certainly not sent. This is a matter of its account or settings, not of this message.'
    case 'deferred':
      return 'Certainly not sent.'
    default:
      return 'The call ended without a clear answer.'
  }
}

/** An app that was called may have read what it did not acknowledge; the id lets it know a repeat. */
function appMeaning(a: AttemptRow): string | null {
  switch (a.outcome) {
    case 'accepted':
      return `It went as webhook ${a.provider_message_id}.`
    case 'rejected':
      return 'It is not called with this again.'
    default:
      return 'Not acknowledged. A repeat has the same id.'
  }
}

/** Delivered is not read, and unopened is not unread: the words are as certain as the receipt is. */
const receiptWords: Record<ReceiptKind, string> = {
  taken: 'has it.',
  'not-sent': 'says that it did not send it.',
  delivered: 'says that it arrived.',
  undelivered: 'says that it did not arrive.',
  delayed: 'says that it is slow to arrive, and goes on trying.',
  opened: 'says that it was most likely opened.',
  clicked: 'says that a link in it was followed.',
  complained: 'says that the customer called it spam.',
  unsubscribed: 'says that the customer wants no more of these.',
}

function receiptLine(r: ReceiptRow, attempts: AttemptRow[]): TimelineEntry {
  const detail = [r.code, r.text].filter(Boolean).join(': ')
  const call = attempts.find((a) => a.provider === r.provider)
  // Many tell whole seconds by a clock of their own: nothing arrives before it was taken.
  const since = call ? (call.ended_at ?? call.started_at) : r.received_at
  const at = r.at ?? r.received_at
  const told = new Date(Math.max(at.getTime(), since.getTime()))
  return { at: told, what: `${titleOf(r.provider)} ${receiptWords[r.kind]}`, detail: detail || null }
}

function next(n: NotificationRow, now: Date): TimelineEntry[] {
  if (!n.due_at || n.state === 'sending') return []
  const at = n.due_at > now ? n.due_at : now
  switch (n.state) {
    case 'scheduled':
      return [{ at, what: n.collected ? 'Next: it goes into its digest.' : 'Next: it is sent.', detail: n.reason_text }]
    case 'pending':
      return [{ at, what: 'Next: an attempt.', detail: n.reason_text }]
    case 'unconfirmed':
      return [{ at, what: 'Next: the doubt is settled.', detail: n.reason_text }]
    default:
      return []
  }
}
