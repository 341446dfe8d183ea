// A text that somebody sent us: STOP means that no provider may text them again, START that we may, HELP is answered by
// the provider. Anything else is counted and left to people.
import type { Ctx } from '../context.ts'
import type { InboundText } from '../providers/receipt-reader.ts'
import { keepInbound } from '../store/people/inbound-sms.ts'

/** Resolves once it holds. The same text told again changes nothing. */
export async function inbound(ctx: Ctx, provider: string, text: InboundText): Promise<void> {
  const fresh = await keepInbound(ctx.db, provider, text, ctx.clock.now())
  ctx.log.info({ stage: 'inbound', provider, keyword: text.keyword, fresh }, 'a text came in')
}
