// Resend: email over HTTP with idempotency keys, so an unknown outcome is settled by sending the
// same again. The SDK writes the request; the outcome table is below.
import { Resend, type Response } from 'resend'
import type { Outcome } from '../../domain/attempt.ts'
import type { EmailMessage } from '../../domain/notification.ts'
import { type Answer, transport } from '../../wire/http.ts'
import { field } from '../../wire/json.ts'
import { type SdkCalls, sdkCalls } from '../../wire/sdk-calls.ts'
import type { SenderDeps } from '../kit/define-provider.ts'
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

/** Only what is frozen in the message, and the key: under one key Resend wants the same bytes every time. */
function payload(message: EmailMessage, key: string) {
  return {
    from: message.from,
    to: message.to,
    replyTo: message.replyTo ?? undefined,
    subject: message.subject,
    html: message.html,
    text: message.text,
    headers: message.headers,
    tags: [{ name: 'notification_id', value: notificationOf(key) }],
  }
}

/** The SDK over our own connections. What it would read of the answer is not used. */
class TransportResend extends Resend {
  readonly calls: SdkCalls

  constructor(config: ResendSettings, calls: SdkCalls) {
    // Everything is given, as the SDK would otherwise look into the environment. Resend refuses
    // a request without a User-Agent (403, code 1010).
    super(config.apiKey, { baseUrl: config.baseUrl, userAgent: 'posthorn' })
    this.calls = calls
  }

  override async fetchRequest<T>(path: string, options: object = {}): Promise<Response<T>> {
    const { body, headers } = options as { body: string; headers: Headers }
    await this.calls.send({ method: 'POST', path, headers: Object.fromEntries(headers), body })
    return {
      data: null,
      error: { name: 'application_error', statusCode: null, message: 'read elsewhere' },
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
    // Another body was taken under this key before: the person has been told.
    case 'invalid_idempotent_request':
      return { kind: 'accepted', ref: null, text: `${description} (an earlier call with this key was taken)` }
    case 'daily_quota_exceeded':
    case 'monthly_quota_exceeded':
    case 'email_above_quota':
      return { kind: 'rejected', blame: 'provider', account: true, code, text: description }
    case 'invalid_from_address':
    case 'invalid_access':
    case 'invalid_region':
    // 451 is Resend's own suspicion of the request or the account. Nothing says that the message
    // is hopeless elsewhere, so the next provider may have it, and it is logged as an error.
    case 'security_error':
      return { kind: 'rejected', blame: 'provider', code, text: description }
  }
  // The same key is being worked on (concurrent_idempotent_requests, resource_locked): it may end well.
  return statusCode === 409 ? { kind: 'unknown', code, text: description, onlyThis: true } : null
}
