import { describe, expect, test } from 'vitest'
import { sources } from '../../src/sources/index.ts'
import { current, stripeEvent } from '../fixtures/stripe/objects.ts'
import { signedApp, signedStripe } from '../helper/signed.ts'

const razorpay = { webhookSecrets: ['rzp_secret'] }
const stripe = { webhookSecrets: ['whsec_test_secret'], apiKey: null, apiBase: null }
const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`
const apps = [
  { name: 'shop', secret: secretOf(1) },
  { name: 'school', secret: secretOf(2) },
  { name: 'shop', secret: secretOf(3) },
]
const from = sources({ stripe, razorpay }, apps, (type) => (type === 'order.shipped' ? 'people' : 'nobody'))
const timestamp = 1767225600

describe('the sources', () => {
  test('have Stripe where a secret is set', () => {
    const { payload, headers } = signedStripe(stripeEvent('invoice.paid', current.invoice), {
      secret: 'whsec_test_secret',
      timestamp,
    })
    expect(from.stripe?.verify(payload, headers, timestamp * 1000)).toEqual({ ok: true, sourceId: 'evt_1' })
    expect(from.stripe).toMatchObject({ name: 'stripe', answersForItsData: false })
    expect(sources({ stripe: { ...stripe, webhookSecrets: [] }, razorpay }, apps, () => 'people').stripe).toBeNull()
  })

  test('have an app under its name, with each of its secrets and nobody else’s', () => {
    const shop = from.app('shop')
    const verdicts = [1, 2, 3].map((byte) => {
      const { payload, headers } = signedApp({ type: 'a' }, { secret: secretOf(byte), timestamp })
      return shop?.verify(payload, headers, timestamp * 1000).ok
    })
    expect(verdicts).toEqual([true, false, true])
    expect(shop).toMatchObject({ name: 'shop', answersForItsData: true })
  })

  test.each(['nobody', 'stripe', '__proto__', 'constructor'])('have no app %s', (name) => {
    expect(from.app(name)).toBeNull()
  })

  test.each(['stripe', 'razorpay', 'schedule', 'Stripe'])('refuse an app by the name %s', (name) => {
    expect(() => sources({ stripe, razorpay }, [{ name, secret: secretOf(1) }], () => 'people')).toThrow(name)
  })

  test('read a stored body by the source it is stored under, also of an app that is gone', () => {
    const paid = Buffer.from(JSON.stringify(stripeEvent('invoice.paid', current.invoice)))
    expect(from.translator('stripe')(paid)).toMatchObject({ ok: true, content: { type: 'payment.received' } })
    expect(from.translator('gone')(Buffer.from('{"type":"cart.left"}'))).toMatchObject({ ok: true })
    expect(from.translator('shop')(Buffer.from('{"type":"order.shipped"}'))).toMatchObject({ ok: false, status: 422 })
    expect(from.app('shop')?.translate(Buffer.from('{"type":"order.shipped"}'))).toMatchObject({
      ok: false,
      status: 422,
    })
  })
})
