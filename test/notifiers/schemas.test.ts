import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { nearestType, notifiers, notifiersFor } from '../../src/notifiers/index.ts'
import { vendorSources } from '../../src/sources/index.ts'
import { schemaFaults } from '../../src/wire/schema-faults.ts'
import { required } from './fixtures.ts'

const named = (name: string) => {
  const notifier = notifiers.find((one) => one.name === name)
  if (!notifier) throw new Error(`${name} is not registered`)
  return notifier
}

/** The paths of the faults in a notifier's required data after some changes. */
function faults(name: string, changes: Record<string, unknown>): string[] {
  const parsed = named(name).schema.safeParse({ ...required[name], ...changes })
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))
}

describe.each(notifiers)('the data of $name', ({ name, schema, sample, on }) => {
  it('takes its sample, and says so as JSON Schema', () => {
    expect(schema.safeParse(sample.data).error).toBeUndefined()
    const { type, required: needed = [] } = z.toJSONSchema(schema)
    expect([type, needed]).toEqual(['object', Object.keys(required[name] ?? {})])
    expect(sample).toMatchObject({ type: on[0], recipient: { email: 'ada@example.com', phone: '+14155550123' } })
  })

  it('needs exactly what the contract says', () => {
    expect(schema.safeParse(required[name]).error).toBeUndefined()
    const parsed = schema.safeParse({})
    expect(parsed.error?.issues.map(({ path }) => path.join('.')) ?? []).toEqual(Object.keys(required[name] ?? {}))
  })

  it('keeps unknown fields, and takes null for an optional one that is absent', () => {
    const optional = Object.keys(sample.data).filter((key) => !(key in (required[name] ?? {})))
    const data = { ...required[name], ...Object.fromEntries(optional.map((key) => [key, null])), ours: { deep: [1] } }
    expect(schema.parse(data)).toEqual(data)
  })
})

const odd = [
  undefined,
  '',
  ' ',
  '\0',
  'x'.repeat(10_000),
  -1,
  0.5,
  2 ** 60,
  true,
  [],
  {},
  [{}],
  { amount: 9.5 },
  { amount: -1 },
]

it.each(notifiers)('the faults of $name are described in our words', async ({ schema, sample }) => {
  const messages = new Set<string>()
  for (const field of Object.keys(sample.data))
    for (const value of odd) {
      const data = JSON.parse(JSON.stringify({ ...sample.data, [field]: value }))
      for (const { message } of await schemaFaults(schema, { data, recipients: [] }, { maxFaults: 100 }))
        messages.add(message)
    }
  expect(messages.size).toBeGreaterThan(1)
  for (const message of messages) expect(message).toMatch(/^(must|is|has) /)
})

it('a sum without a currency is told how money is written', async () => {
  const data = { ...required['payment-received'], amount: 49.99 }
  expect(await schemaFaults(named('payment-received').schema, { data, recipients: [] }, { maxFaults: 9 })).toEqual([
    { path: 'data.amount', message: 'must be an amount such as {"amount": 4999, "currency": "eur"}' },
  ])
})

it('a sum that is not whole is reported as such', async () => {
  const data = { ...required['payment-received'], amount: { amount: 49.99, currency: 'eur' } }
  expect(await schemaFaults(named('payment-received').schema, { data, recipients: [] }, { maxFaults: 9 })).toEqual([
    { path: 'data.amount.amount', message: "must be a whole number of cents (the currency's smallest unit)" },
  ])
})

describe('faults have paths', () => {
  const money = { amount: 100, currency: 'eur' }
  const item = { name: 'Board', quantity: 1, unitPrice: money }

  it.each<[string, string, Record<string, unknown>, string[]]>([
    ['an order without items', 'order-confirmation', { items: [] }, ['items']],
    ['a negative quantity', 'order-confirmation', { items: [item, { ...item, quantity: -1 }] }, ['items.1.quantity']],
    ['half a piece', 'order-confirmation', { items: [{ ...item, quantity: 0.5 }] }, ['items.0.quantity']],
    ['a price that is no integer', 'order-confirmation', { total: { ...money, amount: 9.99 } }, ['total.amount']],
    ['a price as text', 'order-confirmation', { total: { ...money, amount: '999' } }, ['total.amount']],
    ['a price beyond all money', 'order-confirmation', { total: { ...money, amount: 1e21 } }, ['total.amount']],
    ['a negative total', 'order-confirmation', { total: { ...money, amount: -1 } }, ['total.amount']],
    ['a currency of four letters', 'payment-received', { amount: { ...money, currency: 'euro' } }, ['amount.currency']],
    ['a unit of no currency', 'payment-due', { amount: { ...money, exponent: 5 } }, ['amount.exponent']],
    ['no currency', 'payment-failed', { amount: { amount: 1 } }, ['amount.currency']],
    ['a blank order number', 'order-accepted', { orderNumber: '  ' }, ['orderNumber']],
    ['a number as order number', 'order-accepted', { orderNumber: 1001 }, ['orderNumber']],
    ['a NUL', 'order-accepted', { seller: 'Fern\u0000wood' }, ['seller']],
    ['a line end', 'order-accepted', { orderNumber: 'A\r\nBcc: x@example.com' }, ['orderNumber']],
    ['half a surrogate pair', 'order-accepted', { seller: '\ud83d' }, ['seller']],
    ['a very long name', 'order-shipped', { carrier: 'x'.repeat(301) }, ['carrier']],
    ['a date that is none', 'order-shipped', { estimatedDelivery: '2026-02-30' }, ['estimatedDelivery']],
    ['a time without an offset', 'order-delivered', { deliveredAt: '2026-11-21T10:00:00' }, ['deliveredAt']],
  ])('%s', (_, name, changes, paths) => {
    expect([...new Set(faults(name, changes))]).toEqual(paths)
  })

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://a.example',
    '//a.example',
    'a.example',
    'http://',
    'https://a b.example',
    'https://a.example/\nx',
  ])('no link goes to %j', (retryUrl) => {
    expect([...new Set(faults('payment-failed', { retryUrl }))]).toEqual(['retryUrl'])
  })

  it.each(['https://a.example/x?y=1&z=%20#f', 'http://localhost:3000/pay', 'HTTPS://A.example'])(
    '%s is a link',
    (retryUrl) => {
      expect(faults('payment-failed', { retryUrl })).toEqual([])
    },
  )

  it('a discount may come with its sign, and a voucher as an item', () => {
    const data = {
      discount: { ...money, amount: -100 },
      items: [item, { ...item, unitPrice: { ...money, amount: -50 } }],
    }
    expect(faults('order-confirmation', data)).toEqual([])
  })
})

it('a vendor’s event that is known by a type of ours has a notifier', () => {
  const known = vendorSources.flatMap(({ ownTypes }) => Object.values(ownTypes))
  expect(known).toContain('subscription.cancelled')
  expect(known.filter((type) => notifiersFor(type).length === 0)).toEqual([])
})

it.each([
  ['payment.succeeded', 'payment.received'],
  ['order.fulfilled', 'order.shipped'],
  ['refund.created', 'refund.processed'],
  ['refund.issued', 'refund.processed'],
  ['order_placed', 'order.created'],
  ['warehouse.moved', null],
  ['order.shipped', null],
])('%s is what others call %s', (type, ours) => {
  expect(nearestType(type)).toBe(ours)
})

it('each type finds those that listen to it', () => {
  expect(notifiersFor('order.shipped').map(({ name }) => name)).toEqual(['order-shipped'])
  expect(notifiersFor('stripe:customer.created')).toEqual([])
  expect(new Set(notifiers.map(({ name }) => name)).size).toBe(notifiers.length)
})
