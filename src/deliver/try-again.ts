// Repeats deliveries whose job was lost or failed, and gives up those that keep failing or ending the process.
import type { Ctx } from '../context.ts'
import { afterTries } from '../policy/after-tries.ts'
import { lockWithHistory } from '../store/attempts/rows.ts'
import { beginDelivery, endDelivery, uncountDelivery } from '../store/attempts/tries.ts'
import { oneByOne } from '../store/batch.ts'
import { isDatabaseAway, transaction } from '../store/db.ts'
import { addMove, noWrites, write } from '../store/writes.ts'

const maxTries = 5

const oneRetryAtATime = oneByOne()

/** Counts the try before the work, so that one that ends the process counts. */
export async function tryAgain(ctx: Ctx, id: string, deliver: () => Promise<void>): Promise<void> {
  const first = await beginDelivery(ctx.db, id, 'untried', ctx.clock.now())
  if (first !== null) return tryCounted(ctx, id, { tries: first, deliver })
  // One at a time: should it end the process, only this notification's tries are counted.
  await oneRetryAtATime(async () => {
    const tries = await beginDelivery(ctx.db, id, 'tried', ctx.clock.now())
    await (tries === null ? deliver() : tryCounted(ctx, id, { tries, deliver }))
  })
}

async function tryCounted(
  ctx: Ctx,
  id: string,
  { tries, deliver }: { tries: number; deliver: () => Promise<void> },
): Promise<void> {
  if (tries > maxTries) return giveUp(ctx, id)
  try {
    await deliver()
  } catch (error) {
    // If the database cannot store this either, the try counts.
    if (isDatabaseAway(error)) await uncountDelivery(ctx.db, id).catch(() => {})
    throw error
  }
  await endDelivery(ctx.db, id)
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
