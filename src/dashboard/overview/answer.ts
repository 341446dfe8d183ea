// How the service is, in one sentence, and what needs a person now.
import { titleOf } from '../../providers/index.ts'
import { nameOf } from '../../show/provider.ts'
import type { IconName } from '../kit/icons.tsx'
import { count, type Tone } from '../kit/parts.tsx'
import type { Provider } from '../kit/shown.ts'
import { span } from '../kit/times.ts'
import type { Figures, Waiting } from './figures.ts'
import { oldestSeconds, sandboxChannels, stoppedChannels, stoppedText, waitsText } from './waits.ts'

export interface Need {
  tone: Tone
  icon: IconName
  badge: string
  what: string
  since: string | null
  why: string
  link: { to: string; text: string }
}

/** Work that waits for longer than this is late. */
const lateSeconds = 60

export function needsOf({ waiting, failed, failedCallbacks, failedEvents, providers }: Figures): Need[] {
  const down = awayOf(providers)
  return [
    ...down.map(
      (one): Need => ({
        ...(one.circuit === 'open'
          ? { tone: 'bad', icon: 'opened', badge: 'circuit open' }
          : { tone: 'ask', icon: 'half', badge: 'circuit half open' }),
        what: titleOf(one.name),
        since: one.changes[0]?.at ?? null,
        why: `${one.why ?? 'Its calls failed'}. It is tried again by itself; look into it only if this lasts.`,
        link: { to: '/dashboard/providers', text: 'See the providers' },
      }),
    ),
    // Those that are being settled settle by themselves.
    ...need(heldOf(waiting), {
      tone: 'ask',
      icon: 'ask',
      badge: 'unconfirmed',
      why: 'They may have gone out, so they are not sent twice by themselves. A late receipt or a person settles them.',
      link: { to: '/dashboard/unconfirmed', text: 'Settle them' },
    }),
    ...need(failed, {
      tone: 'bad',
      icon: 'cross',
      badge: 'failed',
      why: 'Every try was used up, or the message was refused. Their pages say why.',
      link: { to: '/dashboard/notifications?state=failed', text: 'See them' },
    }),
    ...need(
      failedCallbacks,
      {
        tone: 'bad',
        icon: 'cross',
        badge: 'failed',
        why: 'The app did not take them, however often they were tried. Their pages say what it answered.',
        link: { to: '/dashboard/notifications?state=failed&channel=callback', text: 'See them' },
      },
      'callback',
    ),
    ...need(
      failedEvents,
      {
        tone: 'bad',
        icon: 'cross',
        badge: 'failed',
        why: 'No message could be made of them. Their pages say what was missing; fix that and replay them.',
        link: { to: '/dashboard/events?status=failed', text: 'See them' },
      },
      'event',
    ),
  ]
}

/** Those whose circuit is not closed, each once: a provider may be in the routes of two channels. */
function awayOf(providers: Provider[]): Provider[] {
  const away = providers.filter(({ circuit }) => circuit !== 'closed')
  return [...new Map(away.map((one) => [one.name, one])).values()]
}

function heldOf({ held }: Figures['waiting']): Waiting {
  return { count: held.count, isMore: false, since: held.since?.toISOString() ?? null }
}

function need(one: Waiting, more: Omit<Need, 'what' | 'since'>, unit = 'message'): Need[] {
  if (one.count === 0) return []
  const what = one.isMore ? `${one.count} ${unit}s or more` : count(one.count, unit)
  return [{ ...more, what, since: one.since }]
}

export function answerFor(figures: Figures): { tone: Tone; icon: IconName; first: string; more: string } {
  const oldest = oldestSeconds(figures)
  const isLate = oldest !== null && oldest > lateSeconds
  const waits = waitsText(figures)
  const stopped = stoppedChannels(figures.providers)
  const down = awayOf(figures.providers)
    .filter(({ circuit }) => circuit === 'open')
    .map(({ name }) => nameOf(name))
  const n = needsOf(figures).length
  const more =
    n === 0 ? 'Nothing needs a person.' : `${count(n, 'thing')} below ${n === 1 ? 'needs' : 'need'} a person.`
  if (stopped.length > 0)
    return {
      tone: 'bad',
      icon: 'warn',
      first: `${stopped.map(stoppedText).join(' ')} ${waits}`,
      more: `Nothing is lost: what waits goes out when a provider can be called again. ${more}`,
    }
  if (isLate)
    return {
      tone: 'bad',
      icon: 'clock',
      first: `Work is late: the oldest has waited ${span(oldest * 1000)}.`,
      more: `Nothing is lost. ${more}`,
    }
  const unsent = sandboxChannels(figures.providers)
  if (unsent.length > 0)
    return {
      tone: 'ask',
      icon: 'warn',
      first: `No ${unsent.join(' and no ')} is really sent: only the sandbox takes them. ${waits}`,
      more: `${more} To send for real, set the key of a provider: docs/settings.md lists them, and posthorn doctor checks it.`,
    }
  if (down.length > 0)
    return {
      tone: 'ask',
      icon: 'warn',
      first: `Messages are going out, but not by ${down.join(' and ')}. ${waits}`,
      more: `Nothing is lost. ${more}`,
    }
  if (n === 0 && figures.buckets.every(({ accepted }) => accepted === 0))
    return {
      tone: 'still',
      icon: 'event',
      first: `No event came in during this time. ${waits}`,
      more: `${more} If some should have come, look at the webhooks of their source.`,
    }
  return {
    tone: n === 0 ? 'good' : 'ask',
    icon: n === 0 ? 'check' : 'warn',
    first: `Everything is going out. ${waits}`,
    more,
  }
}
