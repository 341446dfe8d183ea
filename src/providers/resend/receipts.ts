// Reads Resend's webhooks, which are signed by Svix's scheme.
import { uuidOf } from '../../domain/uuid.ts'
import { field, parseJson } from '../../wire/json.ts'
import { standardWebhookFault, verifyStandardWebhook, webhookKey } from '../../wire/standard-webhook.ts'
import { makeReceipt, type ReceiptFields } from '../kit/make-receipt.ts'
import { instantOf, lineOf, unreadable } from '../kit/report-body.ts'
import type { ReceiptReader } from '../receipt-reader.ts'

/** Throws if the secret is not base64, which the settings check. */
export function resendReceipts(webhookSecret: string): ReceiptReader {
  const keys = [webhookKey(webhookSecret, 'Resend')]
  return {
    headFault: ({ headers, nowMs }) => standardWebhookFault(headers, nowMs),
    read({ raw, headers, nowMs }) {
      const verified = verifyStandardWebhook(keys, raw, headers, nowMs)
      if (!verified.ok) return verified
      const event = parseJson(raw)
      const type = lineOf(field(event, 'type'))
      if (!type) return unreadable('The body is not a Resend event: it needs a `type`.')
      const data = field(event, 'data')
      const mapped = mapEvent(type, data)
      if (!mapped) return { ok: true, receipts: [] }
      const receipt = makeReceipt({
        ...mapped,
        // A webhook has one event, and a retry has the same id.
        key: verified.id,
        at: instantOf(field(event, 'created_at')),
        providerMessageId: lineOf(field(data, 'email_id')),
        notificationId: uuidOf(tagOf(data, 'notification_id')),
      })
      return { ok: true, receipts: [receipt] }
    },
  }
}

/** Null for events that are not about a message of ours (contacts, domains, inbound mail) and for unknown types. */
function mapEvent(type: string, data: unknown): ReceiptFields | null {
  switch (type) {
    case 'email.sent': // accepted by Resend, not yet by the mail server
    case 'email.scheduled':
      return { kind: 'taken' }
    case 'email.delivered':
      return { kind: 'delivered' }
    case 'email.delivery_delayed':
      return { kind: 'delayed' }
    case 'email.bounced':
      return bounced(field(data, 'bounce'))
    case 'email.complained':
      return { kind: 'complained', suppress: 'complaint' }
    case 'email.opened':
      return { kind: 'opened' }
    case 'email.clicked':
      return { kind: 'clicked' }
    case 'email.failed': {
      const reason = lineOf(field(field(data, 'failed'), 'reason'))
      return { kind: 'not-sent', code: reason, text: `Resend did not send it: ${reason ?? 'no reason given'}` }
    }
    case 'email.suppressed':
      return suppressed(field(data, 'suppressed'))
    default:
      return null
  }
}

/** Only a Permanent bounce suppresses; Transient (Temporary on another page of Resend's docs) and Undetermined do not. */
function bounced(bounce: unknown): ReceiptFields {
  const type = lineOf(field(bounce, 'type'))
  const subType = lineOf(field(bounce, 'subType'))
  const diagnostics = field(bounce, 'diagnosticCode')
  const texts = [field(bounce, 'message'), Array.isArray(diagnostics) ? diagnostics[0] : diagnostics]
  return {
    kind: 'undelivered',
    suppress: type?.toLowerCase() === 'permanent' ? 'hard_bounce' : null,
    code: [type, subType].filter(Boolean).join('.'),
    text: texts.flatMap((word) => lineOf(word, 1_000) ?? []).join(' '),
  }
}

/** The address is on one of Resend's suppression lists; only the text may say which. */
function suppressed(why: unknown): ReceiptFields {
  const code = lineOf(field(why, 'type'))
  const text = lineOf(field(why, 'message'), 1_000)
  const isComplaint = /complain/i.test(`${code} ${text}`)
  return { kind: 'not-sent', suppress: isComplaint ? 'complaint' : 'hard_bounce', code, text }
}

/** Tags are sent as a list and returned as an object. */
function tagOf(data: unknown, name: string): unknown {
  const tags = field(data, 'tags')
  return Array.isArray(tags)
    ? field(
        tags.find((tag) => field(tag, 'name') === name),
        'value',
      )
    : field(tags, name)
}
