// Sends SMS through Twilio, which has no idempotency keys.
import twilioSdk from 'twilio'
import TwilioResponse from 'twilio/lib/http/response.js'
import type { Outcome } from '../../domain/attempt.ts'
import { type Answer, transport } from '../../wire/http.ts'
import { field } from '../../wire/json.ts'
import { type SdkCalls, sdkCalls } from '../../wire/sdk-calls.ts'
import type { SenderDeps } from '../kit/define-provider.ts'
import { type AnswerReader, outcomeOf, type VendorError } from '../kit/outcome.ts'
import type { Sender } from '../provider.ts'
import { twilioCode } from './codes.ts'
import { lookUpText } from './look-up.ts'
import type { TwilioSettings } from './settings.ts'

export function twilioSender(config: TwilioSettings, { title, nowMs, receiptsUrl }: SenderDeps): Sender<'sms'> {
  const [authToken] = config.authTokens
  const credentials = basic(config.accountSid, authToken)
  const wire = transport(config.baseUrl)
  const calls = sdkCalls(wire)
  const sdk = twilioSdk(config.accountSid, authToken, {
    accountSid: config.accountSid,
    httpClient: new TransportClient(calls),
    userAgentExtensions: ['posthorn'],
  })
  const sender = config.messagingServiceSid
    ? { messagingServiceSid: config.messagingServiceSid }
    : { from: config.from ?? undefined }
  const answers: AnswerReader = { title, nowMs, read, vendorError, refusal }
  return {
    secrets: [...config.authTokens, credentials],
    limitMs: 10_000,
    repeatable: false,
    async send(message, { attemptId, signal }) {
      // With the attempt's id, so that a receipt can settle an attempt whose answer was lost.
      const statusCallback = receiptsUrl ? `${receiptsUrl}?attempt=${attemptId}` : undefined
      const params = { to: message.to, body: message.text, ...sender, statusCallback }
      return outcomeOf(await calls.run(signal, () => sdk.messages.create(params)), answers)
    },
    lookUp: (message, options) =>
      lookUpText(wire, { accountSid: config.accountSid, authorization: `Basic ${credentials}` }, message, options),
    close: () => wire.close(),
  }
}

/** The SDK over our transport. Only the path and query of the SDK's URL are used; the base URL is ours. */
class TransportClient extends twilioSdk.RequestClient {
  readonly calls: SdkCalls

  constructor(calls: SdkCalls) {
    super()
    this.calls = calls
  }

  override async request<T>(options: Parameters<InstanceType<typeof twilioSdk.RequestClient>['request']>[0]) {
    const { pathname, search } = new URL(options.uri)
    const credentials = basic(options.username ?? '', options.password ?? '')
    const result = await this.calls.send({
      method: 'POST',
      path: pathname + search,
      headers: { ...options.headers, Authorization: `Basic ${credentials}` },
      body: new URLSearchParams(options.data as Record<string, string>).toString(),
    })
    if (result.kind !== 'answer') throw new Error(result.code)
    return new TwilioResponse.default(result.statusCode, result.body as T, result.headers)
  }
}

function basic(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`).toString('base64')
}

function read(json: unknown): Outcome | null {
  const sid = field(json, 'sid')
  return typeof sid === 'string' && sid !== '' ? { kind: 'accepted', ref: sid } : null
}

/** Twilio has errors as `{code, message}` and, newer, as `{code, title, detail}` (RFC 9457). */
function vendorError(json: unknown): VendorError | null {
  const text = field(json, 'message') ?? field(json, 'detail') ?? field(json, 'title')
  const code = field(json, 'code') ?? field(json, 'status')
  return typeof text === 'string' && typeof code === 'number' ? { code: String(code), text } : null
}

function refusal({ code, text }: VendorError, { statusCode }: Answer): Outcome | null {
  if (statusCode === 429) return null
  const description = `Twilio answered ${statusCode}, code ${code}: ${text}`
  // The default counts against this route and not the number, so that the next provider may accept the SMS.
  return twilioCode(Number(code), description) ?? { kind: 'rejected', blame: 'provider', code, text: description }
}
