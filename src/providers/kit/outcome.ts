// Maps the result of an HTTP call to an outcome: what holds for all vendors, such as status classes and lost calls.
import type { Outcome } from '../../domain/attempt.ts'
import { type Answer, type HttpResult, retryAfterMs } from '../../wire/http.ts'
import { parseJson } from '../../wire/json.ts'

/** The vendor's own error, which proves that the vendor answered and not a gateway. */
export interface VendorError {
  /** Empty if the vendor has no code; the HTTP status is then used. */
  code: string
  text: string
}

export interface AnswerReader {
  /** The vendor's name for people. */
  title: string
  nowMs: () => number
  /** The outcome of a 2xx; null if the body cannot be read. */
  read(json: unknown, answer: Answer): Outcome | null
  /** The vendor's own error; null if the body is not the vendor's. */
  vendorError(json: unknown): VendorError | null
  /** The outcome of the vendor's own 4xx error; null if the status decides. */
  refusal(vendorError: VendorError, answer: Answer): Outcome | null
}

export function outcomeOf(result: HttpResult, vendor: AnswerReader): Outcome {
  const { title } = vendor
  if (result.kind === 'not-sent')
    return { kind: 'deferred', code: result.code, text: `${title} could not be reached: ${result.text}` }
  if (result.kind === 'lost') {
    const text = `The answer of ${title} is incomplete: ${result.text}`
    const statusCode = result.statusCode ?? undefined
    return { kind: 'unknown', code: result.code, text, statusCode, likelyTaken: isSuccess(result.statusCode ?? 0) }
  }
  const json = parseJson(result.body)
  if (isSuccess(result.statusCode)) {
    const text = `${title} answered ${result.statusCode} with an unreadable body: the message was probably accepted, and its id is unknown`
    const read = vendor.read(json, result) ?? { kind: 'unknown', code: 'unreadable_answer', text, likelyTaken: true }
    return withRetryAfter({ ...read, statusCode: result.statusCode }, result, vendor)
  }
  const vendorError = vendor.vendorError(json)
  const refused = vendorError && result.statusCode < 500 ? vendor.refusal(vendorError, result) : null
  return withRetryAfter(
    { ...(refused ?? byStatus(result, vendorError, vendor)), statusCode: result.statusCode },
    result,
    vendor,
  )
}

/** Adds `Retry-After` to a deferral that has no delay yet. */
function withRetryAfter(outcome: Outcome, { headers }: Answer, { nowMs }: AnswerReader): Outcome {
  if (outcome.kind !== 'deferred' || outcome.retryAfterMs !== undefined) return outcome
  return { ...outcome, retryAfterMs: retryAfterMs(headers, nowMs()) }
}

/**
 * The outcome by the status alone. A 408, a 5xx and a status below 300 leave it unknown whether the message was
 * accepted.
 */
function byStatus({ statusCode }: Answer, vendorError: VendorError | null, { title }: AnswerReader): Outcome {
  const code = vendorError?.code || `http_${statusCode}`
  const text = `${title} answered ${statusCode}${vendorError ? `: ${vendorError.text}` : ' without an error body of its own'}`
  // The vendor's own 503 means that it did not accept the message; a gateway's 503 does not.
  if (statusCode === 429 || (statusCode === 503 && vendorError)) return { kind: 'deferred', code, text }
  if (statusCode === 408 || statusCode >= 500 || statusCode < 300) return { kind: 'unknown', code, text }
  if (vendorError && [400, 413, 422].includes(statusCode)) return { kind: 'rejected', blame: 'message', code, text }
  const refused: Outcome = { kind: 'rejected', blame: 'provider', code, text }
  // Unauthorized, payment required, forbidden: these concern our account.
  if ([401, 402, 403].includes(statusCode)) return { ...refused, account: true }
  // Without the vendor's own error a gateway or a wrong URL refused, which refuses every message; a 413 is about this one.
  const everyMessage = statusCode === 404 || statusCode === 405 || (!vendorError && statusCode !== 413)
  return everyMessage ? { ...refused, everyMessage } : refused
}

function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300
}
