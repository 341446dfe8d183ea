// Mailgun: its contract, its form and its sentences without codes.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mailgun } from '../../../src/providers/mailgun/index.ts'
import type { Provider } from '../../../src/providers/provider.ts'
import { accepting, startVendor, type Vendor, type VendorAnswer } from '../../helper/vendor.ts'
import { attemptId, conformsTo, deps, emailMessage, key, options } from '../conformance.ts'
import { httpStage } from '../http-stage.ts'

const apiKey = 'mailgun-secret-123456789'
const make = (baseUrl: string) => mailgun.make({ apiKey, domain: 'mg.acme.example', signingKeys: null, baseUrl }, deps)

function said(status: number, message = 'because'): VendorAnswer {
  return { status, json: { message } }
}

conformsTo({
  provider: make,
  message: emailMessage,
  protocol: 'http:',
  sends: 'attemptId',
  secret: apiKey,
  ref: /^mailgun-\d@mg\.acme\.example$/,
  stage: () =>
    httpStage({
      accepts: accepting.mailgun,
      refuses: (words) => said(400, words),
      busy: { message: 'too many requests' },
      id: (request) => request.form().get('v:attempt_id'),
    }),
})

describe('Mailgun', () => {
  let vendor: Vendor
  let provider: Provider
  beforeEach(async () => {
    vendor = await startVendor(accepting.mailgun)
    provider = make(vendor.url)
  })
  afterEach(async () => {
    await vendor.close()
    await provider.close?.()
  })

  it('gets the frozen message as a form, its headers, and both our ids', async () => {
    await provider.send({ ...emailMessage, text: 'a & b = c + d' }, options())
    const [request] = vendor.requests
    expect(request).toMatchObject({
      method: 'POST',
      path: '/v3/mg.acme.example/messages',
      headers: {
        authorization: `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'posthorn',
      },
    })
    expect(Object.fromEntries(request?.form() ?? [])).toEqual({
      from: 'Acme <hello@acme.example>',
      to: '"Ada, Countess" <ada@customers.example>',
      subject: 'Your order — shipped',
      text: 'a & b = c + d',
      html: '<p>On its way</p>',
      'h:Reply-To': 'help@acme.example',
      'h:X-Entity-Ref-ID': 'A-1',
      'h:Message-Id': `<${key}@acme.example>`,
      'v:notification_id': key,
      'v:attempt_id': attemptId,
    })
  })

  it('gets no name and no reply address where there is none', async () => {
    await provider.send({ ...emailMessage, toName: null, replyTo: null }, options())
    const form = vendor.requests[0]?.form()
    expect(form?.get('to')).toBe('ada@customers.example')
    expect(form?.has('h:Reply-To')).toBe(false)
  })

  it.each<[string, VendorAnswer, object]>([
    ['a 200 without an id', { json: { message: 'Queued. Thank you.' } }, { kind: 'unknown', likelyTaken: true }],
    ['a 200 cut half way', 'cut', { kind: 'unknown', likelyTaken: true, statusCode: 200 }],
    [
      'a bad recipient',
      said(400, "'to' parameter is not a valid address"),
      { kind: 'rejected', blame: 'message', code: 'http_400' },
    ],
    [
      'a bad sender',
      said(400, "'from' parameter is not a valid address"),
      { kind: 'rejected', blame: 'provider', code: 'from' },
    ],
    ['a bad key', { status: 401, text: 'Forbidden' }, { kind: 'rejected', blame: 'provider', code: 'http_401' }],
    ['an account that must pay', said(402), { kind: 'rejected', blame: 'provider' }],
    ['an unverified domain', said(403), { kind: 'rejected', blame: 'provider' }],
    ['an unknown domain', said(404), { kind: 'rejected', blame: 'provider' }],
    ['a message that is too large', said(413), { kind: 'rejected', blame: 'message' }],
    ['a limit', said(429), { kind: 'deferred', statusCode: 429 }],
    ['its own 500', said(500), { kind: 'unknown', code: 'http_500' }],
    ['its own 503', said(503), { kind: 'deferred', code: 'http_503' }],
    ['a 503 of somebody else', { status: 503, text: '<html>' }, { kind: 'unknown' }],
    ['its own 504', said(504), { kind: 'unknown' }],
    ['a reset before the body was read', 'reset', { kind: 'unknown', likelyTaken: false }],
  ])('answering with %s', async (_, answer, expected) => {
    vendor.answer(answer)
    expect(await provider.send(emailMessage, options())).toMatchObject(expected)
    expect(vendor.requests).toHaveLength(1)
  })
})
