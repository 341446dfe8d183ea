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

const hourMs = 3_600_000

/** The first slot after a moment. A slot in an hour that daylight saving time skips moves to the next existing time. */
export function slotAfter(cron: string, timezone: string, moment: Date): Date {
  // cron-parser fails at a change of half an hour (Lord Howe Island), so the search restarts an hour later.
  for (let hours = 0; ; hours++) {
    try {
      const currentDate = new Date(moment.getTime() + hours * hourMs)
      return CronExpressionParser.parse(cron, { tz: timezone, currentDate }).next().toDate()
    } catch (error) {
      if (hours === 48) throw error
    }
  }
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
