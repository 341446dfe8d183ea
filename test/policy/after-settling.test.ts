// What a person's word about a doubt comes to.
import { expect, it } from 'vitest'
import { afterSettling } from '../../src/policy/after-settling.ts'
import { after, attempt, lost, notification, route } from '../helper/policy.ts'

const n = notification({ state: 'unconfirmed' })
const at = after(3_600_000)
const history = [
  lost({ number: 1 }),
  attempt({ number: 2, outcome: 'deferred', endedAt: after(200) }),
  lost({ number: 3, provider: 'second', endedAt: after(300) }),
  lost({ number: 4, verdict: 'not_taken' }),
]

it('sent: every attempt in doubt is settled, and it is sent by the last of them', () => {
  expect(afterSettling(route, n, history, { sent: true, by: 'ada', at })).toEqual({
    settled: [history[0], history[2]],
    entry: { code: 'settled_by_person', params: { by: 'ada', isSent: true, attempts: [1, 3] } },
    move: { state: 'sent', reason: null, dueAt: null, accepted: { provider: 'second', ref: null, at: after(300) } },
  })
})

it('not sent: the policy goes on, as if a receipt had said so', () => {
  expect(afterSettling(route, n, [lost()], { sent: false, by: 'ada', at })).toMatchObject({
    entry: { code: 'settled_by_person', params: { by: 'ada', isSent: false, attempts: [1] } },
    move: { state: 'pending', reason: { code: 'due' }, dueAt: at },
  })
})

it('an unconfirmed notification has an attempt in doubt, or the row is wrong', () => {
  expect(() => afterSettling(route, n, [], { sent: true, by: 'ada', at })).toThrow(
    'has no attempt with an unknown outcome',
  )
})
