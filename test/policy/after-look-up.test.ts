// What a look-up for a lost answer comes to.
import { expect, it } from 'vitest'
import type { LookUpAnswer } from '../../src/domain/attempt.ts'
import { afterLookUp } from '../../src/policy/after-look-up.ts'
import { after, lost, notification, stop } from '../helper/policy.ts'

const route = [stop('first', { findable: true }), stop('second')]
const n = notification({ state: 'unconfirmed' })
const at = after(95_000)
const accepted = { provider: 'first', ref: 'SM-1', at: after(50) }

function look(
  answer: LookUpAnswer['answer'],
  more: { lookUps?: LookUpAnswer[]; restartedAfter?: number; likelyTaken?: boolean } = {},
) {
  const { lookUps = [], restartedAfter = 0, likelyTaken = false } = more
  const attempt = lost({ lookUps, likelyTaken })
  const found = answer === 'found' ? accepted : null
  return afterLookUp(
    route,
    { ...n, restartedAfter },
    { history: [attempt], attempt, look: { at, answer }, accepted: found },
  )
}
const absentBefore: LookUpAnswer[] = [{ at: after(61_000), answer: 'absent' }]

it('a message that is found is sent, under the id that it was found by', () => {
  expect(look('found', { lookUps: absentBefore })).toMatchObject({
    move: { state: 'sent', dueAt: null, accepted, entry: { params: { answer: 'found' } } },
    isAbsent: false,
  })
})

it('a message that is found counts no more once a person has asked for another try', () => {
  const { move } = look('found', { restartedAfter: 1 })
  expect(move.state).not.toBe('sent')
  expect(move.accepted).toBeUndefined()
})

it('one look that finds nothing is not enough; the second, late enough, says that it was not sent', () => {
  expect(look('absent')).toMatchObject({
    move: {
      state: 'unconfirmed',
      reason: { code: 'settling' },
      entry: { params: { answer: 'absent', isNotTaken: false } },
    },
    isAbsent: false,
  })
  expect(look('absent', { lookUps: absentBefore })).toMatchObject({
    move: { state: 'pending', dueAt: at, entry: { params: { answer: 'absent', isNotTaken: true } } },
    isAbsent: true,
  })
})

it('what was most likely taken is never called absent, nor what a look had no clear answer about', () => {
  expect(look('absent', { lookUps: absentBefore, likelyTaken: true }).isAbsent).toBe(false)
  expect(look('unclear', { lookUps: absentBefore })).toMatchObject({
    move: { state: 'unconfirmed', entry: { params: { answer: 'unclear' } } },
    isAbsent: false,
  })
})
