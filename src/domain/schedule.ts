// The built-in schedules and their slots: cron expressions in SCHEDULES_TIMEZONE.
import { CronExpressionParser } from 'cron-parser'

export interface Schedule {
  /** The type of the event that each run emits. */
  name: `schedule.${string}`
  cron: string
  /** The event type of which a run counts the events since the previous run. */
  counts?: string
}

export const schedules: readonly Schedule[] = [
  { name: 'schedule.installment_reminders', cron: '0 9 * * *', counts: 'installment.scheduled' },
  { name: 'schedule.failed_payments', cron: '0 10 * * *', counts: 'payment.failed' },
  { name: 'schedule.overdue_installments', cron: '0 11 * * *', counts: 'installment.overdue' },
  { name: 'schedule.payment_timeouts', cron: '0 * * * *' },
  { name: 'schedule.exchange_rates', cron: '0 0 * * *' },
  { name: 'schedule.retention', cron: '0 2 * * *' },
]

/** Finds a schedule by its name, with or without the prefix `schedule.`. */
export function scheduleNamed(name: string): Schedule | undefined {
  return schedules.find((schedule) => schedule.name === name || schedule.name === `schedule.${name}`)
}

/** The first slot after a moment. A slot in an hour that daylight saving time skips moves to the next existing time. */
export function slotAfter(cron: string, timezone: string, moment: Date): Date {
  try {
    return nextOf(cron, timezone, moment)
  } catch (error) {
    // cron-parser gives up at a change of half an hour (Lord Howe Island), so the search restarts there.
    const change = halfHourChange(timezone, moment)
    if (!change) throw error
    return nextOf(cron, timezone, change)
  }
}

function nextOf(cron: string, timezone: string, currentDate: Date): Date {
  return CronExpressionParser.parse(cron, { tz: timezone, currentDate }).next().toDate()
}

const halfHourMs = 1_800_000

/** The next change of a clock by half an hour, within two days; null if there is none. */
function halfHourChange(timezone: string, moment: Date): Date | null {
  const clock = new Intl.DateTimeFormat('en', { timeZone: timezone, minute: 'numeric' })
  const hours = Math.ceil(moment.getTime() / halfHourMs) * halfHourMs
  for (let ms = hours; ms < hours + 96 * halfHourMs; ms += halfHourMs) {
    const change = new Date(ms)
    if (clock.format(change) === clock.format(ms - halfHourMs)) return change
  }
  return null
}

/** The latest slot up to `now`, from `next` on. Earlier missed slots are skipped. */
export function latestSlot(cron: string, timezone: string, next: Date, now: Date): Date {
  let slot = next
  for (;;) {
    const after = slotAfter(cron, timezone, slot)
    if (after > now) return slot
    slot = after
  }
}
