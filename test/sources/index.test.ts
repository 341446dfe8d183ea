import { describe, expect, test } from 'vitest'
import { settingReader } from '../../src/settings/reader.ts'
import { configureSources, openSources, reservedNames, vendorSources } from '../../src/sources/index.ts'
import type { Source } from '../../src/sources/source.ts'
import { payment, razorpayEvent } from '../fixtures/razorpay/events.ts'
import { current, stripeEvent } from '../fixtures/stripe/objects.ts'
import { signedApp, signedStripe } from '../helper/signed.ts'

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`
const apps = [
  { name: 'shop', secret: secretOf(1) },
  { name: 'school', secret: secretOf(2) },
  { name: 'shop', secret: secretOf(3) },
]
const vendors = (env: Record<string, string>) => configureSources(settingReader(env, () => ''))
const from = openSources({
  vendors: vendors({ STRIPE_WEBHOOK_SECRET: 'whsec_test_secret' }),
  apps,
  testApps: [],
  audienceOf: (type) => (type === 'order.shipped' ? 'people' : 'nobody'),
})
const timestamp = 1767225600

describe('the sources', () => {
  test('have Stripe where a secret is set', () => {
    const { payload, headers } = signedStripe(stripeEvent('invoice.paid', current.invoice), {
      secret: 'whsec_test_secret',
      timestamp,
    })
    const stripe = from.vendor('stripe')
    expect(stripe?.webhooks?.read(payload, headers, timestamp * 1000)).toMatchObject({
      ok: true,
      sourceId: 'evt_1',
      translation: { ok: true, content: { type: 'payment.received' } },
    })
    expect(stripe).toMatchObject({ name: 'stripe', reportsFaultsToSender: false })
    expect(
      openSources({ vendors: vendors({}), apps, testApps: [], audienceOf: () => 'people' }).vendor('stripe')?.webhooks,
    ).toBeNull()
  })

  test('have a sample of every type that is read', () => {
    for (const { types, samples } of vendorSources) expect([...types].sort()).toEqual(Object.keys(samples).sort())
  })

  test('read an order’s number by the keys of ORDER_METADATA_KEYS, after the usual ones', () => {
    const { stripe, razorpay } = Object.fromEntries(vendors({ ORDER_METADATA_KEYS: 'cart_no, Basket' }))
    const numberIn = async (source: Source | undefined, body: object) => {
      const translation = await source?.translate(Buffer.from(JSON.stringify(body)))
      return translation?.ok ? [translation.content.data.orderNumber, translation.content.reference] : null
    }
    return expect(
      Promise.all([
        numberIn(stripe, stripeEvent('invoice.paid', { ...current.invoice, metadata: { cart_no: 'C-1' } })),
        numberIn(razorpay, razorpayEvent('payment.captured', { payment: { ...payment, notes: { Basket: 'B-2' } } })),
        numberIn(stripe, stripeEvent('invoice.paid', { ...current.invoice, metadata: { Basket: 'B', order: 'O-3' } })),
      ]),
    ).resolves.toEqual([
      ['C-1', 'C-1'],
      ['B-2', 'B-2'],
      ['O-3', 'O-3'],
    ])
  })

  test('have an app under its name, with each of its secrets and nobody else’s', () => {
    const shop = from.app('shop')
    const verdicts = [1, 2, 3].map((byte) => {
      const { payload, headers } = signedApp({ type: 'a' }, { secret: secretOf(byte), timestamp })
      return shop?.webhooks?.read(payload, headers, timestamp * 1000).ok
    })
    expect(verdicts).toEqual([true, false, true])
    expect(shop).toMatchObject({ name: 'shop', reportsFaultsToSender: true })
  })

  test.each(['nobody', 'stripe', '__proto__', 'constructor'])('have no app %s', (name) => {
    expect(from.app(name)).toBeNull()
  })

  test.each([...reservedNames, 'Stripe'])('refuse an app by the name %s', (name) => {
    expect(() =>
      openSources({
        vendors: vendors({}),
        apps: [{ name, secret: secretOf(1) }],
        testApps: [],
        audienceOf: () => 'people',
      }),
    ).toThrow(name)
  })

  test('read a stored body by the source it is stored under, also of an app that is gone', async () => {
    const paid = Buffer.from(JSON.stringify(stripeEvent('invoice.paid', current.invoice)))
    const shipped = Buffer.from('{"type":"order.shipped"}')
    expect(await from.named('stripe').translate(paid)).toMatchObject({
      ok: true,
      content: { type: 'payment.received' },
    })
    expect(from.named('gone')).toMatchObject({ name: 'gone', webhooks: null })
    expect(await from.named('gone').translate(Buffer.from('{"type":"cart.left"}'))).toMatchObject({ ok: true })
    for (const source of [from.named('shop'), from.app('shop')])
      expect(await source?.translate(shipped)).toMatchObject({ ok: false, status: 422 })
  })
})

test('a webhook is parsed once', () => {
  const { payload, headers } = signedStripe(stripeEvent('invoice.paid', current.invoice), {
    secret: 'whsec_test_secret',
    timestamp,
  })
  const parse = JSON.parse
  let parsed = 0
  JSON.parse = (...args) => {
    parsed++
    return parse(...args)
  }
  try {
    from.vendor('stripe')?.webhooks?.read(payload, headers, timestamp * 1000)
  } finally {
    JSON.parse = parse
  }
  expect(parsed).toBe(1)
})
