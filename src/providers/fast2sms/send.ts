// Sends SMS to Indian numbers through Fast2SMS, which has no idempotency keys.
import type { Outcome } from '../../domain/attempt.ts'
import type { SmsMessage } from '../../domain/notification.ts'
import { transport } from '../../wire/http.ts'
import { field } from '../../wire/json.ts'
import type { SenderDeps } from '../kit/define-provider.ts'
import { type AnswerReader, outcomeOf, type VendorError } from '../kit/outcome.ts'
import type { Sender } from '../provider.ts'
import type { Fast2smsSettings } from './settings.ts'

/** Fast2SMS does not document how long it refuses a number as spammed. Shorter waits were refused again. */
const spammingPauseMs = 5 * 60_000

export function fast2smsSender(config: Fast2smsSettings, { title, nowMs }: SenderDeps): Sender<'sms'> {
  const wire = transport(config.baseUrl)
  const refusal: AnswerReader['refusal'] = (error, { statusCode }) => (statusCode === 429 ? null : refused(error))
  const answers: AnswerReader = { title, nowMs, read, vendorError, refusal }
  const headers = {
    authorization: config.apiKey,
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': 'posthorn',
  }
  return {
    secrets: [config.apiKey],
    limitMs: 10_000,
    repeatable: false,
    async send(message, { key, attemptId, signal }) {
      const numbers = /^\+91(\d{10})$/.exec(message.to)?.[1]
      if (!numbers) return notIndian
      // Fast2SMS also accepts a query, but proxies would log the number and the text. Its reports return udf1 and udf2.
      const body = JSON.stringify({ ...content(config, message), numbers, udf1: attemptId, udf2: key })
      return outcomeOf(await wire.send({ method: 'POST', path: '/dev/bulkV2', headers, body, signal }), answers)
    },
    close: () => wire.close(),
  }
}

const notIndian: Outcome = {
  kind: 'rejected',
  blame: 'provider',
  code: 'not_served',
  text: 'Fast2SMS was not called: it sends to Indian numbers only (+91 and ten digits)',
}

function content({ route, sender }: Fast2smsSettings, { text, encoding }: SmsMessage) {
  switch (route.name) {
    case 'q':
      return { route: route.name, message: text, language: encoding === 'UCS-2' ? 'unicode' : 'english', flash: 0 }
    case 'dlt':
      // A pipe separates the variables of a template, and ours has one.
      return {
        route: route.name,
        sender_id: sender,
        message: route.messageId,
        variables_values: text.replaceAll('|', '/'),
      }
    case 'dlt_manual':
      return { route: route.name, sender_id: sender, message: text }
  }
}

function read(json: unknown): Outcome | null {
  if (field(json, 'return') === true) {
    const id = field(json, 'request_id')
    if (typeof id === 'string' && id !== '') return { kind: 'accepted', ref: id }
    return { kind: 'accepted', ref: null, text: 'Fast2SMS accepted it without a request_id in the answer' }
  }
  const error = vendorError(json)
  return error && refused(error)
}

/** `message` is a string in most refusals and a list of strings in some. */
function vendorError(json: unknown): VendorError | null {
  if (field(json, 'return') !== false) return null
  const code = field(json, 'status_code')
  const text = [field(json, 'message')].flat().filter((line) => typeof line === 'string')
  return {
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : '',
    text: text.join(' ') || 'no reason given',
  }
}

/** Fast2SMS publishes no codes: these are as its users list them. They are in the body, and are not HTTP statuses. */
function refused({ code, text }: VendorError): Outcome {
  const details = { code: code || 'refused', text: `Fast2SMS refused it${code ? ` with code ${code}` : ''}: ${text}` }
  switch (code) {
    case '995': // several SMS to one number in a short time
      return { kind: 'deferred', ...details, retryAfterMs: spammingPauseMs, messageOnly: true }
    case '402': // no text
    case '411': // invalid number, but too vague to suppress it
      return { kind: 'rejected', blame: 'message', ...details }
    case '412': // key missing
    case '413': // key wrong
    case '415': // account disabled
    case '416': // no balance
      return { kind: 'rejected', blame: 'provider', account: true, ...details }
    // 401 and 406: sender; 403 and 408 to 410: route or language; 407: forbidden words; 414: our IP address; 417:
    // Unicode; 424: template; 425 and 426: unregistered text or link; 500: number on the DLT list; 990: old API; 996:
    // KYC; 997 and 998: route. These and unknown codes mean that it was not accepted, and another provider may accept
    // it.
    default:
      return { kind: 'rejected', blame: 'provider', ...details }
  }
}
