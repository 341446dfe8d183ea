// Which attempt a receipt is about: by its message's name, by our id, or as the only one it can be.
import { expect, it } from 'vitest'
import type { PastAttempt } from '../../src/domain/attempt.ts'
import { matchReceipt } from '../../src/policy/match-receipt.ts'

function attempt(number: number, more: Partial<PastAttempt> = {}): PastAttempt {
  return {
    ...{ id: `a${number}`, number, round: 1, provider: 'resend', outcome: 'unknown', blame: null, likelyTaken: false },
    ...{
      errorCode: null,
      retryAfterMs: null,
      startedAt: new Date(0),
      endedAt: new Date(1),
      verdict: null,
      lookUps: [],
      ref: null,
    },
    ...more,
  }
}

function meant(history: PastAttempt[], told: { ref?: string; attempt?: string; provider?: string } = {}) {
  const { ref = null, attempt = null, provider = 'resend' } = told
  const found = matchReceipt({ provider, providerMessageId: ref, namedAttemptId: attempt }, history)
  return found && [found.attempt.number, found.named]
}

it('the message’s name counts before our id, and of two attempts with one name the later', () => {
  const history = [attempt(1, { ref: 'x' }), attempt(2, { ref: 'x' }), attempt(3)]
  expect(meant(history, { ref: 'x', attempt: 'a3' })).toEqual([2, true])
  expect(meant(history, { ref: 'y', attempt: 'a1' })).toEqual([1, true])
  expect(meant(history, { attempt: 'a3' })).toEqual([3, true])
})

it('without either it is the last that may have been taken, else the last', () => {
  expect(meant([attempt(1), attempt(2, { outcome: 'deferred' })])).toEqual([1, false])
  expect(meant([attempt(1), attempt(2, { outcome: null, endedAt: null })])).toEqual([2, false])
  expect(meant([attempt(1), attempt(2, { verdict: 'not_taken' })])).toEqual([1, false])
  expect(meant([attempt(1, { outcome: 'deferred' }), attempt(2, { outcome: 'rejected' })])).toEqual([2, false])
})

it('a message with another name is none of those whose name is known, nor of another provider', () => {
  expect(meant([attempt(1), attempt(2, { outcome: 'accepted', ref: 'y' })], { ref: 'x' })).toEqual([1, false])
  expect(meant([attempt(1, { ref: 'y' })], { ref: 'x' })).toBeNull()
  expect(meant([attempt(1, { ref: 'y' })])).toEqual([1, false])
  expect(meant([attempt(1)], { provider: 'smtp' })).toBeNull()
  expect(meant([])).toBeNull()
})
