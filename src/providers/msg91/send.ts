// MSG91's Flow API: SMS over HTTP for India and beyond, without idempotency keys. It sends templates only: ours
// has one variable, `message`, and gets the whole text. It answers 200 to refusals too: `type` decides.
// The attempt's id goes out as CRQID and comes back in its reports.
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
        // MSG91 wants one CRQID a recipient where there is a list of them, and echoes it in every version of its
        // reports (help: custom metadata parameters for tracking requests).
        recipients: [{ mobiles: message.to.replace(/^\+/, ''), message: message.text, CRQID: attemptId }],
      })
      return outcomeOf(await wire.send({ method: 'POST', path: '/api/v5/flow', headers, body, signal }), answers)
    },
    close: () => wire.close(),
  }
}

/** A success has the request's id where its words would be. Without either type nobody knows. */
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

/** Codes of MSG91's older APIs, as users list them; v5 often has words only, and those go by the last case. */
function refused({ code, text }: VendorError): Outcome {
  const details = { code: code || 'error', text: `MSG91 refused it${code ? ` with code ${code}` : ''}: ${text}` }
  switch (code) {
    case '101': // no number
    case '102': // no text
    case '202': // not a number, by a check too narrow to suppress it
    case '310': // too long
      return { kind: 'rejected', blame: 'message', ...details }
    case '311': // the same request twice within ten seconds
      return { kind: 'deferred', ...details, retryAfterMs: 10_000, onlyThis: true }
    // Key, sender, flow, balance, a server that is not on the list (418), and whatever has no code: certainly not
    // taken, and not the number's fault. Whether it is about our account, only the words can say.
    default:
      return {
        kind: 'rejected',
        blame: 'provider',
        ...details,
        ...(/authenti|unauthori|balance|credit/i.test(text) && { account: true }),
      }
  }
}
