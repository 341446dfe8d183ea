// Looks up a message whose answer was lost: asks the provider, holding no connection, and records what it says.
import type { Ctx } from '../context.ts'
import type { LookUpAnswer, PastAttempt } from '../domain/attempt.ts'
import type { Acceptance } from '../domain/deliverable.ts'
import type { Message, State } from '../domain/notification.ts'
import { routeStops } from '../guard/route-stops.ts'
import { afterLookUp } from '../policy/after-look-up.ts'
import type { LookUp } from '../providers/provider.ts'
import { lockWithHistory } from '../store/attempts/rows.ts'
import { claimMessage, insertLookUp, insertSettlement } from '../store/attempts/settlements.ts'
import { type Tx, transaction } from '../store/db.ts'
import { addMove, noWrites, write } from '../store/writes.ts'
import { providerNamed } from './provider-named.ts'

export interface LookUpResult {
  notificationId: string
  attempt: PastAttempt
  answer: LookUp
  at: Date
}

export interface RecordedLookUp {
  answer: LookUpAnswer['answer']
  state: State
}

/** Asks within the provider's time limit. Never throws: an exception in a provider's code is logged and answered as unclear. */
export async function lookUp(ctx: Ctx, { provider: name, startedAt }: PastAttempt, message: Message): Promise<LookUp> {
  const provider = providerNamed(ctx, message.channel, name)
  const options = { startedAt, signal: AbortSignal.timeout(provider.limitMs) }
  try {
    if (provider.lookUp) return await provider.lookUp(message, options)
    throw new Error(`${name} has no look-up`)
  } catch (error) {
    ctx.log.error(
      { stage: 'deliver', provider: name, fault: error instanceof Error ? error.name : 'unknown' },
      'look-up threw',
    )
    return { kind: 'unclear', text: 'Our code for this provider failed during the look-up.' }
  }
}

/** Records the answer and moves the notification. A message that another attempt has claimed does not count as found. */
export async function recordLookUp(
  ctx: Ctx,
  { notificationId, attempt, answer, at }: LookUpResult,
): Promise<RecordedLookUp> {
  return transaction(ctx.db, async (tx) => {
    const found = await lockWithHistory(tx, notificationId)
    if (!found) throw new Error('the notification of the attempt does not exist')
    const { notification: n, history } = found
    const current = history.find(({ id }) => id === attempt.id)
    if (!current || current.verdict || n.state !== 'unconfirmed') return { answer: 'unclear', state: n.state }
    // A commit whose confirmation was lost is repeated: one look-up must not count twice.
    const known = current.lookUps.find((earlier) => earlier.at.getTime() === at.getTime())
    if (known) return { answer: known.answer, state: n.state }

    const accepted = answer.kind === 'answered' ? await claimFirst(tx, attempt, answer.candidates, at) : null
    const look: LookUpAnswer = { at, answer: accepted ? 'found' : answer.kind === 'answered' ? 'absent' : 'unclear' }
    await insertLookUp(tx, attempt.id, look, answer.kind === 'unclear' ? answer.text : null)
    const route = routeStops(ctx.routeOf(n), ctx.health)
    const { move, isAbsent } = afterLookUp(route, n, { history, attempt: current, look, accepted })
    if (isAbsent) await insertSettlement(tx, { attempt, verdict: 'not_taken', by: 'look-up', ref: null, at })
    const writes = noWrites()
    addMove(writes, n, move, at)
    await write(tx, ctx.jobs, writes)
    return { answer: look.answer, state: move.state }
  })
}

/** Claims the first candidate that no other attempt has claimed, by an answer or an earlier look-up. */
async function claimFirst(
  tx: Tx,
  attempt: PastAttempt,
  candidates: { ref: string; at: Date }[],
  now: Date,
): Promise<Acceptance | null> {
  for (const { ref, at } of candidates)
    if (await claimMessage(tx, { attempt, verdict: 'taken', by: 'look-up', ref, at: now }))
      return { provider: attempt.provider, ref, at }
  return null
}
