// Shortens the timeout of calls to an app that does not answer. All apps share a queue and its workers, so that one
// slow app would otherwise delay the callbacks of the others.
import type { HttpResult } from '../../wire/http.ts'

type Call = (signal: AbortSignal) => Promise<HttpResult>

const unansweredLimit = 5
const shortMs = 1_000

/**
 * After five unanswered calls in a row, all calls but one at a time get a timeout of one second. That one call keeps
 * the full timeout and so can find out that the app answers again.
 */
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
