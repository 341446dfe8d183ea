// The fence, broken on purpose (--break fence): a worker that takes a call without an answer for one that was not taken,
// as most retry loops do. The ledger must show what that costs.

import type { Ctx } from '../../src/context.ts'
import type { PastAttempt } from '../../src/domain/attempt.ts'

export function withoutFence(ctx: Ctx): Ctx {
  const { open, close } = ctx.attempts
  return {
    ...ctx,
    attempts: {
      open: ({ decide, ...request }) => open({ ...request, decide: (n, history) => decide(n, history.map(forget)) }),
      close: ({ decide, ...request }) => close({ ...request, decide: (n, history) => decide(n, history.map(forget)) }),
    },
  }
}

function forget(attempt: PastAttempt): PastAttempt {
  return attempt.outcome === 'unknown' ? { ...attempt, outcome: 'deferred' } : attempt
}
