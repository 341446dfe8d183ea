// Times and durations as the dashboard writes them, and times as people type them.
import { describe, expect, it } from 'vitest'
import { minute, took, typedTime } from '../../src/dashboard/kit/times.ts'

it.each([
  [0, '0 ms'],
  [465.4, '465 ms'],
  [999, '999 ms'],
  [3423, '3.4 s'],
])('a call of %d ms took %s', (ms, text) => {
  expect(took(ms)).toBe(text)
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
