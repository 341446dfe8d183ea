// Reads Mailgun's webhooks.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Receipt } from '../../domain/receipt.ts'
import { uuidOf } from '../../domain/uuid.ts'
import { mayBeAddress } from '../../privacy/find-addresses.ts'
import { redact } from '../../privacy/redact.ts'
import { field, parseVendorJson } from '../../wire/json.ts'
import { reportedEmail } from '../kit/mailbox.ts'
import { isMailboxFault } from '../kit/mailbox-fault.ts'
import { makeReceipt, type ReceiptFields } from '../kit/make-receipt.ts'
import { digest, isFresh, lineOf, secondsOf, unreadable, unverified } from '../kit/report-body.ts'
import type { ReceiptReader } from '../receipt-reader.ts'

// Mailgun retries for up to 8 hours and does not document that it signs each retry again. Replays are refused by the token,
// which must be remembered for at least this long.
const maxAgeSeconds = 12 * 60 * 60
const eventId = /^[\w-]{22}$/

/**
 * The signature covers a timestamp and a token but not the event, so a captured signature would verify any event: each
 * token is accepted once.
 */
export function mailgunReceipts(signingKey: string): ReceiptReader {
  return {
    read({ raw, nowMs }) {
      const body = parseVendorJson(raw)
      const token = signedToken(signingKey, field(body, 'signature'), nowMs)
      if (!token) return unverified('The body has no valid Mailgun signature of the last 12 hours.')
      const event = field(body, 'event-data')
      const name = lineOf(field(event, 'event'))
      if (!name) return unreadable('The body has no `event-data` with an `event`.')
      const mapped = mapEvent(name, event)
      return { ok: true, receipts: mapped ? [receiptOf(mapped, name, event)] : [], once: token }
    },
  }
}

/** The token of a valid signature; null if there is none. */
function signedToken(key: string, signature: unknown, nowMs: number): string | null {
  const timestamp = lineOf(field(signature, 'timestamp'))
  const token = field(signature, 'token')
  const given = field(signature, 'signature')
  if (!timestamp || typeof token !== 'string' || typeof given !== 'string') return null
  if (!/^[\w-]{1,100}$/.test(token) || !/^[0-9a-f]{64}$/i.test(given)) return null
  const expected = createHmac('sha256', key).update(timestamp).update(token).digest()
  return isFresh(timestamp, nowMs, maxAgeSeconds) && timingSafeEqual(Buffer.from(given, 'hex'), expected) ? token : null
}

function receiptOf(mapped: ReceiptFields, name: string, event: unknown): Receipt {
  const at = secondsOf(field(event, 'timestamp'))
  const id = lineOf(field(event, 'id'))
  const messageId = lineOf(field(field(field(event, 'message'), 'headers'), 'message-id'))
  const variables = field(event, 'user-variables')
  return makeReceipt({
    ...mapped,
    key: id
      ? keyOf(id, at?.toISOString().slice(0, 10) ?? '')
      : digest(name, messageId, lineOf(field(event, 'timestamp'))),
    at,
    // Only some answers and events have the angle brackets.
    providerMessageId: messageId?.replace(/^<|>$/g, '') || null,
    notificationId: uuidOf(field(variables, 'notification_id')),
    attemptId: uuidOf(field(variables, 'attempt_id')),
    address: reportedEmail(field(event, 'recipient')),
  })
}

/** Mailgun's event ids are unique within a day. Of one in another form, which may be an address, only a hash is kept. */
function keyOf(id: string, day: string): string {
  return eventId.test(id) && !mayBeAddress(id) ? `${id}:${day}` : digest(id, day)
}

function mapEvent(name: string, event: unknown): ReceiptFields | null {
  switch (name) {
    case 'accepted':
      return { kind: 'taken' }
    case 'rejected':
      return { kind: 'not-sent', code: 'rejected', text: lineOf(field(field(event, 'reject'), 'reason'), 1_000) }
    case 'delivered':
      return { kind: 'delivered' }
    case 'failed':
      return failed(event)
    case 'opened':
      return { kind: isBot(event) ? 'scanned' : 'opened' }
    case 'clicked':
      return { kind: isBot(event) ? 'scanned' : 'clicked' }
    case 'complained':
      return { kind: 'complained', suppress: 'complaint' }
    case 'unsubscribed':
      return { kind: 'unsubscribed' }
    default:
      return null
  }
}

/**
 * `bot` is `apple` for Apple's privacy protection, `gmail` for Gmail's proxy, `generic` for others such as mail filters. The type of
 * the client, a browser or an email client for people, is older and tells of programs too.
 */
function isBot(event: unknown): boolean {
  const client = field(event, 'client-info')
  return lineOf(field(client, 'bot')) !== null || /^(robot|library)$/i.test(lineOf(field(client, 'client-type')) ?? '')
}

/** Only a permanent failure is final. `suppress-…` means that the address is on Mailgun's list and was not tried. */
function failed(event: unknown): ReceiptFields {
  const status = field(event, 'delivery-status')
  const reason = lineOf(field(event, 'reason'))
  const description = lineOf(field(status, 'message'), 1_000) ?? lineOf(field(status, 'description'), 1_000)
  // Each by itself: joined, an address in one might not read as one.
  const codes = [reason, lineOf(field(status, 'code'))].flatMap((code) => (code ? redact(code) : []))
  const details = { code: codes.join('.'), text: description }
  if (field(event, 'severity') !== 'permanent') return { kind: 'delayed', ...details }
  const texts = ['message', 'description'].map((name) => lineOf(field(status, name), 1_000))
  const isHard = () => isMailboxFault({ vendorClass: 'unclear', status: lineOf(field(status, 'enhanced-code')), texts })
  switch (reason) {
    // Every permanent refusal is a `bounce`, also one for our content or reputation.
    case 'bounce':
    case 'generic':
      return { kind: 'undelivered', suppress: isHard() ? 'hard_bounce' : null, ...details }
    case 'suppress-bounce':
      return { kind: 'not-sent', suppress: 'hard_bounce', ...details }
    case 'suppress-complaint':
      return { kind: 'not-sent', suppress: 'complaint', ...details }
    case 'suppress-unsubscribe':
      return { kind: 'not-sent', ...details }
    // old (retried for too long), espblock: these concern us, the content or the network.
    default:
      return { kind: 'undelivered', ...details }
  }
}
