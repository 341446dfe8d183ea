// A text that somebody sent us: STOP means that no provider may text them again, START that we may, HELP is answered by
// the provider. Anything else is counted and left to people.
import type { Ctx } from '../context.ts'
import type { InboundText } from '../providers/receipt-reader.ts'
import { transaction } from '../store/db.ts'
import { insertInbound, suppressNumber, unsuppressNumber } from '../store/people/inbound-sms.ts'

/** Resolves once it holds. The same text told again changes nothing. */
export async function inbound(ctx: Ctx, provider: string, text: InboundText): Promise<void> {
  const { keyword, from } = text
  const now = ctx.clock.now()
  const fresh = await transaction(ctx.db, async (tx) => {
    if (!(await insertInbound(tx, provider, text, now))) return false
    if (keyword === 'stop') await suppressNumber(tx, provider, from, now)
    if (keyword === 'start') await unsuppressNumber(tx, provider, from)
    return true
  })
  ctx.log.info({ stage: 'inbound', provider, keyword, fresh }, 'a text came in')
}
