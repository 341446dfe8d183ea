// Sends email through Mailgun, which has no idempotency keys.
import type { Outcome } from '../../domain/attempt.ts'
import type { EmailMessage } from '../../domain/notification.ts'
import { type Answer, transport } from '../../wire/http.ts'
import { field } from '../../wire/json.ts'
import type { SenderDeps } from '../kit/define-provider.ts'
import { mailboxOf, mailboxText, messageIdOf, namedMailbox } from '../kit/mailbox.ts'
import { type AnswerReader, outcomeOf, type VendorError } from '../kit/outcome.ts'
import { notificationOf, type Sender } from '../provider.ts'
import type { MailgunSettings } from './settings.ts'

export function mailgunSender(config: MailgunSettings, { title, nowMs }: SenderDeps): Sender<'email'> {
  const wire = transport(config.baseUrl)
  const answers: AnswerReader = { title, nowMs, read, vendorError, refusal }
  const credentials = Buffer.from(`api:${config.apiKey}`).toString('base64')
  const headers = {
    authorization: `Basic ${credentials}`,
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
    'user-agent': 'posthorn',
  }
  const path = `/v3/${encodeURIComponent(config.domain)}/messages`
  return {
    secrets: [config.apiKey, credentials],
    limitMs: 10_000,
    repeatable: false,
    async send(message, { key, attemptId, signal }) {
      const body = form(message, key, attemptId).toString()
      return outcomeOf(await wire.send({ method: 'POST', path, headers, body, signal }), answers)
    },
    close: () => wire.close(),
  }
}

function form(message: EmailMessage, key: string, attemptId: string): URLSearchParams {
  const fields = new URLSearchParams({
    from: mailboxText(mailboxOf(message.from)),
    to: mailboxText(namedMailbox(message.to, message.toName)),
    subject: message.subject,
    text: message.text,
    html: message.html,
    'h:Message-Id': messageIdOf(key, message.from),
    // Mailgun returns variables (`v:`) in its events.
    'v:notification_id': notificationOf(key),
    'v:attempt_id': attemptId,
  })
  if (message.replyTo !== null) fields.append('h:Reply-To', mailboxText(mailboxOf(message.replyTo)))
  for (const [name, value] of Object.entries(message.headers)) fields.append(`h:${name}`, value)
  return fields
}

/** Without the angle brackets, as in Mailgun's events. */
function read(json: unknown): Outcome | null {
  const id = field(json, 'id')
  const ref = typeof id === 'string' ? id.replace(/^<|>$/g, '') : ''
  return ref === '' ? null : { kind: 'accepted', ref }
}

/** Mailgun's errors have no code. */
function vendorError(json: unknown): VendorError | null {
  const text = field(json, 'message')
  return typeof text === 'string' && text !== '' ? { code: '', text } : null
}

function refusal({ text }: VendorError, { statusCode }: Answer): Outcome | null {
  // The sender is a setting, and another provider may accept it.
  if (statusCode === 400 && /^'?from'? parameter/i.test(text))
    return { kind: 'rejected', blame: 'provider', code: 'from', text: `Mailgun answered 400: ${text}` }
  return null
}
