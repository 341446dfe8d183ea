// Turns a channel's providers into the route of the delivery policy: what each can do, and whether it is available now.
import type { RouteStop } from '../policy/terms.ts'
import type { Health } from './provider-health.ts'

interface Stop {
  name: string
  repeatable: boolean
  lookUp?: unknown
}

/** The providers of a channel with their current health. */
export function routeStops(providers: Stop[], health: Pick<Health, 'shut'>): RouteStop[] {
  return providers.map(({ name, repeatable, lookUp }) => {
    const shut = health.shut(name)
    return {
      provider: name,
      repeatable,
      findable: lookUp !== undefined,
      shut: shut && !shut.probe ? shut : null,
      probe: shut?.probe ? shut.cause : null,
    }
  })
}
