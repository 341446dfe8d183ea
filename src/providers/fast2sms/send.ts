// Fast2SMS: SMS over HTTP to Indian numbers alone, without idempotency keys. Its own codes are in the body, and
// look like HTTP's without being so: the table is below. The attempt's id goes out as udf1, the notification's as
// udf2, and both come back in its reports.
import type { Outcome } from '../../domain/attempt.ts'
import type { SmsMessage } from '../../domain/notification.ts'
import { transport } from '../../wire/http.ts'
import { field } from '../../wire/json.ts'
import type { SenderDeps } from '../kit/define-provider.ts'
import { type AnswerReader, outcomeOf, type VendorError } from '../kit/outcome.ts'
import type { Sender } from '../provider.ts'
import type { Fast2smsSettings } from './settings.ts'

/** Fast2SMS does not say how long it holds a number that got several SMS for spammed; short waits meet it again. */
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
      // In the body and never in the query, which Fast2SMS takes as well and every log on the way would keep.
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
  text: 'Fast2SMS carries to Indian numbers only (+91 and ten digits), and was not called',
}

function content({ route, sender }: Fast2smsSettings, { text, encoding }: SmsMessage) {
  switch (route.name) {
    case 'q':
      return { route: route.name, message: text, language: encoding === 'UCS-2' ? 'unicode' : 'english', flash: 0 }
    case 'dlt':
      // A pipe would end the template's one variable and begin another.
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
    return { kind: 'accepted', ref: null, text: 'Fast2SMS took it, and its answer had no request_id' }
  }
  const error = vendorError(json)
  return error && refused(error)
}

/** `message` is a text in most refusals, and a list of texts in some. */
function vendorError(json: unknown): VendorError | null {
  if (field(json, 'return') !== false) return null
  const code = field(json, 'status_code')
  const text = [field(json, 'message')].flat().filter((line) => typeof line === 'string')
  return {
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : '',
    text: text.join(' ') || 'no reason given',
  }
}

/** Codes as users of Fast2SMS list them; it publishes none. */
function refused({ code, text }: VendorError): Outcome {
  const details = { code: code || 'refused', text: `Fast2SMS refused it${code ? ` with code ${code}` : ''}: ${text}` }
  switch (code) {
    case '995': // several SMS to one number in a short time
      return { kind: 'deferred', ...details, retryAfterMs: spammingPauseMs, onlyThis: true }
    case '402': // no text
    case '411': // not a number, by a list too vague to suppress it
      return { kind: 'rejected', blame: 'message', ...details }
    case '412': // key missing
    case '413': // key wrong
    case '415': // account disabled
    case '416': // no balance
      return { kind: 'rejected', blame: 'provider', account: true, ...details }
    // 401 and 406 sender, 403 and 408 to 410 route and language, 407 words that it does not carry, 417 Unicode, 425 and 426
    // a text or a link that is not registered, 500 a number on the DLT's list, 414 our address, 424 template, 990 old API,
    // 996 KYC, 997 and 998 route, and whatever comes new: certainly not taken, and others may carry it.
    default:
      return { kind: 'rejected', blame: 'provider', ...details }
  }
}
