// How a provider's circuit or pause looks, and how its channel is written.
import { Badge } from './parts.tsx'
import type { Provider } from './shown.ts'

/** `SMS`, and the others as the API names them. */
export function channelText(channel: string): string {
  return channel === 'sms' ? 'SMS' : channel
}

/** A pause by a person comes first: it outlasts the circuit. */
export function CircuitBadge({ provider: { circuit, paused } }: { provider: Pick<Provider, 'circuit' | 'paused'> }) {
  if (paused)
    return (
      <Badge tone="still" icon="pause">
        paused
      </Badge>
    )
  switch (circuit) {
    case 'open':
      return (
        <Badge tone="bad" icon="opened">
          circuit open
        </Badge>
      )
    case 'half-open':
      return (
        <Badge tone="ask" icon="half">
          circuit half open
        </Badge>
      )
    case 'closed':
      return (
        <Badge tone="good" icon="closed" bare>
          circuit closed
        </Badge>
      )
  }
}
