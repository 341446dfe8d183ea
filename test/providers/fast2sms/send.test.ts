// Fast2SMS: its contract, its three routes, the country that it serves, and its codes, which are not HTTP's.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fast2sms } from '../../../src/providers/fast2sms/index.ts'
import type { Provider } from '../../../src/providers/provider.ts'
import { accepting, startVendor, type Vendor, type VendorAnswer } from '../../helper/vendor.ts'
import { attemptId, conformsTo, deps, key, options, smsMessage } from '../conformance.ts'
import { httpStage } from '../http-stage.ts'

const apiKey = 'fast2sms-secret-0001'
const own = { apiKey, sender: null, route: { name: 'q' }, receiptTokens: null } as const
const make = (baseUrl: string) => fast2sms.make({ ...own, baseUrl }, deps)
const message = { ...smsMessage, to: '+919812345678' }

function refused(code: number, status = 400, words: unknown = 'because'): VendorAnswer {
  return { status, json: { return: false, status_code: code, message: words } }
}

conformsTo({
  provider: make,
  message,
  protocol: 'http:',
  sends: 'attemptId',
  secret: apiKey,
  ref: /^fast2sms-\d$/,
  stage: () =>
    httpStage({
      accepts: accepting.fast2sms,
      refuses: (words) => refused(411, 400, words),
      busy: { return: false, status_code: 429, message: 'slow down' },
      id: (request) => String(request.json().udf1),
    }),
})

describe('Fast2SMS', () => {
  let vendor: Vendor
  let provider: Provider
  beforeEach(async () => {
    vendor = await startVendor(accepting.fast2sms)
    provider = make(vendor.url)
  })
  afterEach(async () => {
    await vendor.close()
    await provider.close?.()
  })

  it('gets ten digits, the text and both our ids, and nothing in the URL', async () => {
    await provider.send(message, options())
    expect(vendor.requests[0]).toMatchObject({
      method: 'POST',
      path: '/dev/bulkV2',
      headers: { authorization: apiKey, 'content-type': 'application/json' },
    })
    expect(vendor.requests[0]?.json()).toEqual({
      route: 'q',
      message: 'Acme: on its way',
      language: 'english',
      flash: 0,
      numbers: '9812345678',
      udf1: attemptId,
      udf2: key,
    })
  })

  it('is told when the text has characters outside GSM-7', async () => {
    await provider.send({ ...message, text: 'Acme: भेजा', encoding: 'UCS-2' }, options())
    expect(vendor.requests[0]?.json()).toMatchObject({ language: 'unicode', message: 'Acme: भेजा' })
  })

  it('gets the template’s id and one variable on the route dlt, whatever the text holds', async () => {
    const dlt = fast2sms.make(
      { ...own, route: { name: 'dlt', messageId: '111111' }, sender: 'ACMEIN', baseUrl: vendor.url },
      deps,
    )
    await dlt.send({ ...message, text: 'Acme: red|green' }, options())
    await dlt.close?.()
    expect(vendor.requests[0]?.json()).toEqual({
      route: 'dlt',
      sender_id: 'ACMEIN',
      message: '111111',
      variables_values: 'Acme: red/green',
      numbers: '9812345678',
      udf1: attemptId,
      udf2: key,
    })
  })

  it('gets the whole text on the route dlt_manual', async () => {
    const dlt = fast2sms.make({ ...own, route: { name: 'dlt_manual' }, sender: 'ACMEIN', baseUrl: vendor.url }, deps)
    await dlt.send({ ...message, text: 'Acme: red|green' }, options())
    await dlt.close?.()
    expect(vendor.requests[0]?.json()).toEqual({
      route: 'dlt_manual',
      sender_id: 'ACMEIN',
      message: 'Acme: red|green',
      numbers: '9812345678',
      udf1: attemptId,
      udf2: key,
    })
  })

  it.each(['+14155550123', '+911234', '+9198123456789', '919812345678'])('is not called for %s', async (to) => {
    const outcome = await provider.send({ ...message, to }, options())
    expect(outcome).toMatchObject({ kind: 'rejected', blame: 'provider', code: 'not_served' })
    expect(outcome.statusCode).toBeUndefined()
    expect(vendor.requests).toHaveLength(0)
  })

  it.each<[string, VendorAnswer, object]>([
    ['no request_id', { json: { return: true, message: ['sent'] } }, { kind: 'accepted', ref: null }],
    ['a true that is a text', { json: { return: 'true', request_id: 'a' } }, { kind: 'unknown', likelyTaken: true }],
    ['neither true nor false', { json: { request_id: 'a' } }, { kind: 'unknown', likelyTaken: true }],
    ['a refusal in a 200', refused(412, 200), { kind: 'rejected', blame: 'provider', code: '412', statusCode: 200 }],
    [
      'a list of reasons',
      refused(416, 400, ['no', 'money']),
      { kind: 'rejected', blame: 'provider', text: 'Fast2SMS refused it with code 416: no money' },
    ],
    ['401, no sender', refused(401), { kind: 'rejected', blame: 'provider' }],
    ['402, no text', refused(402), { kind: 'rejected', blame: 'message' }],
    ['407, words that it does not carry', refused(407), { kind: 'rejected', blame: 'provider' }],
    ['411, a bad number', refused(411), { kind: 'rejected', blame: 'message' }],
    ['412, a bad key', refused(412, 401), { kind: 'rejected', blame: 'provider' }],
    ['413, a bad key', refused(413, 401), { kind: 'rejected', blame: 'provider' }],
    ['415, a disabled account', refused(415), { kind: 'rejected', blame: 'provider' }],
    ['424, a bad template', refused(424), { kind: 'rejected', blame: 'provider' }],
    ['500 in the body of a 400', refused(500), { kind: 'rejected', blame: 'provider', code: '500' }],
    ['417, Unicode', refused(417), { kind: 'rejected', blame: 'provider' }],
    ['426, a link', refused(426), { kind: 'rejected', blame: 'provider' }],
    ['995, spamming', refused(995), { kind: 'deferred', code: '995', retryAfterMs: 300_000, messageOnly: true }],
    ['995, spamming, in a 200', refused(995, 200), { kind: 'deferred', retryAfterMs: 300_000, messageOnly: true }],
    ['996, no KYC', refused(996), { kind: 'rejected', blame: 'provider' }],
    ['a code that is new', refused(777), { kind: 'rejected', blame: 'provider', code: '777' }],
    [
      'no code',
      { status: 400, json: { return: false, message: 'no' } },
      { kind: 'rejected', blame: 'provider', code: 'refused' },
    ],
    ['its own 500', refused(412, 500), { kind: 'unknown', statusCode: 500 }],
    ['its own 503', refused(999, 503), { kind: 'deferred' }],
    ['a 503 of somebody else', { status: 503, text: '<html>' }, { kind: 'unknown' }],
    ['a 504', { status: 504, text: '' }, { kind: 'unknown' }],
    ['a 403 of a proxy', { status: 403, text: '<html>' }, { kind: 'rejected', blame: 'provider', code: 'http_403' }],
  ])('answering with %s', async (_, answer, expected) => {
    vendor.answer(answer)
    const outcome = await provider.send(message, options())
    expect(outcome).toMatchObject(expected)
    if (!('messageOnly' in expected)) expect(outcome).not.toHaveProperty('messageOnly')
    expect(vendor.requests).toHaveLength(1)
  })
})
