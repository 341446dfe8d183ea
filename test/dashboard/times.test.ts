// Times and durations as the dashboard writes them, and times as people type them.
import { describe, expect, it } from 'vitest'
import { distance, minute, span, took, typedTime } from '../../src/dashboard/kit/times.ts'

it.each([
  [0, '0 ms'],
  [465.4, '465 ms'],
  [999, '999 ms'],
  [3423, '3.4 s'],
])('a call of %d ms took %s', (ms, text) => {
  expect(took(ms)).toBe(text)
})

it.each([
  [999, '999 ms'],
  [1000, '1 second'],
  [89_000, '1 minute'],
  [90_000, '2 minutes'],
  [59.4 * 60_000, '59 minutes'],
  [59.5 * 60_000, '1 hour'],
  [47.99 * 3_600_000, '2 days'],
])('%d ms are %s, to the nearest of the largest unit that is full', (ms, text) => {
  expect(span(ms)).toBe(text)
})

it('says that what is due in almost two days is due in two', () => {
  expect(distance('2026-11-23T11:59:00Z', new Date('2026-11-21T12:00:00Z'))).toBe('in 2 days')
})

it('is written to the minute, with its date where it is not today', () => {
  const now = new Date('2026-11-21T12:00:00Z')
  expect(minute('2026-11-21T02:41:07Z', now)).toBe('02:41')
  expect(minute('2026-11-20T02:41:07Z', now)).toBe('20 Nov 02:41')
})

describe('a time that a person types', () => {
  it.each([
    ['2026-11-21 02:41', '2026-11-21T02:41:00Z'],
    [' 2026-11-21T02:41:07 ', '2026-11-21T02:41:07Z'],
    ['2026-11-21', '2026-11-21'],
    ['2026-11-21T02:41:00+01:00', '2026-11-21T02:41:00+01:00'],
    ['yesterday', 'yesterday'],
  ])('%s is asked for as %s', (typed, asked) => {
    expect(typedTime(typed)).toBe(asked)
  })

  it.each([[''], ['  '], [null]])('that is none (%j) is not asked for', (typed) => {
    expect(typedTime(typed)).toBeUndefined()
  })
})
