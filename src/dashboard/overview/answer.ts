// How the service is, in one sentence, and what needs a person now.
import { pathOf } from '../../http/dashboard/own-api.ts'
import { mostWaiting } from '../../http/dashboard/page.ts'
import { titleOf } from '../../providers/index.ts'
import { nameOf } from '../../show/provider.ts'
import { givenUpPath } from '../kit/given-up-path.ts'
import type { IconName } from '../kit/icons.tsx'
import { count, type Tone } from '../kit/parts.tsx'
import type { Provider } from '../kit/shown.ts'
import { span, typeableTime } from '../kit/times.ts'
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

export function needsOf({ forAPerson, givenUpSince, failedEvents, providers }: Figures): Need[] {
  const away = awayOf(providers)
  const { unconfirmed, givenUp } = forAPerson
  const stopped = new Set(stoppedChannels(providers).flatMap((route) => route.providers.map(({ name }) => name)))
  return [
    ...away
      .filter(({ paused }) => !paused)
      .map(
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
    ...away
      .filter(({ paused }) => paused)
      .map(
        (one): Need => ({
          ...{ tone: 'still', icon: 'pause', badge: 'paused' },
          what: titleOf(one.name),
          since: one.paused?.at ?? null,
          why: stopped.has(one.name)
            ? 'Without it nothing of its channel goes out, and only a person resumes it.'
            : 'It is not called, and the others of its route send instead. Only a person resumes it.',
          link: { to: '/dashboard/providers', text: 'See the providers' },
        }),
      ),
    ...need(upTo(unconfirmed.count), 'message', {
      since: unconfirmed.since?.toISOString() ?? null,
      tone: 'ask',
      icon: 'ask',
      badge: 'unconfirmed',
      why: 'They may have gone out, so they are not sent twice by themselves. A late receipt or a person settles them.',
      link: { to: '/dashboard/unconfirmed', text: 'Settle them' },
    }),
    ...givenUpOf(givenUp, givenUpPath({ givenUpSince })),
    ...need(failedEvents, 'event', {
      since: failedEvents.since,
      tone: 'bad',
      icon: 'cross',
      badge: 'failed',
      why: 'No message could be made of them. Their pages say what was missing; fix that and replay them.',
      link: {
        to: pathOf('/dashboard/events', { status: 'failed', since: typeableTime(givenUpSince) }),
        text: 'See them',
      },
    }),
  ]
}

/** One row, as the list has them all. */
function givenUpOf({ count: n, since, callbacks }: Figures['forAPerson']['givenUp'], to: string): Need[] {
  const more: Omit<Need, 'what' | 'why'> = {
    ...{ since: since?.toISOString() ?? null, tone: 'bad', icon: 'cross', badge: 'failed' },
    link: { to, text: 'See them' },
  }
  const [ofMessages, ofCallbacks] = [
    'Every try was used up, or the message was refused. Their pages say why.',
    'The app did not take them, however often they were tried. Their pages say what it answered.',
  ]
  if (callbacks === n) return need(upTo(n), 'callback', { ...more, why: ofCallbacks })
  const why = callbacks === 0 ? ofMessages : `${ofMessages} Of them, ${count(callbacks, 'callback')} to apps.`
  return need(upTo(n), 'message', { ...more, why })
}

/** Those that are not called, each once: a provider may be in the routes of two channels. The navigation counts the same. */
function awayOf(providers: Provider[]): Provider[] {
  const away = providers.filter(({ circuit, paused }) => circuit !== 'closed' || paused)
  return [...new Map(away.map((one) => [one.name, one])).values()]
}

function upTo(n: number): Pick<Waiting, 'count' | 'isMore'> {
  return { count: n, isMore: n >= mostWaiting }
}

function need({ count: n, isMore }: Pick<Waiting, 'count' | 'isMore'>, unit: string, more: Omit<Need, 'what'>): Need[] {
  return n === 0 ? [] : [{ ...more, what: isMore ? `${n} ${unit}s or more` : count(n, unit) }]
}

export function answerFor(figures: Figures): { tone: Tone; icon: IconName; first: string; more: string } {
  const oldest = oldestSeconds(figures)
  const isLate = oldest !== null && oldest > lateSeconds
  const waits = waitsText(figures)
  const stopped = stoppedChannels(figures.providers)
  const down = awayOf(figures.providers)
    .filter(({ circuit, paused }) => circuit === 'open' || paused)
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
