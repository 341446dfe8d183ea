// What to do with a notification whose rows are locked: is it due, is it ours, what does the policy say?
// deliver.ts asks before a call and after it; record.ts asks once a doubt is settled. But for the tokens and probes of
// this process, which it takes, it is a function of its arguments.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import { abandonedAfterMs, type Outcome, type PastAttempt } from '../domain/attempt.ts'
import type { Channel, Reason } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { endOfQuiet } from '../i18n/local-time.ts'
import { withOutcome } from '../policy/history.ts'
import { type NextStep, nextStep, type RouteStop } from '../policy/next-step.ts'
import type { AnyProvider } from '../providers/provider.ts'
import type { GivenUp, OpenDecision } from '../store/attempts/open.ts'
import type { Deliverable } from '../store/attempts/rows.ts'
import type { Move } from '../store/attempts/writes.ts'

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
  const judged = judge(ctx, n, history, now)
  if (judged.kind === 'leave' || judged.kind === 'move') return judged
  return asDecision(ctx, n, judged, now, token)
}

/** Is it due, may it still go out, and what does the policy say? Takes neither token nor probe: explain.ts asks it too. */
export function judge(
  ctx: Ctx,
  n: Deliverable,
  history: PastAttempt[],
  now: Date,
): NextStep | Extract<OpenDecision, { kind: 'leave' | 'move' }> {
  if (n.state !== 'scheduled' && n.state !== 'pending' && n.state !== 'unconfirmed')
    return { kind: 'leave', why: n.state }
  if (!n.dueAt) return { kind: 'leave', why: 'held' }
  // Another machine's clock may ring early; what rings early is set again.
  if (n.dueAt > now) return { kind: 'leave', why: 'not due yet', ringAt: n.dueAt }
  const never = mustNotBeSent(n)
  if (never && n.state !== 'unconfirmed')
    return { kind: 'move', move: { state: 'suppressed', reason: never, dueAt: null } }
  if (n.overtaken && n.state !== 'unconfirmed')
    return { kind: 'move', move: { state: 'cancelled', reason: n.overtaken, dueAt: null } }
  const step = policy(ctx, n, history, now)
  // In doubt, and nobody may write there any more: it may have gone out, so it is not called suppressed.
  if (never && step.kind === 'attempt')
    return { kind: 'move', move: { state: 'unconfirmed', reason: reason('held', never.text), dueAt: null } }
  return step
}

/** Learned since it was planned: nobody may write to the address, or the recipient wants no more of these. */
function mustNotBeSent(n: Deliverable): Reason | null {
  return n.suppressed ? reason('suppressed_address', `On the list as: ${n.suppressed}.`) : n.optedOut
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
  const decision = asDecision(ctx, n, policy(ctx, n, known, now), now, token)
  return decision.kind === 'leave' || decision.kind === 'pace' ? decision : { ...decision, givenUp }
}

/** What the policy says of the attempts since a person last asked for another try; a call that falls into quiet hours waits. */
function policy(ctx: Ctx, n: Deliverable, history: PastAttempt[], now: Date): NextStep {
  const counted = history.filter((attempt) => attempt.number > n.restartedAfter)
  const step = nextStep(n, routeStops(ctx, n.channel), counted, now)
  const until = step.kind === 'attempt' ? endOfQuiet(now, n.quietHours, n.timezone) : null
  if (!until) return step
  const state = n.state === 'unconfirmed' ? 'unconfirmed' : 'pending'
  return { kind: 'wait', until, state, reason: reason('quiet_hours') }
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

/** What follows once an attempt is closed or settled. */
export function moveBy(ctx: Ctx, n: Deliverable, history: PastAttempt[], now: Date): Move {
  return asMove(policy(ctx, n, history, now), now)
}

function asMove(step: NextStep, now: Date): Move {
  switch (step.kind) {
    case 'attempt':
      return { state: 'pending', reason: reason('due'), dueAt: now }
    case 'look':
      return { state: 'unconfirmed', reason: reason('settling'), dueAt: now }
    case 'wait':
      return { state: step.state, reason: step.reason, dueAt: step.until }
    case 'stop':
      return {
        state: step.state,
        reason: step.reason,
        dueAt: null,
        ...(step.reason && { entry: { what: `It ended as ${step.state}.`, detail: step.reason.text } }),
      }
  }
}

/** The providers of a channel in order, with what is known of their health in this moment. */
export function routeStops(ctx: Ctx, channel: Channel): RouteStop[] {
  return ctx.routes[channel].map(({ name, repeatable, lookUp }) => {
    const shut = ctx.health.shut(name)
    return {
      provider: name,
      repeatable,
      findable: lookUp !== undefined,
      shut: shut && !shut.probe ? shut : null,
      probe: shut?.probe ? shut.why : null,
    }
  })
}

/** The provider of this name in the channel's route; that there is one was decided by the caller. */
export function providerNamed(ctx: Ctx, channel: Channel, name: string): AnyProvider {
  const provider = ctx.routes[channel].find((p) => p.name === name)
  if (!provider) throw new Error(`no provider ${name} in the ${channel} route`)
  return provider
}
