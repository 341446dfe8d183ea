// What a delivery does with a notification, decided by its rows alone and taking nothing.
import { describe, expect, it } from 'vitest'
import { decideDelivery } from '../../src/policy/decide-delivery.ts'
import { after, attempt, failing, lost, notification, route, start, stop } from '../helper/policy.ts'

const now = after(60_000)

describe('a notification that is due', () => {
  it('wants a call of the first provider that may be called', () => {
    const wanted = { kind: 'call', provider: 'first', probe: false, round: 1, cause: { code: 'first', params: {} } }
    expect(decideDelivery(route, notification(), [], now)).toEqual(wanted)
    const unavailable = { until: after(90_000), cause: { kind: 'paused', by: 'ann' } as const, lookUps: false }
    const passed = decideDelivery([stop('first', { unavailable }), stop('second')], notification(), [], now)
    expect(passed).toMatchObject({ kind: 'call', provider: 'second', probe: false })
  })

  it('says that the call it wants is a probe, and says so again when it is asked again', () => {
    const probed = [stop('first', { probe: failing }), stop('second')]
    const first = decideDelivery(probed, notification(), [], now)
    expect(first).toMatchObject({
      kind: 'call',
      provider: 'first',
      probe: true,
      cause: { code: 'probe', params: { cause: failing } },
    })
    expect(decideDelivery(probed, notification(), [], now)).toEqual(first)
  })

  it('is not sent to a suppressed address, nor once it is superseded', () => {
    expect(decideDelivery(route, notification({ suppressed: 'hard_bounce' }), [], now)).toMatchObject({
      ...{ kind: 'move', move: { state: 'suppressed', reason: { code: 'suppressed_address' }, dueAt: null } },
    })
    expect(
      decideDelivery(route, notification({ supersededBy: { id: 'event-1', type: 'payment.received' } }), [], now),
    ).toMatchObject({
      ...{ kind: 'move', move: { state: 'cancelled', reason: { code: 'superseded' }, dueAt: null } },
    })
  })

  it('whose answer was lost is looked for where the provider can be asked', () => {
    const history = [lost()]
    const findable = [stop('first', { findable: true }), stop('second')]
    const decided = decideDelivery(findable, notification({ state: 'unconfirmed' }), history, now)
    expect(decided).toMatchObject({ kind: 'look-up', attempt: { id: 'a-1' } })
  })
})

describe('nothing is done', () => {
  it('for what has ended, is held, or is not due yet; that one is set again', () => {
    expect(decideDelivery(route, notification({ state: 'sent' }), [], now)).toEqual({ kind: 'skip', why: 'sent' })
    expect(decideDelivery(route, notification({ dueAt: null }), [], now)).toEqual({ kind: 'skip', why: 'held' })
    const dueAt = after(61_000)
    expect(decideDelivery(route, notification({ dueAt }), [], now)).toEqual({
      ...{ kind: 'skip', why: 'not due yet', snoozeUntil: dueAt },
    })
  })

  it('while an attempt is open whose worker may be at it', () => {
    const sending = notification({ state: 'sending', dueAt: after(61_000) })
    expect(decideDelivery(route, sending, [attempt()], now)).toEqual({ kind: 'skip', why: 'an attempt is open' })
  })
})

describe('an open attempt whose worker is gone', () => {
  const sending = notification({ state: 'sending', dueAt: start })
  const givenUp = { number: 1, outcome: { kind: 'unknown', code: 'worker_lost' } }

  it('is given up as unknown, and nobody else is called', () => {
    const decided = decideDelivery(route, sending, [attempt()], now)
    expect(decided).toMatchObject({ kind: 'move', move: { state: 'unconfirmed' }, givenUp })
  })

  it('is given up and repeated under the same key, once it is time, where that cannot send twice', () => {
    const keyed = [stop('first', { repeatable: true })]
    expect(decideDelivery(keyed, sending, [attempt()], now)).toMatchObject({
      ...{ kind: 'move', move: { state: 'unconfirmed', dueAt: after(62_000) }, givenUp },
    })
  })

  it('is there, or the row is wrong', () => {
    expect(() => decideDelivery(route, sending, [lost()], now)).toThrow('has no open attempt')
  })
})
