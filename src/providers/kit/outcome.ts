// From what became of an HTTP call to an outcome. A vendor says how it shows acceptance and what its own errors mean; what
// holds for all of them (status classes, lost calls) stands here.
import type { Outcome } from '../../domain/attempt.ts'
import { type Answer, type HttpResult, retryAfterMs } from '../../wire/http.ts'
import { parseJson } from '../../wire/json.ts'

/** A vendor's own error: proof that the vendor itself answered, and not something in between. */
export interface VendorError {
  /** Empty where the vendor names none: then the status is the code. */
  code: string
  text: string
}

/** How a vendor's answers are read. */
export interface AnswerReader {
  /** The vendor's, as support staff know it. */
  title: string
  nowMs: () => number
  /** What a 2xx says; null where it cannot be read. */
  read(json: unknown, answer: Answer): Outcome | null
  /** The vendor's own error in a body; null where the body is not the vendor's. */
  vendorError(json: unknown): VendorError | null
  /** What the vendor's own 4xx error means, where the status alone does not say it. */
  refusal(vendorError: VendorError, answer: Answer): Outcome | null
}

export function outcomeOf(result: HttpResult, vendor: AnswerReader): Outcome {
  const { title } = vendor
  if (result.kind === 'not-sent')
    return { kind: 'deferred', code: result.code, text: `${title} could not be reached: ${result.text}` }
  if (result.kind === 'lost') {
    const text = `The call to ${title} ended without a whole answer: ${result.text}`
    const statusCode = result.statusCode ?? undefined
    return { kind: 'unknown', code: result.code, text, statusCode, likelyTaken: isSuccess(result.statusCode ?? 0) }
  }
  const json = parseJson(result.body)
  if (isSuccess(result.statusCode)) {
    const text = `${title} answered ${result.statusCode} with a body that cannot be read: most likely taken, its id lost`
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

/** `Retry-After` counts, whatever the words beside it, unless these have said for how long. */
function withRetryAfter(outcome: Outcome, { headers }: Answer, { nowMs }: AnswerReader): Outcome {
  if (outcome.kind !== 'deferred' || outcome.retryAfterMs !== undefined) return outcome
  return { ...outcome, retryAfterMs: retryAfterMs(headers, nowMs()) }
}

/** By the status alone. Nothing but a 5xx, 408 and the like leaves doubt: who refuses has not taken. */
function byStatus({ statusCode }: Answer, vendorError: VendorError | null, { title }: AnswerReader): Outcome {
  const code = vendorError?.code || `http_${statusCode}`
  const text = `${title} answered ${statusCode}${vendorError ? `: ${vendorError.text}` : ' without an error body of its own'}`
  // Only the vendor itself can say that it is too busy to have taken anything; a gateway's 503 cannot.
  if (statusCode === 429 || (statusCode === 503 && vendorError)) return { kind: 'deferred', code, text }
  if (statusCode === 408 || statusCode >= 500 || statusCode < 300) return { kind: 'unknown', code, text }
  if (vendorError && [400, 413, 422].includes(statusCode)) return { kind: 'rejected', blame: 'message', code, text }
  const refused: Outcome = { kind: 'rejected', blame: 'provider', code, text }
  // Unauthorized, no balance, forbidden: about our account, not about this message.
  if ([401, 402, 403].includes(statusCode)) return { ...refused, account: true }
  // Too large for something in between is about this one. Else who refuses without words of the vendor's is not the vendor.
  const everyMessage = statusCode === 404 || statusCode === 405 || (!vendorError && statusCode !== 413)
  return everyMessage ? { ...refused, everyMessage } : refused
}

function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300
}
