// Sends email through SendGrid, which has no idempotency keys.
import type { Outcome } from '../../domain/attempt.ts'
import type { EmailMessage } from '../../domain/notification.ts'
import { type Answer, retryAfterMs, transport } from '../../wire/http.ts'
import { field } from '../../wire/json.ts'
import type { SenderDeps } from '../kit/define-provider.ts'
import { mailboxOf, messageIdOf, namedMailbox } from '../kit/mailbox.ts'
import { type AnswerReader, outcomeOf, type VendorError } from '../kit/outcome.ts'
import { notificationOf, type Sender } from '../provider.ts'
import type { SendgridSettings } from './settings.ts'

export function sendgridSender(config: SendgridSettings, { title, nowMs }: SenderDeps): Sender<'email'> {
  const wire = transport(config.baseUrl)
  const answers: AnswerReader = {
    title,
    nowMs,
    read,
    vendorError,
    refusal: (error, answer) => refusal(error, answer, nowMs()),
  }
  const headers = {
    authorization: `Bearer ${config.apiKey}`,
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': 'posthorn',
  }
  return {
    secrets: [config.apiKey],
    limitMs: 10_000,
    repeatable: false,
    async send(message, { key, attemptId, signal }) {
      const body = JSON.stringify(payload(message, key, attemptId))
      return outcomeOf(await wire.send({ method: 'POST', path: '/v3/mail/send', headers, body, signal }), answers)
    },
    close: () => wire.close(),
  }
}

function payload(message: EmailMessage, key: string, attemptId: string) {
  return {
    personalizations: [
      {
        to: [{ email: message.to, name: recipientName(message.toName) }],
        custom_args: { notification_id: notificationOf(key), attempt_id: attemptId },
      },
    ],
    from: mailboxOf(message.from),
    reply_to: message.replyTo === null ? undefined : mailboxOf(message.replyTo),
    subject: message.subject,
    // SendGrid requires text before html.
    content: [
      { type: 'text/plain', value: message.text },
      { type: 'text/html', value: message.html },
    ],
    headers: { ...message.headers, 'Message-ID': messageIdOf(key, message.from) },
  }
}

/**
 * The name without special characters. SendGrid accepts a recipient's name with a comma, parses it as two recipients
 * and drops both (its Mail Send limitations; sendgrid-python issue 291; sendgrid-ruby issue 394 for the other
 * characters). The name of a sender is not affected.
 */
function recipientName(name: string | null): string | undefined {
  return namedMailbox('', name?.replace(/[(),:;<>@[\]"\\]+/g, ' ') ?? null).name
}

function read(_: unknown, { statusCode, headers, body }: Answer): Outcome | null {
  const id = headers['x-message-id']
  if (typeof id === 'string' && id !== '') return { kind: 'accepted', ref: id }
  // SendGrid accepts with an empty 202 and the id in a header, which a gateway may drop; events are then matched by our
  // ids. Any other 2xx is not SendGrid's, so the outcome is unknown.
  if (statusCode === 202 && body.trim() === '')
    return { kind: 'accepted', ref: null, text: 'SendGrid accepted it without an X-Message-Id in the answer' }
  return null
}

/** SendGrid's errors have no code; the name of the field stands for it. */
function vendorError(json: unknown): VendorError | null {
  const errors = field(json, 'errors')
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  const text = field(first, 'message')
  const at = field(first, 'field')
  return typeof text === 'string' ? { code: typeof at === 'string' ? at : '', text } : null
}

function refusal({ code, text }: VendorError, { statusCode, headers }: Answer, nowMs: number): Outcome | null {
  const details = { code: code || `http_${statusCode}`, text: `SendGrid answered ${statusCode}: ${text}` }
  if (statusCode === 429)
    return { kind: 'deferred', ...details, retryAfterMs: retryAfterMs(headers, nowMs) ?? untilResetMs(headers, nowMs) }
  // The sender is a setting, and another provider may accept it.
  if (/^(from|reply_to)\b/.test(code)) return { kind: 'rejected', blame: 'provider', ...details }
  return null
}

/** The time until `X-RateLimit-Reset`, which is in Unix seconds; at most an hour. */
function untilResetMs(headers: Answer['headers'], nowMs: number): number | undefined {
  const value = String(headers['x-ratelimit-reset'] ?? '')
  return /^\d{9,11}$/.test(value) ? Math.min(Math.max(Number(value) * 1000 - nowMs, 0), 3_600_000) : undefined
}
