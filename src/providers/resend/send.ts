// Sends email through Resend, which has idempotency keys.
import { Resend, type Response } from 'resend'
import type { Outcome } from '../../domain/attempt.ts'
import type { EmailMessage } from '../../domain/notification.ts'
import { type Answer, transport } from '../../wire/http.ts'
import { field } from '../../wire/json.ts'
import { type SdkCalls, sdkCalls } from '../../wire/sdk-calls.ts'
import type { SenderDeps } from '../kit/define-provider.ts'
import { mailboxOf, mailboxText } from '../kit/mailbox.ts'
import { type AnswerReader, outcomeOf, type VendorError } from '../kit/outcome.ts'
import { notificationOf, type Sender } from '../provider.ts'
import type { ResendSettings } from './settings.ts'

export function resendSender(config: ResendSettings, { title, nowMs }: SenderDeps): Sender<'email'> {
  const wire = transport(config.baseUrl)
  const calls = sdkCalls(wire)
  const sdk = new TransportResend(config, calls)
  const answers: AnswerReader = { title, nowMs, read, vendorError, refusal }
  return {
    secrets: [config.apiKey],
    limitMs: 10_000,
    repeatable: true,
    async send(message, { key, signal }) {
      const result = await calls.run(signal, () => sdk.emails.send(payload(message, key), { idempotencyKey: key }))
      return outcomeOf(result, answers)
    },
    close: () => wire.close(),
  }
}

/** Made from the frozen message and the key alone, as Resend refuses other bytes under the same key. */
function payload(message: EmailMessage, key: string) {
  return {
    from: mailboxText(mailboxOf(message.from)),
    to: message.to,
    replyTo: message.replyTo === null ? undefined : mailboxText(mailboxOf(message.replyTo)),
    subject: message.subject,
    html: message.html,
    text: message.text,
    headers: message.headers,
    tags: [{ name: 'notification_id', value: notificationOf(key) }],
  }
}

/** The SDK over our transport. Its reading of the answer is not used. */
class TransportResend extends Resend {
  readonly calls: SdkCalls

  constructor(config: ResendSettings, calls: SdkCalls) {
    // The SDK reads the environment for options that are not given. Resend refuses a request without a User-Agent (403,
    // code 1010).
    super(config.apiKey, { baseUrl: config.baseUrl, userAgent: 'posthorn' })
    this.calls = calls
  }

  override async fetchRequest<T>(path: string, options: object = {}): Promise<Response<T>> {
    const { body, headers } = options as { body: string; headers: Headers }
    await this.calls.send({ method: 'POST', path, headers: Object.fromEntries(headers), body })
    return {
      data: null,
      error: { name: 'application_error', statusCode: null, message: 'the answer is read from the transport' },
      headers: null,
    }
  }
}

function read(json: unknown): Outcome | null {
  const id = field(json, 'id')
  return typeof id === 'string' && id !== '' ? { kind: 'accepted', ref: id } : null
}

function vendorError(json: unknown): VendorError | null {
  const name = field(json, 'name')
  const message = field(json, 'message')
  return typeof name === 'string' && typeof message === 'string' ? { code: name, text: message } : null
}

function refusal({ code, text }: VendorError, { statusCode }: Answer): Outcome | null {
  const description = `Resend answered ${statusCode} ${code}: ${text}`
  switch (code) {
    // Resend accepted another body under this key before, so the person was notified.
    case 'invalid_idempotent_request':
      return { kind: 'accepted', ref: null, text: `${description} (an earlier call with this key was accepted)` }
    case 'daily_quota_exceeded':
    case 'monthly_quota_exceeded':
    case 'email_above_quota':
      return { kind: 'rejected', blame: 'provider', account: true, code, text: description }
    case 'invalid_from_address':
    case 'invalid_access':
    case 'invalid_region':
    // 451: Resend suspects the request or the account. Another provider may still accept the message.
    case 'security_error':
      return { kind: 'rejected', blame: 'provider', code, text: description }
  }
  // A call with the same key is in progress (concurrent_idempotent_requests, resource_locked) and may succeed.
  return statusCode === 409 ? { kind: 'unknown', code, text: description, messageOnly: true } : null
}
