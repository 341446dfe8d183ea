// Times as the dashboard writes them: in UTC, the date where it is not today.
import { timeQuery } from '../../http/answers/page.ts'

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' })
const dayAndMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const wholeDate = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })

const minuteMs = 60_000
const units: [ms: number, name: string][] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [minuteMs, 'minute'],
  [1000, 'second'],
]

/** `02:41:07`. */
export function clockTime(iso: string): string {
  return clock.format(new Date(iso))
}

/** `02:41:07` of today, else `21 Nov 02:41:07`; another year is named. */
export function shortTime(iso: string, now: Date): string {
  const at = new Date(iso)
  const day = dateOf(iso)
  if (day === dateOf(now.toISOString())) return clock.format(at)
  const isThisYear = at.getUTCFullYear() === now.getUTCFullYear()
  return `${(isThisYear ? dayAndMonth : wholeDate).format(at)} ${clock.format(at)}`
}

/** Within a sentence: `at 02:41:07`, `on 21 Nov at 02:41:07`. */
export function atTime(iso: string, now: Date, write = shortTime): string {
  const text = write(iso, now)
  const day = text.lastIndexOf(' ')
  return day < 0 ? `at ${text}` : `on ${text.slice(0, day)} at ${text.slice(day + 1)}`
}

/** As `shortTime`, without the seconds: `02:41`, `21 Nov 02:41`. */
export function minute(iso: string, now: Date): string {
  return shortTime(iso, now).replace(/:\d\d$/, '')
}

/**
 * A time as a person types it, as the API takes it: `2026-11-21 02:41` is in UTC. What is not such a time stays as it is, so
 * that the API says what is wrong with it.
 */
export function typedTime(text: string | null): string | undefined {
  const trimmed = text?.trim()
  const [, day, clock] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)$/.exec(trimmed ?? '') ?? []
  return day ? `${day}T${clock}${clock?.length === 5 ? ':00' : ''}Z` : trimmed || undefined
}

/** `2026-11-21 02:41`, as `typedTime` reads it. */
export function typeableTime(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ')
}

/** Whether the API takes what a person typed as a time. */
export function isTypedTime(text: string): boolean {
  return timeQuery.safeParse(typedTime(text)).success
}

/** `2026-11-21`. */
export function dateOf(iso: string): string {
  return iso.slice(0, 10)
}

/** `21 Nov 2026`. */
export function dateText(iso: string): string {
  return wholeDate.format(new Date(iso))
}

/**
 * `5 minutes`, to the nearest of the largest unit that is full: 47 hours are `2 days`, and 59 minutes and a half `1 hour`;
 * `465 ms` below a second.
 */
export function span(ms: number): string {
  for (const [i, [size, name]] of units.entries()) {
    const finer = units[i + 1]?.[0] ?? 1
    const n = Math.round(ms / size)
    if (Math.round(ms / finer) * finer >= size) return `${n} ${name}${n === 1 ? '' : 's'}`
  }
  return `${Math.max(0, Math.round(ms))} ms`
}

/** How long a call took: `465 ms`, `3.4 s`. */
export function took(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** `in 5 minutes` or `5 minutes ago`. */
export function distance(iso: string, now: Date): string {
  const ms = new Date(iso).getTime() - now.getTime()
  if (Math.abs(ms) < 1000) return 'now'
  return ms > 0 ? `in ${span(ms)}` : `${span(-ms)} ago`
}
