// Says which channels send nothing because none of their providers can be called.
import { type Channel, channels } from '../domain/notification.ts'
import type { Health } from './provider-health.ts'

interface Routes {
  routes: Record<Channel, { name: string }[]>
  health: Pick<Health, 'unavailable'>
}

/** For an operator; null while every channel has a provider that can be called. A provider that asks for a pause counts as one. */
export function stoppedWarning({ routes, health }: Routes): string | null {
  const stopped = channels.filter(
    (channel) => routes[channel].length > 0 && routes[channel].every(({ name }) => isStopped(health.unavailable(name))),
  )
  if (stopped.length === 0) return null
  return `No ${stopped.join(' and no ')} goes out: every provider of it fails or is paused. What is to be sent waits.`
}

function isStopped(unavailable: ReturnType<Health['unavailable']>): boolean {
  return unavailable !== null && unavailable.cause.kind !== 'throttled'
}
