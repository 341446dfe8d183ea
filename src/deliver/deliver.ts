// Third stage: one job, one step. Opens an attempt (a row, committed), calls the provider with no
// connection held, and closes the attempt with its outcome and what follows. Where an answer was lost it looks for it instead.
import type { Ctx } from '../context.ts'
import { transaction, untilAnswered } from '../store/db.ts'
import { type Attempts, makeAttempts } from './attempts.ts'
import { call } from './call.ts'
import { lookUp } from './look-up.ts'
import type { Opened } from './open.ts'

/** How long a worker waits for a turn by the provider's rate before it lets others go first. */
const waitsForTokenMs = 10_000
const snoozesMs = 1000

/** Answers what does the next step of a notification, if one is due. Safe to call twice, at once even. */
export function makeDeliver(ctx: Ctx, attempts = makeAttempts(ctx)): (notificationId: string) => Promise<void> {
  return async (notificationId) => {
    const opened = await openInTurn(ctx, attempts, notificationId)
    if (opened.kind === 'opened') return send(ctx, attempts, notificationId, opened)
    if (opened.kind === 'look-up') return lookForAnswer(ctx, attempts, notificationId, opened)
    ctx.log.debug({ stage: 'deliver', notification: notificationId, ...opened }, 'nothing to call')
  }
}

/** Opens the next attempt once the provider's rate allows it, or its circuit a probe. */
async function openInTurn(ctx: Ctx, attempts: Attempts, notificationId: string): Promise<Opened & { at: Date }> {
  let token: string | null = null
  for (;;) {
    const now = ctx.clock.now()
    const opened: Opened = await openWith(ctx, attempts, { notificationId, now, token })
    if (opened.kind !== 'throttled') return { ...opened, at: now }
    token = null
    if (opened.probe) {
      await ctx.health.claimProbe(opened.provider)
      continue
    }
    const turn = await ctx.rates.wait(opened.provider, opened, waitsForTokenMs)
    if (turn === 'token') token = opened.provider
    if (turn === 'late') return { ...(await snooze(ctx, notificationId, opened)), at: now }
  }
}

/** A token that is not used after all is given back. */
async function openWith(ctx: Ctx, attempts: Attempts, one: Parameters<Attempts['open']>[0]): Promise<Opened> {
  let isUsed = false
  try {
    const opened = await attempts.open(one)
    isUsed = opened.kind === 'opened' && opened.attempt.provider === one.token
    return opened
  } finally {
    if (one.token && !isUsed) ctx.rates.giveBack(one.token)
  }
}

/** Its turn has not come within this worker's patience: others may go on, and it is woken again. */
async function snooze(
  ctx: Ctx,
  id: string,
  { channel, priority, attempted }: Extract<Opened, { kind: 'throttled' }>,
): Promise<Opened> {
  const at = new Date(ctx.clock.now().getTime() + snoozesMs)
  await transaction(ctx.db, (tx) => ctx.jobs.enqueue(tx, [{ stage: channel, priority, id, at, attempted }]))
  return { kind: 'skipped', why: 'waits for its turn by the rate' }
}

async function send(
  ctx: Ctx,
  attempts: Attempts,
  notificationId: string,
  { attempt, notifier, generation, message, at }: Extract<Opened, { kind: 'opened' }> & { at: Date },
): Promise<void> {
  const { number, provider } = attempt
  const sending = { key: keyOf(notificationId, generation), attemptId: attempt.id, notifier }
  const outcome = await call(ctx, { provider, openedAt: at }, message, sending)
  const endedAt = ctx.clock.now()
  const ms = endedAt.getTime() - at.getTime()
  ctx.health.report(provider, outcome, ms, attempt.probe)
  const closed = await untilWritten(ctx, notificationId, () =>
    attempts.close({ notificationId, number, provider, outcome, endedAt }),
  )
  ctx.log.info(
    {
      stage: 'deliver',
      notification: notificationId,
      channel: message.channel,
      attempt: number,
      round: attempt.round,
      provider,
      outcome: outcome.kind,
      statusCode: outcome.statusCode,
      ...(outcome.kind !== 'accepted' && { code: outcome.code }),
      ms,
      ...closed,
    },
    'attempt closed',
  )
}

/** A provider that took it once answers the same key with its old answer: what is to be sent anew has another. */
function keyOf(notificationId: string, generation: number): string {
  return generation === 0 ? notificationId : `${notificationId}.${generation}`
}

/** Asks the provider for a message whose answer was lost, and records what it said. */
async function lookForAnswer(
  ctx: Ctx,
  attempts: Attempts,
  notificationId: string,
  { attempt, message }: Extract<Opened, { kind: 'look-up' }>,
): Promise<void> {
  const answer = await lookUp(ctx, attempt, message)
  const at = ctx.clock.now()
  const lookedUp = await untilWritten(ctx, notificationId, () =>
    attempts.recordLookUp({ notificationId, attempt, answer, at }),
  )
  ctx.log.info(
    {
      stage: 'deliver',
      notification: notificationId,
      provider: attempt.provider,
      attempt: attempt.number,
      ...lookedUp,
    },
    'looked for a lost answer',
  )
}

/** What we know is kept in hand for as long as the database is away: forgetting it would make the outcome unknown. */
function untilWritten<T>(ctx: Ctx, notification: string, write: () => Promise<T>): Promise<T> {
  return untilAnswered(write, {
    away: (error) =>
      ctx.log.warn(
        { stage: 'deliver', notification, err: error },
        'the database is away; a known outcome waits for it',
      ),
  })
}
