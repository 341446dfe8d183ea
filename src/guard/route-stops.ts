// Turns a channel's providers into the route of the delivery policy: what each can do, and whether it is available now.
import type { RouteStop } from '../policy/terms.ts'
import type { Health } from './provider-health.ts'

interface Stop {
  name: string
  repeatable: boolean
  lookUp?: unknown
}

/** The providers of a channel with their current health. */
export function routeStops(providers: Stop[], health: Pick<Health, 'unavailable'>): RouteStop[] {
  return providers.map(({ name, repeatable, lookUp }) => {
    const unavailable = health.unavailable(name)
    return {
      provider: name,
      repeatable,
      findable: lookUp !== undefined,
      unavailable: unavailable && !unavailable.probe ? unavailable : null,
      probe: unavailable?.probe ? unavailable.cause : null,
    }
  })
}
