// Times of day where a person lives: nine in the morning three days before, the next Monday. Right through the changes
// of clocks: a time that a spring skips is as much later, and of one that an autumn has twice it is the first.
// Notifiers ask for when their messages go out. A timezone that Intl does not know is UTC; nothing here throws for one.
import { DateTime } from 'luxon'
import type { QuietHours, TimeOfDay } from '../domain/quiet-hours.ts'
import { knownTimezone } from './intl-cache.ts'

/** As ISO 8601 counts them: Monday is 1. */
type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** This time of day on a calendar day (`2026-11-21`), or on the day that a moment falls on there; `plusDays` days later. */
export function atLocalTime(day: Date | string, time: TimeOfDay, timezone: string, plusDays = 0): Date {
  const zone = knownTimezone(timezone)
  return on(dayOf(day, zone).plus({ days: plusDays }), time, zone)
}

/** The next time that it is this time of day there, strictly after `moment`; on this day of the week, if one is given. */
export function nextLocalTime(moment: Date, time: TimeOfDay, timezone: string, weekday?: Weekday): Date {
  const zone = knownTimezone(timezone)
  const today = dayOf(moment, zone)
  const day = weekday ? today.plus({ days: (weekday - today.weekday + 7) % 7 }) : today
  const next = on(day, time, zone)
  return next > moment ? next : on(day.plus({ days: weekday ? 7 : 1 }), time, zone)
}

/** When the quiet hours end that a moment lies in; null where it lies in none. */
export function endOfQuiet(moment: Date, quiet: QuietHours | null, timezone: string): Date | null {
  if (!quiet) return null
  const { from, until } = quiet
  const time = DateTime.fromJSDate(moment, { zone: knownTimezone(timezone) }).toFormat('HH:mm')
  const isQuiet = from <= until ? from <= time && time < until : from <= time || time < until
  return isQuiet ? nextLocalTime(moment, until, timezone) : null
}

/** A page of the calendar, kept in UTC, where every day is 24 hours long. */
function dayOf(day: Date | string, zone: string): DateTime {
  if (typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day)) return DateTime.fromISO(day, { zone: 'utc' })
  const there = DateTime.fromJSDate(new Date(day), { zone })
  return DateTime.utc(there.year, there.month, there.day)
}

/** What Postgres keeps of the calendar, whatever a timezone makes of its ends. */
const calendar = [new Date('0001-01-02T00:00:00Z').getTime(), new Date('9999-12-30T00:00:00Z').getTime()] as const

function on({ year, month, day }: DateTime, time: TimeOfDay, zone: string): Date {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const at = DateTime.fromObject({ year, month, day, hour, minute }, { zone })
  // Of two moments that look the same on the clock, Luxon takes the one whose offset is that of its own now.
  const moment = at.getPossibleOffsets()[0] ?? at
  return new Date(Math.min(Math.max(moment.toMillis(), calendar[0]), calendar[1]))
}
