// Calls one provider once, within its time limit, holding no database connection.
import type { Ctx } from '../context.ts'
import { abandonedAfterMs, type Outcome } from '../domain/attempt.ts'
import type { Message } from '../domain/notification.ts'
import type { SendOptions } from '../providers/provider.ts'
import { providerNamed } from './provider-named.ts'

/** Never throws: an exception in a provider's code is logged, and its outcome is unknown. */
export async function call(
  ctx: Ctx,
  attempt: { provider: string; openedAt: Date },
  message: Message,
  sending: Omit<SendOptions, 'signal'>,
): Promise<Outcome> {
  const provider = providerNamed(ctx, message.channel, attempt.provider)
  const options = { ...sending, signal: timeLeft(ctx, provider.limitMs, attempt.openedAt) }
  try {
    return await provider.send(message, options)
  } catch (error) {
    ctx.log.error(
      { stage: 'deliver', provider: provider.name, fault: error instanceof Error ? error.name : 'unknown' },
      'provider threw',
    )
    return { kind: 'unknown', code: 'provider_bug', text: 'Our code for this provider failed during the call.' }
  }
}

/**
 * The provider's limit, shortened to end before another worker closes the attempt as abandoned: a process that was frozen
 * after it opened the attempt must not call any more.
 */
function timeLeft(ctx: Ctx, limitMs: number, openedAt: Date): AbortSignal {
  const sinceMs = ctx.clock.now().getTime() - openedAt.getTime()
  const leftMs = Math.min(limitMs, limitMs + abandonedAfterMs / 2 - sinceMs)
  return leftMs > 0 ? AbortSignal.timeout(leftMs) : AbortSignal.abort()
}
