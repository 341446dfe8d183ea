// When each schedule is due: in the timezone of the settings, through summer time, and after a time when nothing ran.
import { describe, expect, it } from 'vitest'
import { latestSlot, scheduleNamed, schedules, slotAfter } from '../../src/domain/schedule.ts'

/** Every slot of a year, from one to the next. */
function slotsOf(cron: string, timezone: string, year: number): Date[] {
  const slots: Date[] = []
  const end = new Date(`${year + 1}-01-01T12:00:00Z`)
  let slot = slotAfter(cron, timezone, new Date(`${year}-01-01T12:00:00Z`))
  for (; slot <= end; slot = slotAfter(cron, timezone, slot)) slots.push(slot)
  return slots
}

const hourThere = (at: Date, timeZone: string) =>
  at.toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })

describe('a year of slots', () => {
  it.each(['UTC', 'America/New_York', 'Europe/London', 'Asia/Kolkata', 'Australia/Lord_Howe'])(
    'is 365 mornings at nine in %s',
    (timezone) => {
      const slots = slotsOf('0 9 * * *', timezone, 2027)
      expect(slots).toHaveLength(365)
      expect(new Set(slots.map((slot) => hourThere(slot, timezone)))).toEqual(new Set(['09:00']))
    },
  )

  it('has every hour once, the one that an autumn has twice too', () => {
    const slots = slotsOf('0 * * * *', 'America/New_York', 2027)
    expect(slots).toHaveLength(365 * 24)
    expect(new Set(slots.map(Number)).size).toBe(365 * 24)
  })

  it('goes on at the next hour where a spring leaves one out', () => {
    const before = new Date('2027-03-14T00:00:00Z')
    expect(slotAfter('0 2 * * *', 'America/New_York', before)).toEqual(new Date('2027-03-14T07:00:00Z'))
  })

  it('goes on where a change is of half an hour', () => {
    const after = (cron: string) => slotAfter(cron, 'Australia/Lord_Howe', new Date('2027-04-03T12:00:00Z'))
    expect(after('0 2 * * *')).toEqual(new Date('2027-04-03T15:30:00Z'))
    expect(after('0 9 * * *')).toEqual(new Date('2027-04-03T22:30:00Z'))
  })
})

describe('after a time when nothing ran', () => {
  const next = new Date('2027-03-01T09:00:00Z')
  it('only the latest slot is due', () => {
    expect(latestSlot('0 9 * * *', 'UTC', next, new Date('2027-03-05T08:59:59Z'))).toEqual(
      new Date('2027-03-04T09:00:00Z'),
    )
  })
  it('the next slot is due when nothing was missed', () => {
    expect(latestSlot('0 9 * * *', 'UTC', next, next)).toEqual(next)
  })
})

it('a schedule is found by its name, with and without its prefix', () => {
  expect(scheduleNamed('retention')).toBe(scheduleNamed('schedule.retention'))
  expect(scheduleNamed('nothing')).toBeUndefined()
  expect(schedules.map(({ name, cron }) => `${name} ${cron}`)).toEqual([
    'schedule.installment_reminders 0 9 * * *',
    'schedule.failed_payments 0 10 * * *',
    'schedule.overdue_installments 0 11 * * *',
    'schedule.payment_timeouts 0 * * * *',
    'schedule.exchange_rates 0 0 * * *',
    'schedule.retention 0 2 * * *',
  ])
})
