// Reads SendGrid's event webhook: a list of events, signed with ECDSA (P-256).
import { type KeyObject, verify } from 'node:crypto'
import type { Receipt } from '../../domain/receipt.ts'
import { uuidOf } from '../../domain/uuid.ts'
import { field, parseVendorJson, vendorLimits } from '../../wire/json.ts'
import { reportedEmail } from '../kit/mailbox.ts'
import { type BounceClass, isMailboxFault } from '../kit/mailbox-fault.ts'
import { makeReceipt, type ReceiptFields, receiptsOf } from '../kit/make-receipt.ts'
import { digest, isFresh, lineOf, secondsOf, unreadable, unverified } from '../kit/report-body.ts'
import type { ReceiptReader, Report, ReportHead } from '../receipt-reader.ts'

// SendGrid retries for up to 24 hours and does not document whether it signs each retry again, so a shorter limit could
// lose the receipts of an outage. A replay changes nothing, since its events have the same keys.
const maxAgeSeconds = 24 * 60 * 60
const header = 'x-twilio-email-event-webhook'

const unsigned = unverified('The request has no valid SendGrid signature of the last 24 hours.')

export function sendgridReceipts(key: KeyObject): ReceiptReader {
  return {
    headFault: (head) => (claimOf(head) ? null : unsigned),
    read(report) {
      if (!isSigned(key, report)) return unsigned
      const events = parseVendorJson(report.raw)
      if (!Array.isArray(events)) return unreadable(`The body is not a list of events in JSON with ${vendorLimits}.`)
      return { ok: true, receipts: receiptsOf(events, receiptOf) }
    },
  }
}

interface Claim {
  signature: string
  timestamp: string
}

/** The signature headers; null if they are missing or too old. */
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

/** Null for an event that is not about a message, and for an invalid one, so that the others of the list still count. */
function receiptOf(event: unknown): Receipt | null {
  const name = lineOf(field(event, 'event'))
  const mapped = name && mapEvent(name, event)
  if (!mapped) return null
  const text = (name: string) => lineOf(field(event, name))
  const attemptId = uuidOf(field(event, 'attempt_id'))
  return makeReceipt({
    ...mapped,
    // Not sg_event_id: it was seen to change when the same event was sent again (sendgrid-nodejs issue 1435), and some
    // events have none. These fields stay the same.
    key: digest(
      ...[name, attemptId, text('sg_message_id'), text('smtp-id')],
      ...[text('timestamp'), text('email'), text('url')],
    ),
    at: secondsOf(field(event, 'timestamp')),
    // `<X-Message-Id>.<server>`; the answer to sending has the first part only.
    providerMessageId: text('sg_message_id')?.split('.')[0] || null,
    // Custom arguments are returned beside SendGrid's own fields.
    notificationId: uuidOf(field(event, 'notification_id')),
    attemptId,
    // Bounces that come after the delivery may name nothing else.
    address: reportedEmail(text('email')),
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
      return { kind: isTrue(field(event, 'sg_machine_open')) ? 'scanned' : 'opened' }
    case 'click':
      return { kind: 'clicked' }
    case 'spamreport':
      return { kind: 'complained', suppress: 'complaint' }
    case 'unsubscribe':
    case 'group_unsubscribe':
      return { kind: 'unsubscribed' }
    case 'group_resubscribe':
      return { kind: 'resubscribed' }
    default:
      return null
  }
}

function isTrue(value: unknown): boolean {
  return /^(true|1)$/i.test(String(value))
}

/** A `blocked` bounce concerns us or the content. Bounces of older accounts have no type and count as any other. */
function isHard(event: unknown): boolean {
  if (field(event, 'type') === 'blocked') return false
  const texts = ['reason', 'response'].map((name) => lineOf(field(event, name), 1_000))
  return isMailboxFault({ vendorClass: classOf(event), status: lineOf(field(event, 'status')), texts })
}

/** The others are Technical, Content, Reputation, Frequency or Volume, and Mailbox Unavailable, which includes a full one. */
function classOf(event: unknown): BounceClass {
  const name = lineOf(field(event, 'bounce_classification'))?.toLowerCase()
  if (name === undefined || name === 'unclassified') return 'unclear'
  return name === 'invalid address' ? 'mailbox' : 'other'
}

/** The reason why SendGrid did not try to send. An unsubscribe from one of SendGrid's lists is not one from us. */
function listed(reason: string | null): Receipt['suppress'] {
  if (/^bounced address/i.test(reason ?? '')) return 'hard_bounce'
  if (/^spam reporting address/i.test(reason ?? '')) return 'complaint'
  return /^invalid$/i.test(reason ?? '') ? 'invalid_address' : null
}

/** The receiving server's code and text. `status` is the enhanced code; without it, most reasons begin with a code. */
function diagnosticOf(event: unknown): { code: string | null; text: string | null } {
  const text = lineOf(field(event, 'reason'), 1_000) ?? lineOf(field(event, 'response'), 1_000)
  const found = /^\d{3}\b(?:[ -](\d\.\d{1,3}\.\d{1,3})\b)?/.exec(text ?? '')
  return { code: lineOf(field(event, 'status')) ?? found?.[1] ?? found?.[0] ?? null, text }
}
