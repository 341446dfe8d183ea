// From what became of an HTTP call to an outcome. A vendor says how it shows acceptance and what its own errors mean; what
// holds for all of them (status classes, lost calls) stands here.
import type { Outcome } from '../../domain/attempt.ts'
import { type Answer, type Carried, retryAfterMs } from '../../wire/http.ts'
import { parseJson } from '../../wire/json.ts'

/** A vendor's own error: proof that the vendor itself answered, and not something in between. */
export interface Words {
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
  words(json: unknown): Words | null
  /** What the vendor's own 4xx error means, where the status alone does not say it. */
  refusal(words: Words, answer: Answer): Outcome | null
}

export function outcomeOf(carried: Carried, vendor: AnswerReader): Outcome {
  const { title } = vendor
  if (carried.kind === 'not-sent')
    return { kind: 'deferred', code: carried.code, text: `${title} could not be reached: ${carried.text}` }
  if (carried.kind === 'lost') {
    const text = `The call to ${title} ended without a whole answer: ${carried.text}`
    const statusCode = carried.statusCode ?? undefined
    return { kind: 'unknown', code: carried.code, text, statusCode, likelyTaken: isSuccess(carried.statusCode ?? 0) }
  }
  const json = parseJson(carried.body)
  if (isSuccess(carried.statusCode)) {
    const text = `${title} answered ${carried.statusCode} with a body that cannot be read: most likely taken, its id lost`
    const read = vendor.read(json, carried) ?? { kind: 'unknown', code: 'unreadable_answer', text, likelyTaken: true }
    return asAsked({ ...read, statusCode: carried.statusCode }, carried, vendor)
  }
  const words = vendor.words(json)
  const refused = words && carried.statusCode < 500 ? vendor.refusal(words, carried) : null
  return asAsked({ ...(refused ?? byStatus(carried, words, vendor)), statusCode: carried.statusCode }, carried, vendor)
}

/** `Retry-After` counts, whatever the words beside it, unless these have said for how long. */
function asAsked(outcome: Outcome, { headers }: Answer, { nowMs }: AnswerReader): Outcome {
  if (outcome.kind !== 'deferred' || outcome.retryAfterMs !== undefined) return outcome
  return { ...outcome, retryAfterMs: retryAfterMs(headers, nowMs()) }
}

/** By the status alone. Nothing but a 5xx, 408 and the like leaves doubt: who refuses has not taken. */
function byStatus({ statusCode }: Answer, words: Words | null, { title }: AnswerReader): Outcome {
  const code = words?.code || `http_${statusCode}`
  const text = `${title} answered ${statusCode}${words ? `: ${words.text}` : ' without an error body of its own'}`
  // Only the vendor itself can say that it is too busy to have taken anything; a gateway's 503 cannot.
  if (statusCode === 429 || (statusCode === 503 && words)) return { kind: 'deferred', code, text }
  if (statusCode === 408 || statusCode >= 500 || statusCode < 300) return { kind: 'unknown', code, text }
  if (words && [400, 413, 422].includes(statusCode)) return { kind: 'rejected', blame: 'message', code, text }
  const refused: Outcome = { kind: 'rejected', blame: 'provider', code, text }
  // Unauthorized, no balance, forbidden: about our account, not about this message.
  if ([401, 402, 403].includes(statusCode)) return { ...refused, account: true }
  // Too large for something in between is about this one. Else who refuses without words of the vendor's is not the vendor.
  const everyMessage = statusCode === 404 || statusCode === 405 || (!words && statusCode !== 413)
  return everyMessage ? { ...refused, everyMessage } : refused
}

function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300
}
