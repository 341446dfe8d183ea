// What became of an app's notifications is told to the app: the database has noted each fate in the transaction that
// brought it about, and here it becomes a callback, a notification like any other, which deliver.ts carries.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import { showNotification } from '../privacy/shown-notification.ts'
import { type Fate, type NewCallback, tellFates } from '../store/notifications/callback-outbox.ts'

const atOnce = 200

/** Answers how many callbacks it made. Safe to run in many processes at once. */
export async function tell(ctx: Ctx): Promise<number> {
  const apps = Object.keys(ctx.callbackUrls)
  let made = 0
  for (let some = atOnce; some === atOnce; made += some)
    some = await tellFates(ctx.db, ctx.jobs, { apps, limit: atOnce, now: ctx.clock.now() }, (fate) =>
      callbackOf(ctx, fate),
    )
  if (made > 0) ctx.log.info({ stage: 'tell', callbacks: made }, 'fates became callbacks')
  return made
}

/** Of the notification it says what the API says, addresses and all: they came from the app. */
function callbackOf(ctx: Ctx, fate: Fate): NewCallback {
  const { app, at, sourceId } = fate
  const type = `notification.${fate.state}`
  const { id, eventId, ...shown } = showNotification(fate, null)
  const data = { notification: { id, eventId, sourceId, ...shown } }
  return {
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
