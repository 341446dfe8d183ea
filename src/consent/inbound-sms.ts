// Records an inbound text: STOP suppresses the number with every provider, START lifts that; all else is only stored.
import type { Ctx } from '../context.ts'
import { entry } from '../domain/timeline.ts'
import type { InboundText } from '../providers/receipt-reader.ts'
import { transaction } from '../store/db.ts'
import { latestNotificationTo } from '../store/notifications/latest.ts'
import { insertInbound, suppressNumber, unsuppressNumber } from '../store/people/inbound-sms.ts'
import { noWrites, write } from '../store/writes.ts'

/** Resolves after the commit. A repeated report of the same text changes nothing. The provider itself answers HELP. */
export async function inbound(ctx: Ctx, provider: string, text: InboundText): Promise<void> {
  const { keyword, from } = text
  const now = ctx.clock.now()
  const fresh = await transaction(ctx.db, async (tx) => {
    if (!(await insertInbound(tx, provider, text, now))) return false
    if (keyword === 'stop') await suppressNumber(tx, provider, from, now)
    if (keyword === 'start') await unsuppressNumber(tx, provider, [from, ctx.pseudonymOf(from.toLowerCase())])
    // In the timeline of the latest message to the number, which the person most likely answered.
    const notificationId = keyword && (await latestNotificationTo(tx, { channel: 'sms', address: from }))
    if (notificationId) {
      const entries = [{ notificationId, at: now, entry: entry('replied', { keyword }) }]
      await write(tx, ctx.jobs, { ...noWrites(), entries })
    }
    return true
  })
  ctx.log.info({ stage: 'inbound', provider, keyword, fresh }, 'inbound text recorded')
}
