// Twilio: its contract, its form, its table of codes, and when it is told to call us back.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callbackBase } from '../../../src/providers/kit/callback-base.ts'
import type { Provider } from '../../../src/providers/provider.ts'
import { twilio } from '../../../src/providers/twilio/index.ts'
import { accepting, startVendor, type Vendor, type VendorAnswer } from '../../helper/vendor.ts'
import { attemptId, conformsTo, deps, options, smsMessage } from '../conformance.ts'
import { httpStage } from '../http-stage.ts'

const accountSid = 'AC00000000000000000000000000000001'
const authToken = 'twilio-secret-token-0001'
const own = {
  accountSid,
  authTokens: [authToken, 'twilio-secret-token-0002'] as [string, string],
  from: '+15005550001',
  messagingServiceSid: null,
}
const make = (baseUrl: string) =>
  twilio.make({ ...own, baseUrl }, { ...deps, callbackBase: 'https://notify.example.com' })

function said(status: number, code: number, message = 'because'): VendorAnswer {
  return { status, json: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } }
}

conformsTo({
  provider: make,
  message: smsMessage,
  protocol: 'http:',
  sends: 'attemptId',
  secret: authToken,
  ref: /^SM-\d$/,
  stage: () =>
    httpStage({
      accepts: accepting.twilio,
      refuses: (words) => said(400, 21211, words),
      busy: { code: 20429, message: 'Too many requests', status: 429 },
      id: (request) => new URL(request.form().get('StatusCallback') ?? '').searchParams.get('attempt'),
    }),
})

describe('Twilio', () => {
  let vendor: Vendor
  let provider: Provider
  beforeEach(async () => {
    vendor = await startVendor(accepting.twilio)
    provider = make(vendor.url)
  })
  afterEach(async () => {
    await vendor.close()
    await provider.close?.()
  })

  it('gets the message, the sender and the callback', async () => {
    await provider.send({ ...smsMessage, text: 'Zoë & co: 5 € + tax' }, options())
    const [request] = vendor.requests
    expect(request).toMatchObject({
      method: 'POST',
      path: `/2010-04-01/Accounts/${accountSid}/Messages.json`,
      headers: {
        authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': expect.stringMatching(/^twilio-node.* posthorn$/),
      },
    })
    expect(Object.fromEntries(request?.form() ?? [])).toEqual({
      To: '+14155550123',
      From: '+15005550001',
      Body: 'Zoë & co: 5 € + tax',
      StatusCallback: `https://notify.example.com/receipts/twilio?attempt=${attemptId}`,
    })
  })

  it('gets the messaging service where there is one, and no callback where nobody could reach it', async () => {
    const service = twilio.make({ ...own, messagingServiceSid: 'MG1', baseUrl: vendor.url }, deps)
    await service.send(smsMessage, options())
    await service.close?.()
    expect(Object.fromEntries(vendor.requests[0]?.form() ?? [])).toEqual({
      To: '+14155550123',
      Body: 'Acme: on its way',
      MessagingServiceSid: 'MG1',
    })
  })

  it.each<[string, VendorAnswer, object]>([
    ['an opt-out', said(400, 21610), { kind: 'rejected', blame: 'message', suppress: 'opted_out', code: '21610' }],
    ['an invalid number', said(400, 21211), { kind: 'rejected', blame: 'message', suppress: 'invalid_address' }],
    ['a landline', said(400, 21614), { kind: 'rejected', blame: 'message', suppress: 'invalid_address' }],
    ['no permission for the region', said(400, 21408), { kind: 'rejected', blame: 'provider' }],
    ['an unreachable route', said(400, 21612), { kind: 'rejected', blame: 'provider' }],
    ['a sender that cannot', said(400, 21606), { kind: 'rejected', blame: 'provider' }],
    ['a filtered text', said(400, 30007), { kind: 'rejected', blame: 'provider' }],
    ['a text that is too long', said(400, 21617), { kind: 'rejected', blame: 'message' }],
    ['a code that is not listed', said(400, 21659), { kind: 'rejected', blame: 'provider', code: '21659' }],
    ['bad credentials', said(401, 20003), { kind: 'rejected', blame: 'provider' }],
    ['an account that is not there', said(404, 20404), { kind: 'rejected', blame: 'provider' }],
    ['a full queue', said(400, 21611), { kind: 'deferred', code: '21611' }],
    ['an account’s limit in a 400', said(400, 20429), { kind: 'deferred', throttled: true }],
    ['a sender’s rate', said(400, 30022), { kind: 'deferred', throttled: true }],
    ['a handset that is off', said(400, 30003), { kind: 'deferred', messageOnly: true }],
    ['a carrier’s daily limit', said(400, 30027), { kind: 'deferred', messageOnly: true }],
    [
      'a full queue, with a pause',
      { ...(said(400, 21611) as object), headers: { 'retry-after': '3' } },
      { kind: 'deferred', retryAfterMs: 3_000 },
    ],
    ['a carrier’s timeout', said(400, 30410), { kind: 'unknown', code: '30410', messageOnly: true }],
    ['a busy account', said(429, 20429), { kind: 'deferred' }],
    ['its own 500', said(500, 20500), { kind: 'unknown' }],
    ['its own 503', said(503, 20503), { kind: 'deferred', code: '20503' }],
    ['a 503 of somebody else', { status: 503, text: 'no healthy upstream' }, { kind: 'unknown' }],
    ['a 201 that cannot be read', { status: 201, text: '{"sid":"SM' }, { kind: 'unknown', likelyTaken: true }],
    ['a 401 of a proxy', { status: 401, text: '<html>' }, { kind: 'rejected', blame: 'provider', code: 'http_401' }],
    [
      'an error in the newer form',
      {
        status: 400,
        json: { type: 'https://x', title: 'Opted out', status: 400, code: 21610, detail: 'STOP was sent' },
      },
      { kind: 'rejected', blame: 'message', suppress: 'opted_out' },
    ],
  ])('answering with %s', async (_, answer, expected) => {
    vendor.answer(answer)
    const outcome = await provider.send(smsMessage, options())
    expect(outcome).toMatchObject(expected)
    if (!('messageOnly' in expected)) expect(outcome).not.toHaveProperty('messageOnly')
    expect(vendor.requests).toHaveLength(1)
  })

  it('suppresses no address for a missing one', async () => {
    vendor.answer(said(400, 21604))
    const outcome = await provider.send(smsMessage, options())
    expect(outcome).toMatchObject({ kind: 'rejected', blame: 'message' })
    expect(outcome).not.toHaveProperty('suppress')
  })
})

describe('the base of callback URLs', () => {
  it.each([
    ['https://notify.example.com', 'https://notify.example.com'],
    ['https://notify.example.com/', 'https://notify.example.com'],
    ['https://example.com:8443/posthorn/', 'https://example.com:8443/posthorn'],
    ['https://203.0.113.7', 'https://203.0.113.7'],
    ['http://notify.example.com', null],
    ['https://localhost:3000', null],
    ['https://posthorn', null],
    ['https://posthorn.localhost', null],
    ['https://posthorn.local', null],
    ['https://posthorn.internal.', null],
    ['https://my_host.example.com', null],
    ['https://127.0.0.1', null],
    ['https://10.1.2.3', null],
    ['https://172.31.0.1', null],
    ['https://192.168.1.1', null],
    ['https://169.254.169.254', null],
    ['https://100.64.0.1', null],
    ['https://0x7f000001', null],
    ['https://[::1]', null],
    ['https://[fd00::1]', null],
    ['https://[fe80::1]', null],
    ['https://[::ffff:10.0.0.1]', null],
    ['https://user:pass@example.com', null],
    ['notify.example.com', null],
    [null, null],
  ])('%j gives %j', (publicUrl, expected) => {
    expect(callbackBase(publicUrl)).toBe(expected)
  })
})
