// MSG91: its contract, its flows by notifier, and its refusals, which hide in a 200.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { msg91 } from '../../../src/providers/msg91/index.ts'
import type { Provider } from '../../../src/providers/provider.ts'
import { accepting, startVendor, type Vendor, type VendorAnswer } from '../../helper/vendor.ts'
import { attemptId, conformsTo, deps, options, smsMessage } from '../conformance.ts'
import { httpStage } from '../http-stage.ts'

const authKey = 'msg91-secret-0001'
const own = { authKey, sender: null, flowId: 'flow-any', flows: {}, receiptTokens: null }
const make = (baseUrl: string) => msg91.make({ ...own, baseUrl }, deps)

function refused(code?: string | number, status = 200): VendorAnswer {
  return { status, json: { type: 'error', message: 'because', code } }
}

conformsTo({
  provider: make,
  message: smsMessage,
  protocol: 'http:',
  sends: 'attemptId',
  secret: authKey,
  ref: /^msg91-\d$/,
  stage: () =>
    httpStage({
      accepts: accepting.msg91,
      refuses: (words) => ({ json: { type: 'error', message: words, code: '418' } }),
      busy: { type: 'error', message: 'slow down' },
      id: (request) => (request.json() as { recipients?: { CRQID: string }[] }).recipients?.[0]?.CRQID,
    }),
})

describe('MSG91', () => {
  let vendor: Vendor
  let provider: Provider
  beforeEach(async () => {
    vendor = await startVendor(accepting.msg91)
    provider = make(vendor.url)
  })
  afterEach(async () => {
    await vendor.close()
    await provider.close?.()
  })

  it('gets the text as the flow’s variable, the number without its plus, and our id', async () => {
    await provider.send(smsMessage, options())
    expect(vendor.requests[0]).toMatchObject({
      method: 'POST',
      path: '/api/v5/flow',
      headers: { authkey: authKey, 'content-type': 'application/json' },
    })
    expect(vendor.requests[0]?.json()).toEqual({
      template_id: 'flow-any',
      short_url: '0',
      recipients: [{ mobiles: '14155550123', message: 'Acme: on its way', CRQID: attemptId }],
    })
  })

  it('gets the notifier’s own flow where there is one, and the sender', async () => {
    const flows = { 'order-shipped': 'flow-shipped' }
    const other = msg91.make({ ...own, sender: 'ACMEIN', flows, baseUrl: vendor.url }, deps)
    await other.send(smsMessage, options())
    await other.send(smsMessage, { ...options(), notifier: 'payment-failed' })
    await other.send(smsMessage, { ...options(), notifier: 'constructor' })
    await other.close?.()
    expect(vendor.requests.map((request) => request.json().template_id)).toEqual([
      'flow-shipped',
      'flow-any',
      'flow-any',
    ])
    expect(vendor.requests[0]?.json()).toMatchObject({
      sender: 'ACMEIN',
      recipients: [{ message: 'Acme: on its way' }],
    })
  })

  it.each<[string, VendorAnswer, object]>([
    ['an error of the account in a 200', refused('418'), { kind: 'rejected', blame: 'provider', code: '418' }],
    ['an error without a code', refused(), { kind: 'rejected', blame: 'provider', code: 'error' }],
    ['no number', refused('101'), { kind: 'rejected', blame: 'message' }],
    ['no text', refused(102), { kind: 'rejected', blame: 'message', code: '102' }],
    ['a bad number', refused('202'), { kind: 'rejected', blame: 'message' }],
    ['a text that is too long', refused('310'), { kind: 'rejected', blame: 'message' }],
    ['the same request twice', refused('311'), { kind: 'deferred', retryAfterMs: 10_000, messageOnly: true }],
    [
      'a country that it does not serve',
      { json: { type: 'error', message: 'Country is not supported' } },
      { kind: 'rejected', blame: 'provider' },
    ],
    ['no balance', refused('301'), { kind: 'rejected', blame: 'provider' }],
    ['a code that is new', refused('999'), { kind: 'rejected', blame: 'provider', code: '999' }],
    ['a bad key', refused('207', 401), { kind: 'rejected', blame: 'provider', statusCode: 401 }],
    ['an error in a 400', refused(undefined, 400), { kind: 'rejected', blame: 'provider' }],
    ['a success without an id', { json: { type: 'success', message: '' } }, { kind: 'unknown', likelyTaken: true }],
    ['a 200 without a type', { json: { message: 'abc' } }, { kind: 'unknown', likelyTaken: true }],
    ['a 200 cut half way', 'cut', { kind: 'unknown', likelyTaken: true }],
    ['a 401 of somebody else', { status: 401, text: '' }, { kind: 'rejected', blame: 'provider', code: 'http_401' }],
    ['its own 429', refused('x', 429), { kind: 'deferred' }],
    ['its own 500', refused('x', 500), { kind: 'unknown' }],
    ['its own 503', refused('x', 503), { kind: 'deferred' }],
    ['a 503 of somebody else', { status: 503, text: '<html>' }, { kind: 'unknown' }],
    ['a 504', { status: 504, text: '' }, { kind: 'unknown' }],
  ])('answering with %s', async (_, answer, expected) => {
    vendor.answer(answer)
    const outcome = await provider.send(smsMessage, options())
    expect(outcome).toMatchObject(expected)
    if (!('messageOnly' in expected)) expect(outcome).not.toHaveProperty('messageOnly')
    expect(vendor.requests).toHaveLength(1)
  })
})
