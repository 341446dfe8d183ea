// Which unknown outcomes are unaccounted for, at a cost that grows with the attempts and not with their square.
import { expect, it } from 'vitest'
import type { PastAttempt } from '../../src/domain/attempt.ts'
import { unaccounted } from '../../src/policy/history.ts'
import { attempt, lost } from '../helper/policy.ts'

const rejected = (number: number, provider: string) =>
  attempt({ number, provider, outcome: 'rejected', blame: 'message', endedAt: new Date() })

it('a later rejection by the same provider accounts for those before it', () => {
  const history = [
    lost({ number: 1 }),
    lost({ number: 2, provider: 'second' }),
    rejected(3, 'first'),
    lost({ number: 4 }),
  ]
  expect(unaccounted(history).map(({ number }) => number)).toEqual([2, 4])
})

it('each attempt is looked at a few times, however many there are', () => {
  let reads = 0
  const watched = (number: number): PastAttempt =>
    new Proxy(lost({ number }), {
      get(target, key, receiver) {
        reads += 1
        return Reflect.get(target, key, receiver)
      },
    })
  expect(unaccounted(Array.from({ length: 2000 }, (_, i) => watched(i + 1)))).toHaveLength(2000)
  expect(reads).toBeLessThan(2000 * 20)
})
