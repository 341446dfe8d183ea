// Turns status changes from the outbox into callbacks, which are delivered like any other notification.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import { showNotification } from '../show/notification.ts'
import { inBatches } from '../store/batch.ts'
import { transaction } from '../store/db.ts'
import {
  insertCallbacks,
  type NewCallback,
  type StatusChange,
  takeStatusChanges,
} from '../store/notifications/callback-outbox.ts'

const batchSize = 200

/** Answers how many callbacks it made. Safe to run in several processes at once. */
export async function notifyApps(ctx: Ctx): Promise<number> {
  const startedAt = ctx.clock.now()
  const made = await inBatches(batchSize, (limit) => notifyBatch(ctx, limit))
  const ms = ctx.clock.now().getTime() - startedAt.getTime()
  if (made > 0) ctx.log.info({ stage: 'callbacks', callbacks: made, ms }, 'callbacks made')
  return made
}

/** One transaction, so that each status change becomes exactly one callback. */
async function notifyBatch(ctx: Ctx, limit: number): Promise<number> {
  return transaction(ctx.db, async (tx) => {
    const changes = await takeStatusChanges(tx, Object.keys(ctx.callbackUrls), limit)
    const callbacks = changes.map((change) => callbackOf(ctx, change))
    if (callbacks.length > 0) await insertCallbacks(tx, ctx.jobs, callbacks, ctx.clock.now())
    return callbacks.length
  })
}

/** Contains the notification as the API shows it, with addresses: they came from the app. */
function callbackOf(ctx: Ctx, change: StatusChange): NewCallback {
  const { app, at, sourceId } = change
  const type = `notification.${change.state}`
  const { id, eventId, ...shown } = showNotification(change)
  const data = { notification: { id, eventId, sourceId, ...shown } }
  return {
    change,
    id: uuidv7({ msecs: ctx.clock.now().getTime() }),
    type,
    locale: ctx.defaults.locale,
    timezone: ctx.defaults.timezone,
    message: {
      channel: 'callback',
      to: ctx.callbackUrls[app] ?? '',
      app,
      text: JSON.stringify({ type, timestamp: at.toISOString(), data }),
    },
  }
}
