// What a delivery writes: attempts that open and close, and look-ups between them.
import type { Ctx } from '../context.ts'
import { batcher } from '../store/batch.ts'
import { isDatabaseAway, transaction } from '../store/db.ts'
import { type Closed, closeAll, type ToClose } from './close.ts'
import { type Found, type LookedUp, recordLookUp } from './look-up.ts'
import { type Opened, openAll, type ToOpen } from './open.ts'

export interface Attempts {
  /** Does the next step of a notification. After `opened` the caller must call the provider and close. */
  open(one: ToOpen): Promise<Opened>
  /** Closes an open attempt for good and moves its notification. */
  close(one: ToClose): Promise<Closed>
  recordLookUp(found: Found): Promise<LookedUp>
}

/** Those that open, or close, at the same time share one transaction. */
export function makeAttempts(ctx: Ctx): Attempts {
  const options = {
    maxItems: 200,
    // Two steps of one notification are never decided on the same rows.
    keyOf: ({ notificationId }: { notificationId: string }) => notificationId,
    isShared: isDatabaseAway,
  }
  return {
    open: batcher((some: ToOpen[]) => openAll(ctx, some), options),
    close: batcher((some: ToClose[]) => transaction(ctx.db, (tx) => closeAll(ctx, tx, some)), options),
    recordLookUp: (found) => recordLookUp(ctx, found),
  }
}
