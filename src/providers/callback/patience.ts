// How long an app may keep us waiting. Calls to all apps share a queue and its workers: one that leaves call after call
// unanswered gets short ones, but for one at a time with the whole limit, until it answers again.
import type { Carried } from '../../wire/http.ts'

type Call = (signal: AbortSignal) => Promise<Carried>

const unansweredInRow = 5
const shortMs = 1_000

export function patience(): (signal: AbortSignal, call: Call) => Promise<Carried> {
  let unanswered = 0
  let wholeCalls = 0
  return async (signal, call) => {
    if (unanswered >= unansweredInRow && wholeCalls > 0) return told(await call(shortened(signal)))
    wholeCalls += 1
    try {
      return told(await call(signal))
    } finally {
      wholeCalls -= 1
    }
  }

  function told(carried: Carried): Carried {
    unanswered = carried.kind === 'answer' ? 0 : unanswered + 1
    return carried
  }
}

function shortened(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(shortMs)])
}
