// What the service alerts its operator of, from what the database shows.
import { describe, expect, it } from 'vitest'
import { type AlertSigns, alertVerdicts } from '../../src/policy/alerts.ts'

const calm: AlertSigns = {
  oldestSeconds: 0,
  deadLetters: 0,
  callbacksRetrying: 0,
  sent: 5,
  sentBefore: [0, 0, 0, 0],
  providers: [],
}
const acme = { provider: 'acme', isUsed: true, isOpen: true, isPaused: false, closedSeconds: null }
const verdicts = (signs: Partial<AlertSigns>) =>
  Object.fromEntries(alertVerdicts({ ...calm, ...signs }).map(({ name, is }) => [name, is]))

describe('an alert', () => {
  it('has a bound from which it is wrong and a lower one below which it is well; between them nothing changes', () => {
    expect(verdicts({})).toEqual({ work_old: 'well', dead_letters: 'well', callbacks_failing: 'well', silence: 'well' })
    expect(verdicts({ oldestSeconds: 300 }).work_old).toBe('wrong')
    expect(verdicts({ oldestSeconds: 299 }).work_old).toBeUndefined()
    expect(verdicts({ oldestSeconds: 60 }).work_old).toBeUndefined()
    expect(verdicts({ oldestSeconds: 59 }).work_old).toBe('well')
    expect(verdicts({ callbacksRetrying: 20 }).callbacks_failing).toBe('wrong')
    expect(verdicts({ callbacksRetrying: 5 }).callbacks_failing).toBeUndefined()
    expect(verdicts({ deadLetters: 1 }).dead_letters).toBe('wrong')
  })

  it('says how many and what to do', () => {
    const [work] = alertVerdicts({ ...calm, oldestSeconds: 600 })
    expect(work).toMatchObject({
      title: 'Work is getting old',
      text: expect.stringContaining('for 10 minutes. Check that'),
    })
  })

  it.each([
    [[0, 0, 0, 0], undefined],
    [[500, 0, 0, 0], undefined],
    [[9, 9, 9, 9], undefined],
    [[10, 0, 10, 0], 'wrong'],
  ])('is raised of silence after weeks with %j in this hour: %s', (sentBefore, is) => {
    expect(verdicts({ sent: 0, sentBefore }).silence).toBe(is)
    expect(verdicts({ sent: 1, sentBefore }).silence).toBe('well')
  })

  it.each([
    [{ isOpen: true, closedSeconds: null }, 'wrong'],
    [{ isOpen: false, closedSeconds: null }, undefined],
    [{ isOpen: false, closedSeconds: 299 }, undefined],
    [{ isOpen: false, closedSeconds: 300 }, 'well'],
  ])('of a provider with %j is %s', (state, is) => {
    expect(verdicts({ providers: [{ ...acme, ...state }] })['provider_down:acme']).toBe(is)
  })

  it.each([
    [{ isPaused: true }, 'acme is paused by a person'],
    [{ isUsed: false }, 'acme is on no route any more'],
  ])('of a provider that fails is over with %j: a person has decided', (state, title) => {
    const verdict = alertVerdicts({ ...calm, providers: [{ ...acme, ...state }] }).at(-1)
    expect(verdict).toMatchObject({ name: 'provider_down:acme', is: 'well', title })
  })
})
