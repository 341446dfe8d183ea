// What waits, and which channels send nothing now, in words.
import { sandboxName } from '../../providers/sandbox/send.ts'
import { nameOf } from '../../show/provider.ts'
import { count } from '../kit/parts.tsx'
import { channelText } from '../kit/provider-looks.tsx'
import type { Provider } from '../kit/shown.ts'
import { span } from '../kit/times.ts'
import type { Figures } from './figures.ts'

/** A channel none of whose providers can be called. */
interface Stopped {
  channel: string
  providers: Provider[]
}

/** The providers of each channel that has some. */
function routesOf(providers: Provider[]): Stopped[] {
  return [...Map.groupBy(providers, ({ channel }) => channel)].map(([channel, providers]) => ({ channel, providers }))
}

/** A half-open circuit lets one message through, which may fail as those before it. */
export function stoppedChannels(providers: Provider[]): Stopped[] {
  return routesOf(providers).filter((route) =>
    route.providers.every(({ circuit, paused }) => circuit !== 'closed' || paused !== null),
  )
}

/** `No email goes out: the mail server fails.` */
export function stoppedText({ channel, providers }: Stopped): string {
  const why = providers.map(({ name, paused }) => `${nameOf(name)} ${paused ? 'is paused' : 'fails'}`)
  return `No ${channelText(channel)} goes out: ${why.join(', and ')}.`
}

/** The channels whose messages are planned for the sandbox: those of which it is the primary. */
export function sandboxChannels(providers: Provider[]): string[] {
  return routesOf(providers)
    .filter((route) => route.providers[0]?.name === sandboxName)
    .map(({ channel }) => channelText(channel))
}

/** How much waits: for a worker, and for a provider or the next try. */
export function waitingNow({ queues, waiting }: Pick<Figures, 'queues' | 'waiting'>): {
  ready: number
  others: number
} {
  const forProvider = waiting.forProvider.reduce((sum, one) => sum + one.count, 0)
  return { ready: queues.reduce((total, queue) => total + queue.ready, 0), others: forProvider + waiting.forNextTry }
}

/** All that waits: for a worker, for a provider, for its next try, and to be settled. */
export function waitsText({ queues, waiting }: Pick<Figures, 'queues' | 'waiting'>): string {
  const oldest = oldestSeconds({ queues })
  const others = [
    ...waiting.forProvider.map(
      ({ channel, count: n }) =>
        `${count(n, `${channelText(channel)} message`)} ${n === 1 ? 'waits' : 'wait'} for a provider.`,
    ),
    ...(waiting.forNextTry > 0
      ? [`${count(waiting.forNextTry, 'message')} ${waiting.forNextTry === 1 ? 'waits' : 'wait'} for the next try.`]
      : []),
    ...(waiting.settling > 0 ? [`Whether ${count(waiting.settling, 'message')} went out is being settled.`] : []),
  ]
  if (oldest === null) return others.length > 0 ? others.join(' ') : 'Nothing waits.'
  const longest = `Nothing ${others.length > 0 ? 'else ' : ''}waits longer than ${span(Math.max(1, oldest) * 1000)}.`
  return [...others, longest].join(' ')
}

/** How long the oldest job that is due has waited, over all queues; null if none waits. */
export function oldestSeconds({ queues }: Pick<Figures, 'queues'>): number | null {
  const waits = queues.flatMap(({ oldestSeconds }) => (oldestSeconds === null ? [] : [oldestSeconds]))
  return waits.length > 0 ? Math.max(...waits) : null
}
