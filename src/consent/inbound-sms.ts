// Records an inbound text: STOP suppresses the number with every provider, START lifts that; all else is only stored.
import type { Ctx } from '../context.ts'
import type { InboundText } from '../providers/receipt-reader.ts'
import { transaction } from '../store/db.ts'
import { insertInbound, suppressNumber, unsuppressNumber } from '../store/people/inbound-sms.ts'

/** Resolves after the commit. A repeated report of the same text changes nothing. The provider itself answers HELP. */
export async function inbound(ctx: Ctx, provider: string, text: InboundText): Promise<void> {
  const { keyword, from } = text
  const now = ctx.clock.now()
  const fresh = await transaction(ctx.db, async (tx) => {
    if (!(await insertInbound(tx, provider, text, now))) return false
    if (keyword === 'stop') await suppressNumber(tx, provider, from, now)
    if (keyword === 'start') await unsuppressNumber(tx, provider, from)
    return true
  })
  ctx.log.info({ stage: 'inbound', provider, keyword, fresh }, 'inbound text recorded')
}
