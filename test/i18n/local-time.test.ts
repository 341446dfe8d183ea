// Times of day where people live, through the changes of clocks of six timezones.
import { describe, expect, it } from 'vitest'
import { atLocalTime, endOfQuiet, nextLocalTime } from '../../src/i18n/local-time.ts'

const minutes = (n: number) => n * 60_000

describe('a time of day on a calendar day', () => {
  it.each([
    ['Europe/London', '2026-03-28', '09:00', '2026-03-28T09:00:00.000Z', 'winter'],
    ['Europe/London', '2026-03-29', '09:00', '2026-03-29T08:00:00.000Z', 'the day that summer time begins'],
    ['Europe/London', '2026-03-29', '01:30', '2026-03-29T01:30:00.000Z', 'skipped: half past two, summer time'],
    ['Europe/London', '2026-10-25', '01:30', '2026-10-25T00:30:00.000Z', 'twice: the first'],
    ['Europe/London', '2026-10-25', '09:00', '2026-10-25T09:00:00.000Z', 'the day that it ends'],
    ['America/New_York', '2026-03-08', '02:30', '2026-03-08T07:30:00.000Z', 'skipped: half past three'],
    ['America/New_York', '2026-03-08', '09:00', '2026-03-08T13:00:00.000Z', 'the day that it begins'],
    ['America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30:00.000Z', 'twice: the first'],
    ['America/New_York', '2026-11-01', '09:00', '2026-11-01T14:00:00.000Z', 'the day that it ends'],
    ['Asia/Tokyo', '2026-07-01', '09:00', '2026-07-01T00:00:00.000Z', 'no summer time'],
    ['Asia/Tokyo', '2026-12-31', '00:00', '2026-12-30T15:00:00.000Z', 'the day before in UTC'],
    ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:45:00.000Z', 'half an hour skipped'],
    ['Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T14:45:00.000Z', 'half an hour twice: the first'],
    ['Australia/Lord_Howe', '2026-10-04', '09:00', '2026-10-03T22:00:00.000Z', 'the day that it begins'],
    ['America/Sao_Paulo', '2018-11-04', '00:00', '2018-11-04T03:00:00.000Z', 'a midnight skipped: one o’clock'],
    ['America/Sao_Paulo', '2018-02-17', '23:30', '2018-02-18T01:30:00.000Z', 'half past eleven twice: the first'],
    ['America/Sao_Paulo', '2026-11-04', '09:00', '2026-11-04T12:00:00.000Z', 'summer time is abolished'],
    ['Pacific/Apia', '2011-12-29', '09:00', '2011-12-29T19:00:00.000Z', 'the day before the date line moved'],
    ['Pacific/Apia', '2011-12-30', '09:00', '2011-12-30T19:00:00.000Z', 'a day that never was: the next'],
    ['Pacific/Apia', '2011-12-31', '09:00', '2011-12-30T19:00:00.000Z', 'the day after it'],
    ['Nowhere/At_All', '2026-07-01', '09:00', '2026-07-01T09:00:00.000Z', 'an unknown timezone is UTC'],
  ] as [zone: string, day: string, time: '09:00', utc: string, why: string][])(
    'in %s on %s at %s is %s: %s',
    (zone, day, time, utc) => {
      expect(atLocalTime(day, time, zone).toISOString()).toBe(utc)
    },
  )

  it('is of the day that a moment falls on there, and so many days before or after', () => {
    const moment = '2026-11-20T23:30:00Z'
    expect(atLocalTime(moment, '09:00', 'Asia/Tokyo').toISOString()).toBe('2026-11-21T00:00:00.000Z')
    expect(atLocalTime(moment, '09:00', 'America/New_York').toISOString()).toBe('2026-11-20T14:00:00.000Z')
    expect(atLocalTime('2026-11-03', '09:00', 'America/New_York', -3).toISOString()).toBe('2026-10-31T13:00:00.000Z')
    expect(atLocalTime('2012-01-02', '09:00', 'Pacific/Apia', -4).toISOString()).toBe('2011-12-29T19:00:00.000Z')
    expect(atLocalTime('2018-11-03', '00:00', 'America/Sao_Paulo', 1).toISOString()).toBe('2018-11-04T03:00:00.000Z')
  })
})

describe('the next time that it is', () => {
  it('nine on a Monday: 52 of a year in New York, each at nine', () => {
    const at = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: 'America/New_York', weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    } as const)
    const mondays: Date[] = []
    for (let moment = new Date('2026-01-01T12:00:00Z'); mondays.length < 52; moment = mondays.at(-1) ?? moment)
      mondays.push(nextLocalTime(moment, '09:00', 'America/New_York', 1))
    expect(new Set(mondays.map((monday) => at.format(monday)))).toEqual(new Set(['Mon 09:00']))
    const [first, last] = [mondays[0], mondays.at(-1)]
    expect([first?.toISOString(), last?.toISOString()]).toEqual([
      '2026-01-05T14:00:00.000Z',
      '2026-12-28T14:00:00.000Z',
    ])
    const hours = mondays.map((monday) => monday.getUTCHours())
    expect(
      hours.filter((hour) => hour === 13),
      'in summer time',
    ).toHaveLength(34)
  })

  it('comes strictly after the moment itself, and on the same day where it is still ahead', () => {
    const monday = new Date('2026-11-23T09:00:00Z')
    const next = (ms: number) => nextLocalTime(new Date(monday.getTime() + ms), '09:00', 'UTC', 1).toISOString()
    expect([next(-1), next(0), next(1)]).toEqual([
      '2026-11-23T09:00:00.000Z',
      '2026-11-30T09:00:00.000Z',
      '2026-11-30T09:00:00.000Z',
    ])
    expect(nextLocalTime(monday, '08:00', 'UTC').toISOString()).toBe('2026-11-24T08:00:00.000Z')
    expect(nextLocalTime(monday, '10:00', 'UTC').toISOString()).toBe('2026-11-23T10:00:00.000Z')
  })

  it('is the first of two that look the same, whatever the moment before', () => {
    const twice = new Date('2026-10-25T00:30:00Z')
    const before = new Date(twice.getTime() - minutes(60))
    expect(nextLocalTime(before, '01:30', 'Europe/London')).toEqual(twice)
    expect(nextLocalTime(twice, '01:30', 'Europe/London').toISOString()).toBe('2026-10-26T01:30:00.000Z')
  })
})

describe('quiet hours', () => {
  const night = { from: '21:00', until: '08:00' } as const

  it.each([
    ['2026-11-21T20:59:59Z', 'UTC', null],
    ['2026-11-21T21:00:00Z', 'UTC', '2026-11-22T08:00:00.000Z'],
    ['2026-11-22T07:59:59Z', 'UTC', '2026-11-22T08:00:00.000Z'],
    ['2026-11-22T08:00:00Z', 'UTC', null],
    ['2026-03-08T03:00:00Z', 'America/New_York', '2026-03-08T12:00:00.000Z'],
    ['2026-11-01T03:00:00Z', 'America/New_York', '2026-11-01T13:00:00.000Z'],
    ['2026-11-21T13:00:00Z', 'Asia/Tokyo', '2026-11-21T23:00:00.000Z'],
    ['2026-11-21T23:00:00Z', 'Nowhere/At_All', '2026-11-22T08:00:00.000Z'],
  ])('at %s in %s end at %s', (moment, timezone, end) => {
    expect(endOfQuiet(new Date(moment), night, timezone)?.toISOString() ?? null).toBe(end)
  })

  it('lie within one day, or there are none', () => {
    const noon = { from: '12:00', until: '14:00' } as const
    const end = (time: string) => endOfQuiet(new Date(`2026-11-21T${time}Z`), noon, 'UTC')?.toISOString()
    expect([end('11:59'), end('12:00'), end('14:00')]).toEqual([undefined, '2026-11-21T14:00:00.000Z', undefined])
    expect(endOfQuiet(new Date('2026-11-21T03:00:00Z'), null, 'UTC')).toBeNull()
  })
})
