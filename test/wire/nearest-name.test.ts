// Which name a misspelt one is taken for, and when none is near enough.
import { describe, expect, it } from 'vitest'
import { nearestName } from '../../src/wire/nearest-name.ts'

const names = ['sendAt', 'expiresAt', 'data', 'id', 'order.shipped', 'order.delivered', 'recipients']

describe('the name that was meant', () => {
  it.each([
    ['send_at', 'sendAt'],
    ['send-at', 'sendAt'],
    ['SENDAT', 'sendAt'],
    ['sentAt', 'sendAt'],
    ['expires_at', 'expiresAt'],
    ['expireAt', 'expiresAt'],
    ['dta', 'data'],
    ['daat', 'data'],
    ['ID', 'id'],
    ['recepients', 'recipients'],
    ['order.shiped', 'order.shipped'],
    ['order_shipped', 'order.shipped'],
    ['Order.Delivred', 'order.delivered'],
    ['event_data', 'data'],
    ['listOfRecipients', 'recipients'],
  ])('of %s is %s', (given, meant) => expect(nearestName(given, names)).toBe(meant))

  it.each([
    'to',
    'x',
    '',
    'payload',
    'metadata',
    'warehouse.moved',
    'order_id',
    'metadatas',
    '🙂',
    '\ud800',
    'dataaaaaa',
    'x'.repeat(100_000),
  ])('of %s is none', (given) => expect(nearestName(given, names)).toBeNull())

  it('is the first of two that are alike', () => {
    expect(nearestName('evnt_type', ['eventType', 'event_type'])).toBe('eventType')
  })

  it('is none where none is known', () => expect(nearestName('a', [])).toBeNull())
})
