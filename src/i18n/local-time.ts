// Times of day in a recipient's timezone, across daylight saving changes: a time that spring skips moves later by the gap, and
// of a time that autumn repeats the first is taken. A timezone unknown to Intl counts as UTC.
import { DateTime } from 'luxon'
import type { QuietHours, TimeOfDay } from '../domain/quiet-hours.ts'
import { knownTimezone } from './intl-cache.ts'

/** ISO 8601: Monday is 1. */
type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** This time of day, `plusDays` days after a calendar day (`2026-11-21`) or after the local day of a moment. */
export function atLocalTime(day: Date | string, time: TimeOfDay, timezone: string, plusDays = 0): Date {
  const zone = knownTimezone(timezone)
  return on(dayOf(day, zone).plus({ days: plusDays }), time, zone)
}

/** The next moment strictly after `moment` with this local time of day, on this weekday if one is given. */
export function nextLocalTime(moment: Date, time: TimeOfDay, timezone: string, weekday?: Weekday): Date {
  const zone = knownTimezone(timezone)
  const today = dayOf(moment, zone)
  const day = weekday ? today.plus({ days: (weekday - today.weekday + 7) % 7 }) : today
  const next = on(day, time, zone)
  return next > moment ? next : on(day.plus({ days: weekday ? 7 : 1 }), time, zone)
}

/** The end of the quiet hours that a moment lies in; null where it lies outside them. */
export function endOfQuiet(moment: Date, quiet: QuietHours | null, timezone: string): Date | null {
  if (!quiet) return null
  const { from, until } = quiet
  const time = DateTime.fromJSDate(moment, { zone: knownTimezone(timezone) }).toFormat('HH:mm')
  const isQuiet = from <= until ? from <= time && time < until : from <= time || time < until
  return isQuiet ? nextLocalTime(moment, until, timezone) : null
}

/** A calendar day, held in UTC, where every day has 24 hours. */
function dayOf(day: Date | string, zone: string): DateTime {
  if (typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day)) return DateTime.fromISO(day, { zone: 'utc' })
  const there = DateTime.fromJSDate(new Date(day), { zone })
  return DateTime.utc(there.year, there.month, there.day)
}

/** Limits that Postgres can store in any timezone. */
const calendar = [new Date('0001-01-02T00:00:00Z').getTime(), new Date('9999-12-30T00:00:00Z').getTime()] as const

function on({ year, month, day }: DateTime, time: TimeOfDay, zone: string): Date {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const at = DateTime.fromObject({ year, month, day, hour, minute }, { zone })
  // For a repeated local time, Luxon would choose by the current offset; take the first.
  const moment = at.getPossibleOffsets()[0] ?? at
  return new Date(Math.min(Math.max(moment.toMillis(), calendar[0]), calendar[1]))
}
