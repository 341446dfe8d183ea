// Finds a provider by name in a channel's route.
import type { Ctx } from '../context.ts'
import type { Channel } from '../domain/notification.ts'
import type { Provider } from '../providers/provider.ts'

/** Throws where the route has no such provider. */
export function providerNamed(ctx: Ctx, channel: Channel, name: string): Provider {
  const provider = ctx.routes[channel].find((p) => p.name === name)
  if (!provider) throw new Error(`no provider ${name} in the ${channel} route`)
  return provider
}
