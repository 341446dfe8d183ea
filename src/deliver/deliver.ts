// Third stage: one alarm, one step. Opens an attempt (a row, committed), calls the provider with no
// connection held, and closes the attempt with its outcome and what follows (decide.ts, next-step.ts).
// Where an answer was lost it looks for it instead.

import type { Ctx } from '../context.ts'
import { abandonedAfterMs, type Outcome, type PastAttempt } from '../domain/attempt.ts'
import type { Message } from '../domain/notification.ts'
import { routeStops } from '../guard/route-stops.ts'
import { moveBy } from '../policy/judge.ts'
import type { LookUp, SendOptions } from '../providers/provider.ts'
import type { Opened } from '../store/attempts/open.ts'
import { transaction, untilAnswered } from '../store/db.ts'
import { decide, providerNamed } from './decide.ts'

/** How long a worker waits for a turn by the provider's rate before it lets others go first. */
const waitsForTokenMs = 10_000
const ringsAgainMs = 1000

/** Does the next step of a notification, if one is due. Safe to call twice, at once even. */
export async function deliver(ctx: Ctx, notificationId: string): Promise<void> {
  const opened = await open(ctx, notificationId)
  if (opened.kind === 'looking') return look(ctx, notificationId, opened.attempt, opened.message)
  if (opened.kind !== 'opened') {
    ctx.log.debug({ stage: 'deliver', notification: notificationId, ...opened }, 'nothing to call')
    return
  }
  const { attempt, notifier, generation, message } = opened
  const sending = { key: keyOf(notificationId, generation), attemptId: attempt.id, notifier }
  const outcome = await call(ctx, attempt.provider, message, sending, opened.at)
  const endedAt = ctx.clock.now()
  ctx.health.report(attempt.provider, outcome, endedAt.getTime() - opened.at.getTime(), attempt.probe)
  const closed = await written(ctx, notificationId, () =>
    ctx.attempts.close({
      notificationId,
      number: attempt.number,
      provider: attempt.provider,
      outcome,
      endedAt,
      decide: (notification, history) =>
        moveBy(routeStops(ctx.routes[notification.channel], ctx.health), notification, history, endedAt),
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
      ms: endedAt.getTime() - opened.at.getTime(),
      ...closed,
    },
    'attempt closed',
  )
}

/** What we know is kept in hand for as long as the database is away: forgetting it would make the outcome unknown. */
function written<T>(ctx: Ctx, notification: string, write: () => Promise<T>): Promise<T> {
  return untilAnswered(write, {
    away: (error) =>
      ctx.log.warn(
        { stage: 'deliver', notification, err: error },
        'the database is away; a known outcome waits for it',
      ),
  })
}

/** Opens the next attempt once the provider's rate allows it, or its circuit a probe. */
async function open(ctx: Ctx, notificationId: string): Promise<Opened & { at: Date }> {
  let token: string | null = null
  for (;;) {
    const at = ctx.clock.now()
    const held: string | null = token
    const opened: Opened = await ctx.attempts.open({
      notificationId,
      now: at,
      decide: (notification, history) => decide(ctx, notification, history, at, held),
    })
    const used = opened.kind === 'opened' && opened.attempt.provider === held
    if (held && !used) ctx.rates.giveBack(held)
    if (opened.kind !== 'paced') return { ...opened, at }
    token = null
    if (opened.probe) {
      await ctx.health.claimLeave(opened.provider)
      continue
    }
    const turn = await ctx.rates.wait(opened.provider, opened, waitsForTokenMs)
    if (turn === 'token') token = opened.provider
    if (turn === 'late') return { ...(await ringLater(ctx, notificationId, opened)), at }
  }
}

type Paced = Extract<Opened, { kind: 'paced' }>

/** Its turn has not come within this worker's patience: others may go on, and it is rung again. */
async function ringLater(ctx: Ctx, id: string, { channel, priority, begun }: Paced): Promise<Opened> {
  const at = new Date(ctx.clock.now().getTime() + ringsAgainMs)
  await transaction(ctx.db, (tx) => ctx.jobs.ring(tx, [{ stage: channel, priority, id, at, begun }]))
  return { kind: 'left', why: 'waits for its turn by the rate' }
}

/** A provider that took it once answers the same key with its old answer: what is to be sent anew has another. */
function keyOf(notificationId: string, generation: number): string {
  return generation === 0 ? notificationId : `${notificationId}.${generation}`
}

/** The call, within the provider's limit. What a provider throws is a bug, and nobody knows how far it got. */
async function call(
  ctx: Ctx,
  name: string,
  message: Message,
  sending: Omit<SendOptions, 'signal'>,
  openedAt: Date,
): Promise<Outcome> {
  const provider = providerNamed(ctx, message.channel, name)
  const options = { ...sending, signal: timeLeft(ctx, provider.limitMs, openedAt) }
  try {
    return await provider.send(message, options)
  } catch (error) {
    ctx.log.error(
      { stage: 'deliver', provider: name, fault: error instanceof Error ? error.name : 'unknown' },
      'a provider threw',
    )
    return { kind: 'unknown', code: 'provider_bug', text: 'Our code for this provider failed during the call.' }
  }
}

/**
 * The provider's limit, but never into the time at which another worker gives the attempt up: a process that was frozen
 * since it opened it wakes to a limit that is over, and does not call.
 */
function timeLeft(ctx: Ctx, limitMs: number, openedAt: Date): AbortSignal {
  const sinceMs = ctx.clock.now().getTime() - openedAt.getTime()
  const leftMs = Math.min(limitMs, limitMs + abandonedAfterMs / 2 - sinceMs)
  return leftMs > 0 ? AbortSignal.timeout(leftMs) : AbortSignal.abort()
}

/** Asks the provider for a message whose answer was lost, and records what it said. */
async function look(ctx: Ctx, notificationId: string, attempt: PastAttempt, message: Message): Promise<void> {
  const found = await lookUp(ctx, attempt, message)
  const now = ctx.clock.now()
  const looked = await written(ctx, notificationId, () =>
    ctx.settlements.look({
      notificationId,
      attempt,
      found,
      now,
      decide: (notification, history) =>
        moveBy(routeStops(ctx.routes[notification.channel], ctx.health), notification, history, now),
    }),
  )
  ctx.log.info(
    { stage: 'deliver', notification: notificationId, provider: attempt.provider, attempt: attempt.number, ...looked },
    'looked for a lost answer',
  )
}

async function lookUp(ctx: Ctx, { provider: name, startedAt }: PastAttempt, message: Message): Promise<LookUp> {
  const provider = providerNamed(ctx, message.channel, name)
  const options = { startedAt, signal: AbortSignal.timeout(provider.limitMs) }
  try {
    if (provider.lookUp) return await provider.lookUp(message, options)
    throw new Error(`${name} cannot be asked`)
  } catch (error) {
    ctx.log.error(
      { stage: 'deliver', provider: name, fault: error instanceof Error ? error.name : 'unknown' },
      'a look-up threw',
    )
    return { kind: 'unclear', text: 'Our code for this provider failed during the look-up.' }
  }
}
