// What the overview shows: counts over time from the small tables, and what waits, fails and is held, from the API.
import type { Ctx } from '../../context.ts'
import { channels } from '../../domain/notification.ts'
import { pathOf } from '../../http/dashboard/own-api.ts'
import { mostWaiting, type Visit } from '../../http/dashboard/page.ts'
import { type CountsOverTime, countsOverTime } from '../../store/dashboard/minute-counts.ts'
import { type WaitingMessages, waitingMessages } from '../../store/waiting-messages.ts'
import type { Event, List, Provider, Queue } from '../kit/shown.ts'

const minuteMs = 60_000

export const periods = {
  '1h': { text: '1 hour', minutes: 60, each: 1, eachText: '1 minute' },
  '24h': { text: '24 hours', minutes: 24 * 60, each: 15, eachText: '15 minutes' },
  '7d': { text: '7 days', minutes: 7 * 24 * 60, each: 60, eachText: '1 hour' },
} as const
export type PeriodName = keyof typeof periods

export function isPeriod(text: string | null): text is PeriodName {
  return text !== null && Object.hasOwn(periods, text)
}

/** Up to this many of them, and when the oldest of those was made. */
export interface Waiting {
  count: number
  isMore: boolean
  since: string | null
}

export interface Figures extends CountsOverTime {
  queues: Queue[]
  providers: Provider[]
  waiting: WaitingMessages
  /** As the navigation counts them. */
  forAPerson: Visit['waiting']
  givenUpSince: Date
  failedEvents: Waiting
}

export async function figuresOf(
  ctx: Pick<Ctx, 'reads'>,
  { api, waiting: forAPerson, givenUpSince }: Visit,
  name: PeriodName,
  now: Date,
): Promise<Figures> {
  const { minutes, each } = periods[name]
  const eachMs = each * minuteMs
  const to = new Date((Math.floor(now.getTime() / eachMs) + 1) * eachMs)
  const from = new Date(to.getTime() - minutes * minuteMs)
  const [counts, waiting, queues, providers, failedEvents] = await Promise.all([
    ctx.reads.search((db) => countsOverTime(db, { from, to }, each)),
    ctx.reads.search((db) => waitingMessages(db, channels)),
    api.get<List<Queue>>('/v1/queues'),
    api.get<List<Provider>>('/v1/providers'),
    api.get<List<Event>>(
      pathOf('/v1/events', { status: 'failed', since: givenUpSince.toISOString(), limit: String(mostWaiting) }),
    ),
  ])
  return {
    ...counts,
    waiting,
    queues: queues.data,
    providers: providers.data,
    forAPerson,
    givenUpSince,
    failedEvents: {
      count: failedEvents.data.length,
      isMore: failedEvents.nextCursor !== null,
      since: failedEvents.data.at(-1)?.receivedAt ?? null,
    },
  }
}
