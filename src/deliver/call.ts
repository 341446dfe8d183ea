// One call to one provider, within its limit. No database connection is held meanwhile.
import type { Ctx } from '../context.ts'
import { abandonedAfterMs, type Outcome } from '../domain/attempt.ts'
import type { Message } from '../domain/notification.ts'
import type { SendOptions } from '../providers/provider.ts'
import { providerNamed } from './provider-named.ts'

/** What a provider throws is a bug, and nobody knows how far it got. */
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
      'a provider threw',
    )
    return { kind: 'unknown', code: 'provider_bug', text: 'Our code for this provider failed during the call.' }
  }
}

/**
 * The provider's limit, but never into the time at which another worker gives the attempt up: a process that was frozen
 * since it opened it wakes to a limit that is over, and does not call.
 */
function timeLeft(ctx: Ctx, limitMs: number, openedAt: Date): AbortSignal {
  const sinceMs = ctx.clock.now().getTime() - openedAt.getTime()
  const leftMs = Math.min(limitMs, limitMs + abandonedAfterMs / 2 - sinceMs)
  return leftMs > 0 ? AbortSignal.timeout(leftMs) : AbortSignal.abort()
}
