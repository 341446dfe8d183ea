// What to do with a notification whose rows are locked. But for the tokens and probes of this process, which it takes, it
// is a function of its arguments.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import { abandonedAfterMs, type Outcome, type PastAttempt } from '../domain/attempt.ts'
import type { Deliverable } from '../domain/deliverable.ts'
import type { Channel } from '../domain/notification.ts'
import { routeStops } from '../guard/route-stops.ts'
import { withOutcome } from '../policy/history.ts'
import { asMove, judge, policy } from '../policy/judge.ts'
import type { NextStep } from '../policy/terms.ts'
import type { Provider } from '../providers/provider.ts'
import type { GivenUp, OpenDecision } from '../store/attempts/open.ts'

/** A look-up has a call's limit; then somebody else may look. */
const lookTakesMs = 15_000

/** What an alarm finds. `token`: the provider that we may call by its rate. */
export function decide(
  ctx: Ctx,
  n: Deliverable,
  history: PastAttempt[],
  now: Date,
  token: string | null,
): OpenDecision {
  if (n.state === 'sending') return decideOpenAttempt(ctx, n, history, now, token)
  const judged = judge(routeStops(ctx.routes[n.channel], ctx.health), n, history, now)
  if (judged.kind === 'leave' || judged.kind === 'move') return judged
  return asDecision(ctx, n, judged, now, token)
}

/** An attempt is open already: young, its worker is at it; old, that worker is gone and nobody knows the outcome. */
function decideOpenAttempt(
  ctx: Ctx,
  n: Deliverable,
  history: PastAttempt[],
  now: Date,
  token: string | null,
): OpenDecision {
  const open = history.find((attempt) => attempt.outcome === null)
  if (!open) throw new Error('a notification is sending without an open attempt')
  if (n.dueAt && n.dueAt > now) return { kind: 'leave', why: 'an attempt is open' }
  const outcome: Outcome = {
    kind: 'unknown',
    code: 'worker_lost',
    text: 'The worker that made this call stopped before it could say how it ended.',
  }
  const givenUp: GivenUp = { number: open.number, outcome }
  const known = history.map((attempt) => (attempt === open ? withOutcome(attempt, outcome, now) : attempt))
  const decision = asDecision(ctx, n, policy(routeStops(ctx.routes[n.channel], ctx.health), n, known, now), now, token)
  return decision.kind === 'leave' || decision.kind === 'pace' ? decision : { ...decision, givenUp }
}

function asDecision(ctx: Ctx, n: Deliverable, step: NextStep, now: Date, token: string | null): OpenDecision {
  if (step.kind === 'look') return { kind: 'look', attempt: step.attempt, dueAt: new Date(now.getTime() + lookTakesMs) }
  if (step.kind !== 'attempt') return { kind: 'move', move: asMove(step, now) }
  const { provider } = step
  const probe = ctx.health.shut(provider)?.probe ?? false
  const mayCall = probe ? ctx.health.takeLeave(provider) : provider === token || ctx.rates.take(provider, n)
  if (!mayCall) return { kind: 'pace', provider, probe }
  const limitMs = providerNamed(ctx, n.channel, provider).limitMs
  return {
    kind: 'open',
    attempt: {
      id: uuidv7({ msecs: now.getTime() }),
      provider,
      round: step.round,
      why: step.why,
      probe,
      dueAt: new Date(now.getTime() + limitMs + abandonedAfterMs),
    },
  }
}

/** The provider of this name in the channel's route; that there is one was decided by the caller. */
export function providerNamed(ctx: Ctx, channel: Channel, name: string): Provider {
  const provider = ctx.routes[channel].find((p) => p.name === name)
  if (!provider) throw new Error(`no provider ${name} in the ${channel} route`)
  return provider
}
