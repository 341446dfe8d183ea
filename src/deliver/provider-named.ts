// Finds a provider of a channel by name: in its route, or the sandbox.
import type { Ctx } from '../context.ts'
import { type Channel, isPersonal } from '../domain/notification.ts'
import type { Provider } from '../providers/provider.ts'

/** Throws where the channel has no such provider. */
export function providerNamed(ctx: Ctx, channel: Channel, name: string): Provider {
  const known = [...ctx.routes[channel], ...(isPersonal(channel) ? [ctx.sandbox[channel].provider] : [])]
  const provider = known.find((p) => p.name === name)
  if (!provider) throw new Error(`no provider ${name} in the ${channel} route`)
  return provider
}
