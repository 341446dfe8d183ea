// Reads Resend's webhooks, which are signed by Svix's scheme.
import { uuidOf } from '../../domain/uuid.ts'
import { field, parseVendorJson } from '../../wire/json.ts'
import { standardWebhookFault, verifyStandardWebhook, webhookKey } from '../../wire/standard-webhook.ts'
import { reportedEmail } from '../kit/mailbox.ts'
import { type BounceClass, isMailboxFault } from '../kit/mailbox-fault.ts'
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
      const event = parseVendorJson(raw)
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
        // A suppression names the message that caused it, if any.
        providerMessageId: lineOf(field(data, 'email_id')) ?? lineOf(field(data, 'source_id')),
        notificationId: uuidOf(tagOf(data, 'notification_id')),
        address: addressOf(data),
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
    case 'suppression.added':
      return listed(field(data, 'origin'))
    default:
      return null
  }
}

function bounced(bounce: unknown): ReceiptFields {
  const type = lineOf(field(bounce, 'type'))
  const subType = lineOf(field(bounce, 'subType'))
  const diagnostics = field(bounce, 'diagnosticCode')
  const texts = [field(bounce, 'message'), ...(Array.isArray(diagnostics) ? diagnostics.slice(0, 1) : [diagnostics])]
  const said = texts.flatMap((word) => lineOf(word, 1_000) ?? [])
  const isHard = !isTemporary(type) && isMailboxFault({ vendorClass: classOf(type, subType), texts: said })
  return {
    kind: 'undelivered',
    suppress: isHard ? 'hard_bounce' : null,
    code: [type, subType].filter(Boolean).join('.'),
    text: said.join(' '),
  }
}

/** Resend's documentation has both names. */
function isTemporary(type: string | null): boolean {
  return /^(transient|temporary)$/i.test(type ?? '')
}

/** Older events have no type, and are sent for permanent refusals only. */
function classOf(type: string | null, subType: string | null): BounceClass {
  if (type !== null && type.toLowerCase() !== 'permanent') return 'unclear'
  return /^(noemail|suppressed|onaccountsuppressionlist)$/i.test(subType ?? '') ? 'mailbox' : 'permanent'
}

/** An address that somebody added by hand at Resend is theirs to decide. */
function listed(origin: unknown): ReceiptFields | null {
  if (origin === 'bounce') return { kind: 'listed', suppress: 'hard_bounce' }
  return origin === 'complaint' ? { kind: 'listed', suppress: 'complaint' } : null
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

/** The only recipient: each of our messages has one. */
function addressOf(data: unknown): string | null {
  const recipients = [field(data, 'to') ?? field(data, 'email')].flat()
  return recipients.length === 1 ? reportedEmail(recipients[0]) : null
}
