// Which event supersedes another: by time, payment or subscription, and not once that was withdrawn.
import { describe, expect, it } from 'vitest'
import type { PossibleStop } from '../../src/domain/superseding.ts'
import { afterWithdrawal, supersedingEvent } from '../../src/policy/superseding.ts'

const noon = new Date('2026-11-21T12:00:00.400Z')
const seconds = (n: number) => new Date(noon.getTime() + n * 1000)
const superseded = { id: 'event-0', references: ['ORD-1', 'sub_1', 'in_1'], occurredAt: seconds(-60), receivedAt: noon }

function stop(more: Partial<PossibleStop> = {}): PossibleStop {
  const at = { occurredAt: seconds(-30), receivedAt: seconds(1) }
  return {
    id: 'event-1',
    type: 'payment.received',
    references: ['ORD-1'],
    fact: null,
    isOfSamePayment: false,
    ...at,
    ...more,
  }
}
const idOf = (stops: PossibleStop[], of = superseded) => supersedingEvent({ event: of, stops })?.id ?? null

describe('an event supersedes another', () => {
  it('that it does not come before, whichever is received first', () => {
    expect(idOf([stop()])).toBe('event-1')
    expect(idOf([stop({ receivedAt: seconds(-10) })])).toBe('event-1')
    expect(idOf([stop({ occurredAt: superseded.occurredAt })])).toBe('event-1')
    expect(idOf([stop({ occurredAt: seconds(-62) })])).toBeNull()
    expect(idOf([])).toBeNull()
  })
  it('of the same second only if it is received later', () => {
    const sameSecond = { occurredAt: new Date('2026-11-21T11:59:00Z') }
    expect(idOf([stop(sameSecond)])).toBe('event-1')
    expect(idOf([stop({ ...sameSecond, receivedAt: seconds(-1) })])).toBeNull()
  })
  it('without a time of its own also if its sender’s clock is up to a day behind', () => {
    const untimed = { ...superseded, occurredAt: noon }
    expect(idOf([stop({ occurredAt: seconds(-80_000) })], untimed)).toBe('event-1')
    expect(idOf([stop({ occurredAt: seconds(-80_000), receivedAt: seconds(-1) })], untimed)).toBeNull()
    expect(idOf([stop({ occurredAt: seconds(-90_000) })], untimed)).toBeNull()
  })
  it('whose sender’s clock is ahead', () => {
    expect(idOf([stop({ occurredAt: seconds(1) })], { ...superseded, occurredAt: seconds(3600) })).toBe('event-1')
  })
  it.each([
    ['a common name of the payment', { isOfSamePayment: true }],
    ['a payment that it names', { fact: 'payment:in_1' }],
    ['a subscription that it names', { fact: 'subscription-cancelled:sub_1', type: 'subscription.ending' }],
  ])('at any time by %s', (_, more) => {
    expect(idOf([stop({ occurredAt: seconds(-1e6), receivedAt: seconds(-1e6), ...more })])).toBe('event-1')
  })
  it('and the first of several is named', () => {
    const later = stop({ id: 'event-2', occurredAt: seconds(-20) })
    expect(idOf([later, stop()])).toBe('event-1')
    expect(idOf([stop({ id: 'event-3' }), stop()])).toBe('event-1')
    expect(idOf([later, stop({ occurredAt: seconds(-100) })])).toBe('event-2')
  })
})

describe('the end of a subscription', () => {
  const end = (more: Partial<PossibleStop> = {}) =>
    stop({ type: 'subscription.ending', fact: 'subscription-cancelled:sub_1', references: ['sub_1'], ...more })
  const again = (more: Partial<PossibleStop> = {}) => {
    const of = { type: 'subscription.resumed', fact: 'subscription-resumed:sub_1', references: ['sub_1'] }
    return stop({ id: 'event-9', ...of, occurredAt: seconds(-10), ...more })
  }
  it('counts until it is withdrawn, and again when it ends again', () => {
    expect(idOf([end()])).toBe('event-1')
    expect(idOf([end(), again()])).toBeNull()
    expect(idOf([end(), again(), end({ id: 'event-5', occurredAt: seconds(-5) })])).toBe('event-5')
  })
  it('is not withdrawn by what came before, is of another subscription, or ends no subscription', () => {
    expect(idOf([end(), again({ occurredAt: seconds(-40) })])).toBe('event-1')
    expect(idOf([end(), again({ fact: 'subscription-resumed:sub_2' })])).toBe('event-1')
    expect(idOf([stop(), again()])).toBe('event-1')
    expect(idOf([again()])).toBeNull()
  })
  it('in the same second is withdrawn by what is received later', () => {
    const at = { occurredAt: seconds(-30) }
    expect(idOf([end(), again({ ...at, receivedAt: seconds(2) })])).toBeNull()
    expect(idOf([end(), again({ ...at, receivedAt: seconds(0.5) })])).toBe('event-1')
  })
  it('of an app is withdrawn by its reference', () => {
    const ofApp = { fact: null, references: ['ORD-1'] }
    expect(idOf([end(ofApp), again(ofApp)])).toBeNull()
    expect(idOf([end(ofApp), again({ fact: null, references: ['in_1'] })])).toBe('event-1')
  })
})

describe('what was cancelled and no longer is', () => {
  it('waits for its time, is due if that has passed, and stays cancelled after its limit', () => {
    const day = { scheduledFor: seconds(60), expiresAt: seconds(120) }
    expect(afterWithdrawal(day, noon)).toMatchObject({ state: 'scheduled', dueAt: seconds(60) })
    expect(afterWithdrawal(day, seconds(60))).toMatchObject({ state: 'pending', dueAt: seconds(60) })
    expect(afterWithdrawal(day, seconds(120))).toBeNull()
    expect(afterWithdrawal({ scheduledFor: null, expiresAt: null }, noon)).toMatchObject({ state: 'pending' })
  })
})
