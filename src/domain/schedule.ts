// The schedules that ship, and when each is due: cron in SCHEDULES_TIMEZONE. Pure. store/jobs/jobs.ts has pg-boss ring at these
// hours, store/schedules.ts keeps which slot is next, run-schedule.ts does what is due.
import { CronExpressionParser } from 'cron-parser'

export interface Schedule {
  /** The type of the event that each run emits. */
  name: `schedule.${string}`
  cron: string
  /** Of which of our events a run says how many have come since the run before it. */
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

/** By its name, with or without `schedule.` before it. */
export function scheduleNamed(name: string): Schedule | undefined {
  return schedules.find((schedule) => schedule.name === name || schedule.name === `schedule.${name}`)
}

const hourMs = 3_600_000

/** The first slot after a moment. Of an hour that summer time leaves out, the slot is the next one that there is. */
export function slotAfter(cron: string, timezone: string, moment: Date): Date {
  // cron-parser does not get over a change of half an hour (Lord Howe Island), so it begins again behind it.
  for (let hours = 0; ; hours++) {
    try {
      const currentDate = new Date(moment.getTime() + hours * hourMs)
      return CronExpressionParser.parse(cron, { tz: timezone, currentDate }).next().toDate()
    } catch (error) {
      if (hours === 48) throw error
    }
  }
}

/** The latest slot that has come, of `next` and those after it. What was missed before it is not made up for. */
export function latestSlot(cron: string, timezone: string, next: Date, now: Date): Date {
  let slot = next
  for (;;) {
    const after = slotAfter(cron, timezone, slot)
    if (after > now) return slot
    slot = after
  }
}
