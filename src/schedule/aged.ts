// From when on each class of data is kept, by the settings.
import type { Ctx } from '../context.ts'

const dayMs = 86_400_000

/** The time before which each class of data goes; null if it is kept for ever. */
type AgedBefore = { [Class in keyof Ctx['retention']]: Exclude<Ctx['retention'][Class], number> | Date }

export function agedNow({ clock, retention }: Ctx): AgedBefore {
  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * dayMs)
  const { messages, events, addresses, audit, accessLog } = retention
  return {
    messages: daysAgo(messages),
    events: daysAgo(events),
    addresses: daysAgo(addresses),
    audit: audit === null ? null : daysAgo(audit),
    accessLog: accessLog === null ? null : daysAgo(accessLog),
  }
}

/** Up to the start of that day in UTC: whole days of content are dropped, and next to nothing is removed row by row. */
export function agedByDays(ctx: Ctx): AgedBefore {
  const aged = agedNow(ctx)
  const dayStart = (at: Date) => new Date(at.getTime() - (at.getTime() % dayMs))
  return {
    ...aged,
    messages: dayStart(aged.messages),
    events: dayStart(aged.events),
    addresses: dayStart(aged.addresses),
  }
}
