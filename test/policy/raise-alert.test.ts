// When an alert is sent: at once, again when it recurs after hours, and once a day while it lasts.
import { expect, it } from 'vitest'
import { type Alert, raised } from '../../src/policy/raise-alert.ts'

const hourMs = 3_600_000
const start = new Date('2026-11-21T10:00:00Z')
const after = (hours: number) => new Date(start.getTime() + hours * hourMs)
const lasting: Alert = { raisedAt: start, sentAt: start, isSent: true, clearedAt: null }

it('is sent when something is wrong for the first time', () => {
  expect(raised(null, start)).toEqual({ alert: lasting, sends: true })
})

it('is sent again after a day of one that lasts, and not before', () => {
  expect(raised(lasting, after(23.9))).toBeNull()
  expect(raised(lasting, after(24))).toEqual({ alert: { ...lasting, sentAt: after(24) }, sends: true })
})

it('is noted and not sent where it recurs within four hours', () => {
  const over = { ...lasting, clearedAt: after(1) }
  expect(raised(over, after(3.9))).toEqual({
    alert: { raisedAt: after(3.9), sentAt: start, isSent: false, clearedAt: null },
    sends: false,
  })
  expect(raised(over, after(4))).toEqual({
    alert: { raisedAt: after(4), sentAt: after(4), isSent: true, clearedAt: null },
    sends: true,
  })
})
