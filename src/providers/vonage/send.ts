// Sends SMS through Vonage's SMS API, which has no idempotency keys.
import type { Outcome } from '../../domain/attempt.ts'
import { transport } from '../../wire/http.ts'
import { field } from '../../wire/json.ts'
import type { SenderDeps } from '../kit/define-provider.ts'
import { type AnswerReader, outcomeOf, type VendorError } from '../kit/outcome.ts'
import type { Sender } from '../provider.ts'
import type { VonageSettings } from './settings.ts'

export function vonageSender(config: VonageSettings, { title, nowMs }: SenderDeps): Sender<'sms'> {
  const wire = transport(config.baseUrl)
  const refusal: AnswerReader['refusal'] = (error, { statusCode }) => (statusCode === 429 ? null : refused(error))
  const answers: AnswerReader = { title, nowMs, read, vendorError, refusal }
  const secrets = [config.apiSecret, config.apiKey, ...(config.signatureSecrets ?? [])]
  return {
    secrets,
    limitMs: 10_000,
    repeatable: false,
    async send(message, { attemptId, signal }) {
      const body = JSON.stringify({
        api_key: config.apiKey,
        api_secret: config.apiSecret,
        from: config.from,
        to: message.to.replace(/^\+/, ''),
        text: message.text,
        type: message.encoding === 'UCS-2' ? 'unicode' : undefined,
        'client-ref': attemptId,
      })
      const headers = { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'posthorn' }
      const result = await wire.send({ method: 'POST', path: '/sms/json', headers, body, signal })
      return outcomeOf(result, answers)
    },
    close: () => wire.close(),
  }
}

function partsOf(json: unknown): unknown[] {
  const messages = field(json, 'messages')
  return Array.isArray(messages) ? messages : []
}

/**
 * Vonage answers 200 to nearly everything, with a status for each part. If one part was accepted the person gets
 * something, so the message must not be sent again.
 */
function read(json: unknown): Outcome | null {
  const parts = partsOf(json)
  const taken = parts.filter((part) => field(part, 'status') === '0')
  if (taken.length > 0) {
    const ref = field(taken[0], 'message-id')
    const text = taken.length < parts.length ? `Vonage accepted ${taken.length} of ${parts.length} parts` : undefined
    return { kind: 'accepted', ref: typeof ref === 'string' ? ref : null, text }
  }
  const error = vendorError(json)
  return error ? refused(error) : null
}

function vendorError(json: unknown): VendorError | null {
  const part = partsOf(json)[0]
  const code = field(part, 'status')
  if (typeof code === 'string' && code !== '')
    return { code, text: String(field(part, 'error-text') ?? 'no reason given') }
  const text = field(json, 'detail') ?? field(json, 'title') ?? field(json, 'error-code-label')
  return typeof text === 'string' ? { code: 'problem', text } : null
}

/** The outcome of a part's status; null if there is none and the HTTP status decides. */
function refused({ code, text }: VendorError): Outcome | null {
  const details = { code, text: `Vonage refused it with status ${code}: ${text}` }
  switch (code) {
    case 'problem':
      return null
    case '1': // throttled
    case '10': // too many connections
      return { kind: 'deferred', throttled: true, ...details }
    case '5': // internal error; documented as not accepted
      return { kind: 'deferred', ...details }
    case '2': // missing parameter
    case '3': // invalid parameter, usually the number, but too vague to suppress it
    case '6': // invalid message
    case '12': // too long
      return { kind: 'rejected', blame: 'message', ...details }
    case '7': // the number is blocked: the person opted out
      return { kind: 'rejected', blame: 'message', suppress: 'opted_out', ...details }
    case '33': // the number is deactivated
      return { kind: 'rejected', blame: 'message', suppress: 'invalid_address', ...details }
    case '4': // credentials
    case '8': // account blocked
    case '9': // no credit
    case '11': // account not enabled
      return { kind: 'rejected', blame: 'provider', account: true, ...details }
    // 14: signature; 15: sender; 22: network not reached; 23: callback URL; 29: number not on the list of a demo
    // account; 32. These and unknown codes mean that it was not accepted, and not because of the number.
    default:
      return { kind: 'rejected', blame: 'provider', ...details }
  }
}
