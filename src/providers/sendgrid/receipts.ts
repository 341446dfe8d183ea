// SendGrid's event webhook: a list of events, signed with a key of its own (ECDSA, P-256). Our ids come back as
// the custom arguments `notification_id` and `attempt_id`, which stand beside SendGrid's own fields.
import { type KeyObject, verify } from 'node:crypto'
import type { Receipt } from '../../domain/receipt.ts'
import { uuidOf } from '../../domain/uuid.ts'
import { field, parseJson } from '../../wire/json.ts'
import { makeReceipt, type ReceiptFields } from '../kit/make-receipt.ts'
import { digest, isFresh, lineOf, secondsOf, unreadable, unverified } from '../kit/report-body.ts'
import type { ReceiptReader, Report, ReportHead } from '../receipt-reader.ts'

// SendGrid tries again for up to 24 hours, and nowhere says whether it signs anew: a narrower window could lose every
// receipt of an outage. What is replayed within it changes nothing, as the same events have the same keys.
const maxAgeSeconds = 24 * 60 * 60
const header = 'x-twilio-email-event-webhook'

const unsigned = unverified('No signature of SendGrid, of the last 24 hours, matches the body.')

export function sendgridReceipts(key: KeyObject): ReceiptReader {
  return {
    headFault: (head) => (claimOf(head) ? null : unsigned),
    read(report) {
      if (!isSigned(key, report)) return unsigned
      const events = parseJson(report.raw)
      if (!Array.isArray(events)) return unreadable('The body is not a list of events in JSON.')
      return { ok: true, receipts: events.flatMap((event) => receiptOf(event) ?? []) }
    },
  }
}

interface Claim {
  signature: string
  timestamp: string
}

/** What the headers claim; null where they lack it, or it is too old. */
function claimOf({ headers, nowMs }: ReportHead): Claim | null {
  const signature = headers[`${header}-signature`]
  const timestamp = headers[`${header}-timestamp`]
  if (typeof signature !== 'string' || typeof timestamp !== 'string') return null
  return isFresh(timestamp, nowMs, maxAgeSeconds) ? { signature, timestamp } : null
}

function isSigned(key: KeyObject, report: Report): boolean {
  const claim = claimOf(report)
  if (!claim) return false
  const signed = Buffer.concat([Buffer.from(claim.timestamp), report.raw])
  return verify('sha256', signed, key, Buffer.from(claim.signature, 'base64'))
}

/** Null for what tells nothing of a message, and for what is no event at all: the others of the list still count. */
function receiptOf(event: unknown): Receipt | null {
  const name = lineOf(field(event, 'event'))
  const mapped = name && mapEvent(name, event)
  if (!mapped) return null
  const text = (name: string) => lineOf(field(event, name))
  const attemptId = uuidOf(field(event, 'attempt_id'))
  return makeReceipt({
    ...mapped,
    // Not by sg_event_id, although that is what it is for: it has been seen to change when the same event is sent
    // again (sendgrid-nodejs issue 1435), and some events have none. This is what stays the same.
    key: digest(
      ...[name, attemptId, text('sg_message_id'), text('smtp-id')],
      ...[text('timestamp'), text('email'), text('url')],
    ),
    at: secondsOf(field(event, 'timestamp')),
    // `<X-Message-Id>.<which server filtered it>`; sending answered with the first part alone.
    providerMessageId: text('sg_message_id')?.split('.')[0] || null,
    notificationId: uuidOf(field(event, 'notification_id')),
    attemptId,
  })
}

function mapEvent(name: string, event: unknown): ReceiptFields | null {
  switch (name) {
    case 'processed':
      return { kind: 'taken' }
    case 'deferred':
      return { kind: 'delayed', ...diagnosticOf(event) }
    case 'delivered':
      return { kind: 'delivered' }
    case 'bounce':
      return { kind: 'undelivered', suppress: isHard(event) ? 'hard_bounce' : null, ...diagnosticOf(event) }
    case 'dropped':
      return { kind: 'not-sent', suppress: listed(lineOf(field(event, 'reason'))), ...diagnosticOf(event) }
    case 'open':
      return { kind: 'opened' }
    case 'click':
      return { kind: 'clicked' }
    case 'spamreport':
      return { kind: 'complained', suppress: 'complaint' }
    case 'unsubscribe':
    case 'group_unsubscribe':
      return { kind: 'unsubscribed' }
    default:
      return null
  }
}

/**
 * A `blocked` bounce is about us or the content; one without a type, as accounts of old have them, is a bounce like any
 * other. Not for good, or no fault of the address: what a 4 says is temporary, policy, and a full mailbox.
 */
function isHard(event: unknown): boolean {
  if (field(event, 'type') === 'blocked') return false
  const { code } = diagnosticOf(event)
  return code === null || !/^(4|5\.7\.|5\.2\.2$)/.test(code)
}

/** `dropped` names in its reason why SendGrid did not even try. An opt-out from a list of SendGrid's is not one from us. */
function listed(reason: string | null): Receipt['suppress'] {
  if (/^bounced address/i.test(reason ?? '')) return 'hard_bounce'
  if (/^spam reporting address/i.test(reason ?? '')) return 'complaint'
  return /^invalid$/i.test(reason ?? '') ? 'invalid_address' : null
}

/** The receiving server's words. `status` is the enhanced code; without it, the reason mostly begins with one. */
function diagnosticOf(event: unknown): { code: string | null; text: string | null } {
  const text = lineOf(field(event, 'reason'), 1_000) ?? lineOf(field(event, 'response'), 1_000)
  const found = /^\d{3}\b(?:[ -](\d\.\d{1,3}\.\d{1,3})\b)?/.exec(text ?? '')
  return { code: lineOf(field(event, 'status')) ?? found?.[1] ?? found?.[0] ?? null, text }
}
