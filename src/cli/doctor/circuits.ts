// Checks whether the providers are called: an open circuit or a pause keeps messages waiting.
import { channels } from '../../domain/notification.ts'
import { circuitText } from '../../show/causes.ts'
import { nameOf, sentence } from '../../show/provider.ts'
import type { Db } from '../../store/db.ts'
import { type ProviderHealth, readHealth } from '../../store/providers/health.ts'
import { waitingMessages } from '../../store/waiting-messages.ts'
import { bad, type Check, notAsked, ok } from './check.ts'

/** `inUse`: whether a route can name the provider now. */
export async function checkCircuits(db: Db, inUse: (provider: string) => boolean): Promise<Check> {
  const healths = (await readHealth(db)).filter(({ provider }) => inUse(provider))
  const waiting = await messagesWaiting(db)
  const waits = waiting === 0 ? '' : ` ${waiting} ${waiting === 1 ? 'message waits' : 'messages wait'} for a provider.`
  const away = healths.filter(({ circuit, pausedAt }) => circuit.state === 'open' || pausedAt !== null)
  const text = away.map(awayText).join(' ') + waits
  if (away.some(({ circuit }) => circuit.state === 'open'))
    return bad(
      ...(['providers', 'circuits', text] as const),
      'One message probes it every 5 seconds, and what waits goes out once a probe is taken. Fix what it complains of.',
    )
  if (away.length > 0) return notAsked('providers', 'circuits', text)
  return ok('providers', 'circuits', `None is open.${waits}`)
}

/** How many messages wait for a provider, at most 10,000 a channel. */
export async function messagesWaiting(db: Db): Promise<number> {
  const { forProvider } = await waitingMessages(db, channels)
  return forProvider.reduce((sum, { count }) => sum + count, 0)
}

function awayText({ provider, circuit, pausedAt, pausedBy }: ProviderHealth): string {
  const name = nameOf(provider)
  if (pausedAt) return sentence(`${name} is paused by ${pausedBy} since ${pausedAt.toISOString()}`)
  const why = circuit.cause ? circuitText(circuit.cause) : 'its calls failed'
  const since = circuit.openedAt ? ` since ${circuit.openedAt.toISOString()}` : ''
  return sentence(`the circuit of ${name} is open${since}: ${why}`)
}
