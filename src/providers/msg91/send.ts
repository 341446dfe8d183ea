// Sends SMS through MSG91's Flow API, which has no idempotency keys. A flow is a template: ours has one variable,
// `message`, which gets the whole text.
import type { Outcome } from '../../domain/attempt.ts'
import { transport } from '../../wire/http.ts'
import { field } from '../../wire/json.ts'
import type { SenderDeps } from '../kit/define-provider.ts'
import { type AnswerReader, outcomeOf, type VendorError } from '../kit/outcome.ts'
import type { Sender } from '../provider.ts'
import type { Msg91Settings } from './settings.ts'

export function msg91Sender(config: Msg91Settings, { title, nowMs }: SenderDeps): Sender<'sms'> {
  const wire = transport(config.baseUrl)
  const refusal: AnswerReader['refusal'] = (error, { statusCode }) => (statusCode === 429 ? null : refused(error))
  const answers: AnswerReader = { title, nowMs, read, vendorError, refusal }
  const headers = {
    authkey: config.authKey,
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': 'posthorn',
  }
  const flows = new Map(Object.entries(config.flows))
  return {
    secrets: [config.authKey],
    limitMs: 10_000,
    repeatable: false,
    async send(message, { notifier, attemptId, signal }) {
      const body = JSON.stringify({
        template_id: flows.get(notifier) ?? config.flowId,
        sender: config.sender ?? undefined,
        short_url: '0',
        // MSG91 takes a CRQID for each recipient and returns it in every version of its reports
        // (MSG91 help: custom metadata parameters for tracking requests).
        recipients: [{ mobiles: message.to.replace(/^\+/, ''), message: message.text, CRQID: attemptId }],
      })
      return outcomeOf(await wire.send({ method: 'POST', path: '/api/v5/flow', headers, body, signal }), answers)
    },
    close: () => wire.close(),
  }
}

/** Refusals are answered with 200 too, so `type` decides. A success has the request's id in `message`. */
function read(json: unknown): Outcome | null {
  const ref = field(json, 'message')
  if (field(json, 'type') === 'success') return typeof ref === 'string' && ref !== '' ? { kind: 'accepted', ref } : null
  const error = vendorError(json)
  return error && refused(error)
}

function vendorError(json: unknown): VendorError | null {
  if (field(json, 'type') !== 'error') return null
  const code = field(json, 'code')
  const text = field(json, 'message')
  return {
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : '',
    text: typeof text === 'string' && text !== '' ? text : 'no reason given',
  }
}

/** The codes of MSG91's older APIs, as its users list them. Version 5 often has a text and no code. */
function refused({ code, text }: VendorError): Outcome {
  const details = { code: code || 'error', text: `MSG91 refused it${code ? ` with code ${code}` : ''}: ${text}` }
  switch (code) {
    case '101': // no number
    case '102': // no text
    case '202': // invalid number, but the check is too strict to suppress it
    case '310': // too long
      return { kind: 'rejected', blame: 'message', ...details }
    case '311': // the same request twice within ten seconds
      return { kind: 'deferred', ...details, retryAfterMs: 10_000, messageOnly: true }
    // Key, sender, flow, balance, IP address not on the list (418) and errors without a code: not accepted, and not
    // because of the number. Only the text says whether our account is the cause.
    default:
      return {
        kind: 'rejected',
        blame: 'provider',
        ...details,
        ...(/authenti|unauthori|balance|credit/i.test(text) && { account: true }),
      }
  }
}
