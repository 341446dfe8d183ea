// The third stage: opens an attempt and commits it, calls the provider holding no connection, and closes the attempt.
import type { Ctx } from '../context.ts'
import { timeOfUuid } from '../domain/uuid.ts'
import { byteRoom } from '../guard/byte-room.ts'
import { callStep } from '../observe/steps.ts'
import type { Work } from '../store/jobs/worker-pool.ts'
import { untilAnswered } from '../store/until-answered.ts'
import { mebibyte } from '../wire/sizes.ts'
import { type Attempts, makeAttempts } from './attempts.ts'
import { call } from './call.ts'
import { lookUp } from './look-up.ts'
import type { Opened, Sending } from './opened.ts'
import { tryAgain } from './try-again.ts'

/** How long a worker waits for a token of the provider's rate before it snoozes the job. */
const maxTokenWaitMs = 10_000
const snoozeSeconds = 1

/** The large messages of the calls that a process makes at the same time hold no more, or one that is larger alone. */
const maxLargeBytes = 16 * mebibyte
/** Further ones are snoozed at once, so that the workers stay free for small ones. */
const maxLargeWaiting = 10
const largeSnoozeSeconds = 5
const memoryForLarge = byteRoom(maxLargeBytes, maxLargeWaiting)
type Memory = ReturnType<typeof memoryForLarge>

/**
 * Answers the worker for delivery jobs: it does the next step of a notification, if one is due. That is a call, or a
 * look-up where an answer was lost. Idempotent, also when called concurrently.
 */
export function makeDeliver(ctx: Ctx, attempts = makeAttempts(ctx)): Work {
  const deliver = async (notificationId: string) => {
    // Held until the call has ended.
    using memory = memoryForLarge()
    const opened = await openWhenAllowed(ctx, attempts, notificationId, memory)
    if (opened.kind === 'opened') return await send(ctx, attempts, notificationId, opened)
    if (opened.kind === 'look-up') return await lookUpAnswer(ctx, attempts, notificationId, opened)
    const fields = { stage: 'deliver', notification: notificationId, ...opened }
    if (opened.kind === 'moved') ctx.log.info(fields, 'moved without a call')
    else ctx.log.debug(fields, 'nothing to call')
  }
  return (id, occasion) =>
    occasion === 'alarm' || occasion === 'repeat' ? tryAgain(ctx, id, () => deliver(id)) : deliver(id)
}

/** Opens the next attempt once the provider's rate, or the probe permit of its circuit, and the memory allow it. */
async function openWhenAllowed(
  ctx: Ctx,
  attempts: Attempts,
  notificationId: string,
  memory: Memory,
): Promise<Opened & { at: Date }> {
  let token: string | null = null
  for (;;) {
    const now = ctx.clock.now()
    const opened: Opened = await openWith(ctx, attempts, { notificationId, now, token, mayBeLarge: memory.isHeld })
    token = null
    if (opened.kind === 'large') {
      if (await memory.take(opened.bytes, maxTokenWaitMs)) continue
      return { ...(await snooze(attempts, notificationId, opened, largeSnoozeSeconds)), at: now }
    }
    if (opened.kind !== 'throttled') return { ...opened, at: now }
    if (opened.probe) {
      await ctx.health.claimProbe(opened.provider)
      continue
    }
    const turn = await ctx.rates.wait(opened.provider, opened, maxTokenWaitMs)
    if (turn === 'token') token = opened.provider
    if (turn === 'late') return { ...(await snooze(attempts, notificationId, opened, snoozeSeconds)), at: now }
  }
}

/** Gives the token back where it was not used. */
async function openWith(ctx: Ctx, attempts: Attempts, one: Parameters<Attempts['open']>[0]): Promise<Opened> {
  let isUsed = false
  try {
    const opened = await attempts.open(one)
    isUsed = opened.kind === 'opened' && opened.attempt.provider === one.token
    return opened
  } finally {
    if (one.token && !isUsed) ctx.rates.returnToken(one.token)
  }
}

/** Enqueues the job again for later, so that this worker can do others. */
async function snooze(
  attempts: Attempts,
  id: string,
  { channel, priority, attempted }: Extract<Opened, { kind: 'throttled' | 'large' }>,
  inSeconds: number,
): Promise<Opened> {
  await attempts.snooze({ stage: channel, priority, id, inSeconds, attempted })
  return { kind: 'skipped', why: 'throttled' }
}

async function send(
  ctx: Ctx,
  attempts: Attempts,
  notificationId: string,
  { attempt, sending: n, message, at }: Extract<Opened, { kind: 'opened' }> & { at: Date },
): Promise<void> {
  const { number, provider } = attempt
  const span = ctx.tracing.step(n.traceparent, callStep('send', provider, at))
  const { traceparent } = span
  const sending = { key: keyOf(notificationId, n.generation), attemptId: attempt.id, notifier: n.notifier, traceparent }
  const outcome = await call(ctx, { provider, openedAt: at }, message, sending)
  const endedAt = ctx.clock.now()
  const ms = endedAt.getTime() - at.getTime()
  ctx.health.report(provider, outcome, ms, attempt.probe)
  const closed = await retryUntilWritten(ctx, notificationId, () =>
    attempts.close({ notificationId, number, provider, outcome, endedAt }),
  )
  const { channel } = message
  ctx.metrics.attempted({ channel, provider, outcome: outcome.kind, ms })
  if (outcome.kind === 'accepted')
    ctx.metrics.handedOver({ channel, priority: n.priority, ms: endedAt.getTime() - dueSince(n).getTime() })
  const fields = {
    stage: 'deliver',
    event: n.eventId,
    notification: notificationId,
    channel,
    attempt: number,
    round: attempt.round,
    provider,
    outcome: outcome.kind,
    statusCode: outcome.statusCode,
    ...(outcome.kind !== 'accepted' && { code: outcome.code }),
    ms,
    ...closed,
  }
  ctx.log.info(fields, 'attempt closed')
  span.end(fields, endedAt)
}

/** Since when it could be sent: since its event was received, or since the time for which it was planned. */
function dueSince({ eventId, scheduledFor }: Sending): Date {
  const receivedAt = timeOfUuid(eventId)
  return scheduledFor && scheduledFor > receivedAt ? scheduledFor : receivedAt
}

/** A provider repeats its old answer for a key that it has seen, so a message that is to be sent a second time gets another key. */
function keyOf(notificationId: string, generation: number): string {
  return generation === 0 ? notificationId : `${notificationId}.${generation}`
}

/** Looks a message up whose answer was lost, and records what the provider said. */
async function lookUpAnswer(
  ctx: Ctx,
  attempts: Attempts,
  notificationId: string,
  {
    attempt,
    sending: { eventId, traceparent },
    message,
    at: startedAt,
  }: Extract<Opened, { kind: 'look-up' }> & { at: Date },
): Promise<void> {
  const answer = await lookUp(ctx, attempt, message)
  const at = ctx.clock.now()
  const lookedUp = await retryUntilWritten(ctx, notificationId, () =>
    attempts.recordLookUp({ notificationId, attempt, answer, at }),
  )
  const { provider, number } = attempt
  const ms = at.getTime() - startedAt.getTime()
  const ids = { event: eventId, notification: notificationId, channel: message.channel, attempt: number, provider }
  const fields = { stage: 'deliver', ...ids, ...lookedUp, ms }
  ctx.log.info(fields, 'look-up recorded')
  ctx.tracing.step(traceparent, callStep('look up', provider, startedAt)).end(fields, at)
}

/** Retries the write for as long as the database is unavailable: dropping a known outcome would make it unknown. */
function retryUntilWritten<T>(ctx: Ctx, notification: string, write: () => Promise<T>): Promise<T> {
  return untilAnswered(write, {
    away: (error) =>
      ctx.log.warn({ stage: 'deliver', notification, err: error }, 'database unavailable, outcome not yet written'),
  })
}
