// Vonage: its contract, its request, and its statuses, which hide in a 200.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Provider } from '../../../src/providers/provider.ts'
import { vonage } from '../../../src/providers/vonage/index.ts'
import { accepting, startVendor, type Vendor, type VendorAnswer } from '../../helper/vendor.ts'
import { attemptId, conformsTo, deps, options, smsMessage } from '../conformance.ts'
import { httpStage } from '../http-stage.ts'

const secret = 'vonage-secret-0001'
const make = (baseUrl: string) =>
  vonage.make({ apiKey: 'abcd1234', apiSecret: secret, from: 'Acme', signatureSecrets: null, baseUrl }, deps)

function parts(...statuses: string[]): VendorAnswer {
  const messages = statuses.map((status, n) =>
    status === '0' ? { status, 'message-id': `part-${n}` } : { status, 'error-text': 'because' },
  )
  return { json: { 'message-count': String(messages.length), messages } }
}

conformsTo({
  provider: make,
  message: smsMessage,
  protocol: 'http:',
  sends: 'attemptId',
  secret,
  ref: /^vonage-\d$/,
  stage: () =>
    httpStage({
      accepts: accepting.vonage,
      refuses: (words) => ({ json: { messages: [{ status: '6', 'error-text': words }] } }),
      busy: { 'message-count': '1', messages: [{ status: '1', 'error-text': 'Throughput Rate Exceeded' }] },
      id: (request) => String(request.json()['client-ref']),
    }),
})

describe('Vonage', () => {
  let vendor: Vendor
  let provider: Provider
  beforeEach(async () => {
    vendor = await startVendor(accepting.vonage)
    provider = make(vendor.url)
  })
  afterEach(async () => {
    await vendor.close()
    await provider.close?.()
  })

  it('gets the message with digits only, and our id', async () => {
    await provider.send(smsMessage, options())
    expect(vendor.requests[0]).toMatchObject({ method: 'POST', path: '/sms/json' })
    expect(vendor.requests[0]?.json()).toEqual({
      api_key: 'abcd1234',
      api_secret: secret,
      from: 'Acme',
      to: '14155550123',
      text: 'Acme: on its way',
      'client-ref': attemptId,
    })
  })

  it('is told when the text has characters outside GSM-7', async () => {
    await provider.send({ ...smsMessage, text: 'Acme: ₹5', encoding: 'UCS-2' }, options())
    expect(vendor.requests[0]?.json()).toMatchObject({ type: 'unicode', text: 'Acme: ₹5' })
  })

  it.each<[string, VendorAnswer, object]>([
    ['every part taken', parts('0', '0'), { kind: 'accepted', ref: 'part-0' }],
    [
      'one part of two taken',
      parts('1', '0'),
      { kind: 'accepted', ref: 'part-1', text: 'Vonage accepted 1 of 2 parts' },
    ],
    ['1, throttled', parts('1'), { kind: 'deferred', throttled: true }],
    ['2, a missing parameter', parts('2'), { kind: 'rejected', blame: 'message' }],
    ['3, an invalid parameter', parts('3'), { kind: 'rejected', blame: 'message' }],
    ['4, bad credentials', parts('4'), { kind: 'rejected', blame: 'provider' }],
    ['5, an internal error', parts('5'), { kind: 'deferred' }],
    ['6, an invalid message', parts('6'), { kind: 'rejected', blame: 'message' }],
    ['7, a barred number', parts('7'), { kind: 'rejected', blame: 'message', suppress: 'opted_out' }],
    ['8, a barred account', parts('8'), { kind: 'rejected', blame: 'provider' }],
    ['9, no credit', parts('9'), { kind: 'rejected', blame: 'provider', code: '9' }],
    ['10, too many binds', parts('10'), { kind: 'deferred', throttled: true }],
    [
      '1, throttled, with a pause',
      { ...(parts('1') as object), headers: { 'retry-after': '3' } },
      { kind: 'deferred', throttled: true, retryAfterMs: 3_000 },
    ],
    ['11, not enabled', parts('11'), { kind: 'rejected', blame: 'provider' }],
    ['12, too long', parts('12'), { kind: 'rejected', blame: 'message' }],
    ['14, a bad signature', parts('14'), { kind: 'rejected', blame: 'provider' }],
    ['15, a bad sender', parts('15'), { kind: 'rejected', blame: 'provider' }],
    ['22, a bad network', parts('22'), { kind: 'rejected', blame: 'provider' }],
    ['23, a bad callback', parts('23'), { kind: 'rejected', blame: 'provider' }],
    ['29, a demo account', parts('29'), { kind: 'rejected', blame: 'provider' }],
    ['33, a deactivated number', parts('33'), { kind: 'rejected', blame: 'message', suppress: 'invalid_address' }],
    ['a status that is new', parts('99'), { kind: 'rejected', blame: 'provider', code: '99' }],
    ['no parts at all', { json: { 'message-count': '0', messages: [] } }, { kind: 'unknown', likelyTaken: true }],
    ['a 429 in other words', { status: 429, json: { title: 'busy' } }, { kind: 'deferred', code: 'problem' }],
    ['a problem document', { status: 401, json: { title: 'Unauthorized' } }, { kind: 'rejected', blame: 'provider' }],
    ['a 500', { status: 500, text: '' }, { kind: 'unknown' }],
    ['its own 503', { status: 503, json: { title: 'busy' } }, { kind: 'deferred' }],
  ])('answering with %s', async (_, answer, expected) => {
    vendor.answer(answer)
    const outcome = await provider.send(smsMessage, options())
    expect(outcome).toMatchObject(expected)
    if (!('messageOnly' in expected)) expect(outcome).not.toHaveProperty('messageOnly')
  })
})
