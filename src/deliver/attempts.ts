// Batches the writes of deliveries: opening and closing attempts, and recording look-ups.
import type { Ctx } from '../context.ts'
import { batcher } from '../store/batch.ts'
import { isDatabaseAway, transaction } from '../store/db.ts'
import type { Job } from '../store/jobs/queues.ts'
import { type Closed, closeAll, type ToClose } from './close.ts'
import { type LookUpResult, type RecordedLookUp, recordLookUp } from './look-up.ts'
import type { ToOpen } from './messages-to-send.ts'
import { openAll } from './open.ts'
import { isCall, type Opened } from './opened.ts'

export interface Attempts {
  /** Does the next step of a notification. After `opened` the caller must call the provider and then `close`. */
  open(one: ToOpen): Promise<Opened>
  /** Closes an open attempt for good and moves its notification. */
  close(one: ToClose): Promise<Closed>
  recordLookUp(found: LookUpResult): Promise<RecordedLookUp>
  /** Enqueues a job for later. */
  snooze(job: Job): Promise<Job>
}

/** Concurrent `open` calls share one transaction, as do concurrent `close` calls. */
export function makeAttempts(ctx: Ctx): Attempts {
  const options = {
    maxItems: 200,
    // Two steps of one notification must never be decided from the same rows.
    keyOf: ({ notificationId }: { notificationId: string }) => notificationId,
    isShared: isDatabaseAway,
  }
  let allWereCalls = true
  const open = async (items: ToOpen[]) => {
    const opened = await openAll(ctx, items, allWereCalls)
    allWereCalls = opened.every(isCall)
    return opened
  }
  return {
    open: batcher(open, options),
    close: batcher((items: ToClose[]) => closeAll(ctx, items), options),
    recordLookUp: (found) => recordLookUp(ctx, found),
    snooze: batcher((jobs: Job[]) => snoozeAll(ctx, jobs), { maxItems: 200, isShared: isDatabaseAway }),
  }
}

async function snoozeAll(ctx: Ctx, jobs: Job[]): Promise<Job[]> {
  await transaction(ctx.db, (tx) => ctx.jobs.enqueue(tx, jobs))
  return jobs
}
