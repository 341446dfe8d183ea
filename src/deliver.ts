// Third stage: one alarm, one step. Opens an attempt (a row, committed), calls the provider with no
// connection held, and closes the attempt with its outcome and what follows, decided by next-step.ts.
import { v7 as uuidv7 } from 'uuid'
import { abandonedAfterMs, type Outcome, type PastAttempt } from './attempt.ts'
import type { Ctx } from './ctx.ts'
import { type NextStep, nextStep, type RouteStop } from './next-step.ts'
import type { Channel, Message } from './notification.ts'
import type { AnyProvider } from './providers/provider.ts'
import { reason } from './reason.ts'
import type { Deliverable } from './store/attempt-rows.ts'
import { type GivenUp, type Move, type OpenDecision, withOutcome } from './store/attempts.ts'
import { untilAnswered } from './store/db.ts'

/** An outcome that we know is kept in hand this long while the database is away: forgetting it would make it unknown. */
const closeWithinMs = 10 * 60_000

/** Does the next step of a notification, if one is due. Safe to call twice, at once even. */
export async function deliver(ctx: Ctx, notificationId: string): Promise<void> {
  const now = ctx.clock.now()
  const opened = await ctx.attempts.open({
    notificationId,
    now,
    decide: (notification, history) => decide(ctx, notification, history, now),
  })
  if (opened.kind !== 'opened') {
    ctx.log.debug({ stage: 'deliver', notification: notificationId, ...opened }, 'nothing to call')
    return
  }
  const { attempt, message } = opened
  const outcome = await call(ctx, attempt.provider, message, notificationId, attempt.id)
  const endedAt = ctx.clock.now()
  const closed = await untilAnswered(closeWithinMs, () =>
    ctx.attempts.close({
      notificationId,
      number: attempt.number,
      provider: attempt.provider,
      outcome,
      endedAt,
      decide: (notification, history) => moveBy(ctx, notification, history, endedAt),
    }),
  )
  ctx.log.info(
    {
      stage: 'deliver',
      notification: notificationId,
      channel: message.channel,
      attempt: attempt.number,
      round: attempt.round,
      provider: attempt.provider,
      outcome: outcome.kind,
      statusCode: outcome.statusCode,
      ...(outcome.kind !== 'accepted' && { code: outcome.code }),
      ms: endedAt.getTime() - now.getTime(),
      ...closed,
    },
    'attempt closed',
  )
}

/** Opening: is it due, is it ours, and what does the policy say? */
function decide(ctx: Ctx, n: Deliverable, history: PastAttempt[], now: Date): OpenDecision {
  if (n.state === 'sending') return decideOpenAttempt(ctx, n, history, now)
  if (n.state !== 'scheduled' && n.state !== 'pending' && n.state !== 'unconfirmed')
    return { kind: 'leave', why: n.state }
  if (!n.dueAt) return { kind: 'leave', why: 'held' }
  // Another machine's clock may ring early; what rings early is set again.
  if (n.dueAt > now) return { kind: 'leave', why: 'not due yet', ringAt: n.dueAt }
  if (n.suppressed && n.state !== 'unconfirmed')
    return {
      kind: 'move',
      move: {
        state: 'suppressed',
        reason: reason('suppressed_address', `On the list as: ${n.suppressed}.`),
        dueAt: null,
      },
    }
  return asDecision(ctx, n, nextStep(n, routeStops(ctx, n.channel), history, now), now)
}

/** An attempt is open already: young, its worker is at it; old, that worker is gone and nobody knows the outcome. */
function decideOpenAttempt(ctx: Ctx, n: Deliverable, history: PastAttempt[], now: Date): OpenDecision {
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
  const decision = asDecision(ctx, n, nextStep(n, routeStops(ctx, n.channel), known, now), now)
  return decision.kind === 'leave' ? decision : { ...decision, givenUp }
}

function asDecision(ctx: Ctx, n: Deliverable, step: NextStep, now: Date): OpenDecision {
  if (step.kind !== 'attempt') return { kind: 'move', move: asMove(step, now) }
  const limitMs = providerNamed(ctx, n.channel, step.provider).limitMs
  return {
    kind: 'open',
    attempt: {
      id: uuidv7({ msecs: now.getTime() }),
      provider: step.provider,
      round: step.round,
      why: step.why,
      dueAt: new Date(now.getTime() + limitMs + abandonedAfterMs),
    },
  }
}

function moveBy(ctx: Ctx, n: Deliverable, history: PastAttempt[], now: Date): Move {
  return asMove(nextStep(n, routeStops(ctx, n.channel), history, now), now)
}

function asMove(step: NextStep, now: Date): Move {
  switch (step.kind) {
    case 'attempt':
      return { state: 'pending', reason: reason('due'), dueAt: now }
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

function routeStops(ctx: Ctx, channel: Channel): RouteStop[] {
  return ctx.routes[channel].map(({ name, repeatable }) => ({ provider: name, repeatable }))
}

function providerNamed(ctx: Ctx, channel: Channel, name: string): AnyProvider {
  const provider = ctx.routes[channel].find((p) => p.name === name)
  if (!provider) throw new Error(`no provider ${name} in the ${channel} route`)
  return provider
}

/** The call, within the provider's limit. What a provider throws is a bug, and nobody knows how far it got. */
async function call(ctx: Ctx, name: string, message: Message, key: string, attemptId: string): Promise<Outcome> {
  const provider = providerNamed(ctx, message.channel, name)
  const options = { key, attemptId, signal: AbortSignal.timeout(provider.limitMs) }
  try {
    if (provider.channel === 'email' && message.channel === 'email') return await provider.send(message, options)
    if (provider.channel === 'sms' && message.channel === 'sms') return await provider.send(message, options)
    throw new Error(`${name} does not carry ${message.channel}`)
  } catch (error) {
    ctx.log.error(
      { stage: 'deliver', provider: name, fault: error instanceof Error ? error.name : 'unknown' },
      'a provider threw',
    )
    return { kind: 'unknown', code: 'provider_bug', text: 'Our code for this provider failed during the call.' }
  }
}
