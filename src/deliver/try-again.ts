// Repeats deliveries whose job was lost or failed, and gives up those that keep failing or ending the process.
import type { Ctx } from '../context.ts'
import { inTurnIfTried, maxTries, type TriedBefore, tryOrGiveUp } from '../guard/tries.ts'
import { afterTries } from '../policy/after-tries.ts'
import { lockWithHistory } from '../store/attempts/rows.ts'
import { beginDelivery, endDelivery, uncountDelivery } from '../store/attempts/tries.ts'
import { oneByOne } from '../store/batch.ts'
import { transaction } from '../store/db.ts'
import { addMove, noWrites, write } from '../store/writes.ts'

const oneRetryAtATime = oneByOne()

/** A notification that is not due is delivered uncounted: its row says when it is due again. */
export async function tryAgain(ctx: Ctx, id: string, deliver: () => Promise<void>): Promise<void> {
  const begin = (which: TriedBefore) => beginDelivery(ctx.db, id, which, ctx.clock.now())
  await inTurnIfTried(oneRetryAtATime, begin, async (tries) => {
    if (tries === null) return deliver()
    await tryOrGiveUp({
      tries,
      async work() {
        await deliver()
        await endDelivery(ctx.db, id)
      },
      uncount: () => uncountDelivery(ctx.db, id),
      giveUp: () => giveUp(ctx, id),
    })
  })
}

async function giveUp(ctx: Ctx, id: string): Promise<void> {
  const now = ctx.clock.now()
  const end = await transaction(ctx.db, async (tx) => {
    const found = await lockWithHistory(tx, id)
    const end = found && afterTries(found.notification, found.history, now)
    if (!end) return null
    const writes = noWrites()
    if (end.givenUp) writes.closings.push({ notificationId: id, endedAt: now, ...end.givenUp })
    addMove(writes, found.notification, end.move, now)
    await write(tx, ctx.jobs, writes)
    await endDelivery(tx, id)
    return end.move
  })
  if (end) ctx.log.error({ stage: 'deliver', notification: id, state: end.state, tries: maxTries }, 'delivery given up')
}
