// The names that distinguish facts and the people who are notified of them.
import { describe, expect, it } from 'vitest'
import {
  digestFact,
  eventFact,
  factOf,
  failedPaymentFact,
  isOfOneEvent,
  paymentFact,
  refundSumsFact,
  singleRefundFact,
  statusChangeFact,
} from '../../src/domain/fact.ts'
import { identityOf } from '../../src/domain/notification.ts'
import {
  appKey,
  customerKey,
  digestReaderKey,
  personKey,
  personKeyStart,
  strangerKey,
  unknownCustomerKey,
} from '../../src/domain/recipient-key.ts'

describe('a fact', () => {
  it('has another name than any fact of another kind', () => {
    const kinds = [eventFact, paymentFact, failedPaymentFact, singleRefundFact, digestFact, statusChangeFact]
    expect(new Set(kinds.map((named) => named('x'))).size).toBe(kinds.length)
    expect(refundSumsFact('ch_1').startsWith(singleRefundFact('ch_1'))).toBe(true)
  })

  it('is an event of its own where the event names none', () => {
    expect(factOf({ id: 'e1', fact: null })).toBe(eventFact('e1'))
    expect(factOf({ id: 'e1', fact: paymentFact('pi_1') })).toBe(paymentFact('pi_1'))
    expect(isOfOneEvent(eventFact('e1'))).toBe(true)
    expect(isOfOneEvent(paymentFact('pi_1'))).toBe(false)
  })
})

describe('the key of a recipient', () => {
  const person = (id: string | null, address: string | null, ownData: string | null = null) =>
    personKey({ id, address, ownData })

  it('keeps people apart whatever characters their ids hold', () => {
    expect(person('a|b', 'c@example.com')).not.toBe(person('a', 'b|c@example.com'))
    expect(person('a","b', null)).not.toBe(person('a', 'b'))
    expect(person('', 'c@example.com')).not.toBe(person(null, 'c@example.com'))
    expect(person('a', 'c@example.com', 'h1')).not.toBe(person('a', 'c@example.com', 'h2'))
  })

  it('is the same however an address is written', () => {
    expect(person('a', 'Ada@Example.com')).toBe(person('a', 'ada@example.com'))
  })

  it('cannot be given by an id or by the name of an app', () => {
    const others = [
      customerKey,
      unknownCustomerKey,
      digestReaderKey,
      strangerKey(0),
      strangerKey(1),
      appKey('customer'),
    ]
    expect(new Set([...others, appKey(customerKey), person('customer', null)]).size).toBe(others.length + 2)
  })

  it('shows that it holds a person', () => {
    expect(person('a', null).startsWith(personKeyStart)).toBe(true)
    expect([customerKey, unknownCustomerKey, digestReaderKey, strangerKey(0), appKey('shop')].join()).not.toContain(
      personKeyStart,
    )
  })
})

describe('the identity of a notification', () => {
  it('keeps apart names and keys with spaces', () => {
    const of = (notifier: string, channel: string | null, recipientKey: string) =>
      identityOf({ notifier, channel, recipientKey })
    expect(of('a', 'email', 'b c')).not.toBe(of('a email', 'b', 'c'))
    expect(of('a', null, 'b')).not.toBe(of('a', 'null', 'b'))
  })
})
