// Times that options give: as ISO 8601, or as a time ago.
import { InvalidArgumentError } from 'commander'
import { systemClock } from '../clock.ts'

const unitsMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `2h` is two hours ago. Throws commander's error for what is neither. */
export function timeOption(text: string): string {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (count && unit)
    return new Date(systemClock.now().getTime() - Number(count) * unitsMs[unit as keyof typeof unitsMs]).toISOString()
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text))) return text
  throw new InvalidArgumentError('Give an ISO 8601 time such as 2026-11-21T10:00:00Z, or a time ago such as 2h or 3d.')
}
