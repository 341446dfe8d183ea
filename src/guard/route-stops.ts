// A channel's providers as the delivery policy sees them: what each can do, and whether it may be called now.
import type { RouteStop } from '../policy/terms.ts'
import type { Health } from './provider-health.ts'

interface Stop {
  name: string
  repeatable: boolean
  lookUp?: unknown
}

/** The providers of a channel, with what is known of their health in this moment. */
export function routeStops(providers: Stop[], health: Pick<Health, 'shut'>): RouteStop[] {
  return providers.map(({ name, repeatable, lookUp }) => {
    const shut = health.shut(name)
    return {
      provider: name,
      repeatable,
      findable: lookUp !== undefined,
      shut: shut && !shut.probe ? shut : null,
      probe: shut?.probe ? shut.why : null,
    }
  })
}
