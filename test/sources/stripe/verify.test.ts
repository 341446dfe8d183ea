import { describe, expect, test } from 'vitest'
import { stripe } from '../../../src/sources/stripe/index.ts'
import { signedStripe } from '../../helper/signed.ts'
import { configured, webhooksOf } from '../../helper/source.ts'

const secret = 'whsec_test_secret'
const other = 'whsec_another_secret'
const timestamp = 1767225600
const nowMs = timestamp * 1000
const body = '{"id":"evt_1","object":"event","type":"payment_intent.succeeded","data":{"object":{}}}'
const vector = 't=1767225600,v1=0656658945f2f9a5885f338d8e42a672174fd133255a119cfa9fa48be5a2077d'
const source = configured(stripe, { STRIPE_WEBHOOK_SECRET: `${secret},${other}` })
const { headFault, read } = webhooksOf(source)

function verify(payload: Buffer | string, header: string | string[] | undefined, now = nowMs) {
  return read(Buffer.from(payload), { 'stripe-signature': header }, now)
}

function verifySigned(event: unknown, signing: { secret?: string; timestamp?: number } = {}, now = nowMs) {
  const { payload, headers } = signedStripe(event, { secret, timestamp, ...signing })
  return read(payload, headers, now)
}

describe('a Stripe signature', () => {
  test('that was computed elsewhere verifies', () => {
    expect(verify(body, vector)).toMatchObject({ ok: true, sourceId: 'evt_1' })
  })

  test('by any of the configured secrets verifies, by another does not', () => {
    expect(verifySigned(body, { secret: other })).toMatchObject({ ok: true, sourceId: 'evt_1' })
    expect(verifySigned(body, { secret: 'whsec_strange' })).toMatchObject({ ok: false, status: 401 })
  })

  test('verifies beside signatures of other secrets and schemes, as while a secret is rolled', () => {
    const v0 = `v0=${'ab'.repeat(32)}`
    const wrong = `v1=${'ab'.repeat(32)}`
    const [t, v1] = vector.split(',')
    expect(verify(body, [t, wrong, v1, v0].join(','))).toMatchObject({ ok: true })
    expect(verify(body, [t, v1?.replace('v1', 'v0')].join(','))).toMatchObject({ ok: false, status: 401 })
  })

  test.each([
    ['as old as the tolerance', 300, true],
    ['older than the tolerance', 301, false],
    ['as far ahead as the tolerance', -300, true],
    ['further ahead than the tolerance', -301, false],
    ['a day ahead', -86_400, false],
  ])('%s', (_name, ageSeconds, ok) => {
    expect(verify(body, vector, nowMs + ageSeconds * 1000)).toMatchObject(ok ? { ok } : { ok, status: 401 })
  })

  test('over another body is refused', () => {
    expect(verify(body.replace('evt_1', 'evt_2'), vector)).toMatchObject({ ok: false, status: 401 })
  })

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['a list', [vector]],
    ['sent twice, joined by Node', `${vector}, ${vector}`],
    ['without a timestamp', vector.replace(/^t=\d+,/, '')],
    ['with two timestamps', `t=1767225600,${vector}`],
    ['with words after the timestamp', vector.replace('600,', '600abc,')],
    ['without a signature', 't=1767225600'],
    ['with an empty signature', 't=1767225600,v1='],
    ['with a scheme alone', 't=1767225600,v1'],
    ['nonsense', 'nonsense'],
    ['too long', `${vector},${'v0='.repeat(700)}`],
  ])('in a header that is %s is refused, before the body is read', (_name, header) => {
    expect(verify(body, header)).toMatchObject({ ok: false, status: 401 })
    expect(headFault({ 'stripe-signature': header }, nowMs)).toMatchObject({ ok: false, status: 401 })
  })
})

/** An event of so many levels. */
const eventOf = (levels: number) => ({
  ...{ id: 'evt_1', object: 'event', type: 'a' },
  data: { object: { deep: JSON.parse('['.repeat(levels - 3) + ']'.repeat(levels - 3)) } },
})

describe('a body that is signed well', () => {
  test.each([
    ['junk', '{nope'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"evt_1"'],
    ['an event without an id', '{"object":"event","type":"a","data":{"object":{}}}'],
    ['an event without a type', '{"id":"evt_1","object":"event","data":{"object":{}}}'],
    ['an event without data', '{"id":"evt_1","object":"event","type":"a"}'],
    ['an event without an object', '{"id":"evt_1","object":"event","type":"a","data":{"object":null}}'],
    ['an event whose id is a number', '{"id":1,"object":"event","type":"a","data":{"object":{}}}'],
    ['some other object', '{"id":"cus_1","object":"customer","type":"a","data":{"object":{}}}'],
    ['a bomb of brackets', '['.repeat(100_000)],
    ['an event of 65 levels', JSON.stringify(eventOf(65))],
  ])('but is %s gets 400', (_name, payload) => {
    expect(verifySigned(payload)).toMatchObject({ ok: false, status: 400 })
    expect(source.translate(Buffer.from(payload))).toMatchObject({ ok: false, kind: 'refused', status: 400 })
  })

  test('may have 64 levels', () => {
    expect(verifySigned(JSON.stringify(eventOf(64)))).toMatchObject({ ok: true, sourceId: 'evt_1' })
  })

  test('is an event also where it is thin, and keeps its own id', () => {
    const thin = {
      id: 'evt_thin_1',
      object: 'v2.core.event',
      type: 'v1.payment_intent.succeeded',
      created: '2026-01-01T00:00:00Z',
      related_object: { id: 'pi_1', type: 'payment_intent', url: '/v1/payment_intents/pi_1' },
    }
    expect(verifySigned(thin)).toMatchObject({
      ok: true,
      sourceId: 'evt_thin_1',
      translation: {
        ok: false,
        kind: 'incomplete',
        content: { type: 'payment.received', occurredAt: new Date('2026-01-01T00:00:00Z') },
        missing: { content: [{ kind: 'path', id: '/v1/payment_intents/pi_1' }] },
      },
    })
  })

  test.each(['https://evil.example/v1/x', '//evil.example', '/v1/../x', '/v1/x?y=1', 7])(
    'is fetched from a path of Stripe’s API only, not from %s',
    (url) => {
      const thin = {
        id: 'evt_thin_2',
        object: 'v2.core.event',
        type: 'v1.payout.failed',
        related_object: { id: 'po_1', url },
      }
      const read = verifySigned(thin)
      expect(read).toMatchObject({ ok: true, translation: { kind: 'incomplete', fault: { code: 'no_content' } } })
      expect(read).not.toHaveProperty('translation.missing')
    },
  )

  test('but is not UTF-8 is refused', () => {
    const payload = Buffer.concat([Buffer.from('{"id":"evt_1'), Buffer.from([0xff]), Buffer.from('"}')])
    expect(verifySigned(payload).ok).toBe(false)
    expect(source.translate(payload)).toMatchObject({ kind: 'refused', status: 400 })
  })

  test('is not looked at before its signature', () => {
    expect(verify('{nope', vector)).toMatchObject({ ok: false, status: 401 })
  })
})
