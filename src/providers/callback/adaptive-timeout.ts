// How long an app may keep us waiting. Calls to all apps share a queue and its workers: one that leaves call after call
// unanswered gets short ones, but for one at a time with the whole limit, until it answers again.
import type { HttpResult } from '../../wire/http.ts'

type Call = (signal: AbortSignal) => Promise<HttpResult>

const unansweredLimit = 5
const shortMs = 1_000

export function adaptiveTimeout(): (signal: AbortSignal, call: Call) => Promise<HttpResult> {
  let unanswered = 0
  let fullCalls = 0
  return async (signal, call) => {
    if (unanswered >= unansweredLimit && fullCalls > 0) return countUnanswered(await call(withShortTimeout(signal)))
    fullCalls += 1
    try {
      return countUnanswered(await call(signal))
    } finally {
      fullCalls -= 1
    }
  }

  function countUnanswered(result: HttpResult): HttpResult {
    unanswered = result.kind === 'answer' ? 0 : unanswered + 1
    return result
  }
}

function withShortTimeout(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(shortMs)])
}
