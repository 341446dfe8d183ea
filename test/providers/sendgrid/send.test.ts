// SendGrid: its contract, its request, its empty acceptance and its errors.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Provider } from '../../../src/providers/provider.ts'
import { sendgrid } from '../../../src/providers/sendgrid/index.ts'
import { accepting, startVendor, type Vendor, type VendorAnswer } from '../../helper/vendor.ts'
import { attemptId, conformsTo, deps, emailMessage, key, nowMs, options } from '../conformance.ts'
import { httpStage } from '../http-stage.ts'

const apiKey = 'SG.secret_123456789'
const make = (baseUrl: string) => sendgrid.make({ apiKey, webhookKeys: null, baseUrl }, deps)

function errors(message: string, field: string | null = null) {
  return { errors: [{ message, field, help: null }] }
}
function said(status: number, message = 'because', field: string | null = null): VendorAnswer {
  return { status, json: errors(message, field) }
}
const resetsAt = (seconds: number) => ({ 'x-ratelimit-reset': String(nowMs() / 1000 + seconds) })

interface Sent {
  personalizations: { to: unknown[]; custom_args: Record<string, string> }[]
}

conformsTo({
  provider: make,
  message: emailMessage,
  protocol: 'http:',
  sends: 'attemptId',
  secret: apiKey,
  ref: /^sendgrid-\d$/,
  stage: () =>
    httpStage({
      accepts: accepting.sendgrid,
      refuses: (words) => said(400, words, 'subject'),
      busy: errors('too many requests'),
      id: (request) => (request.json() as unknown as Sent).personalizations[0]?.custom_args.attempt_id,
    }),
})

describe('SendGrid', () => {
  let vendor: Vendor
  let provider: Provider
  beforeEach(async () => {
    vendor = await startVendor(accepting.sendgrid)
    provider = make(vendor.url)
  })
  afterEach(async () => {
    await vendor.close()
    await provider.close?.()
  })

  it('gets the frozen message, text before html, and both our ids', async () => {
    await provider.send(emailMessage, options())
    const [request] = vendor.requests
    expect(request).toMatchObject({
      method: 'POST',
      path: '/v3/mail/send',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'user-agent': 'posthorn' },
    })
    expect(request?.json()).toEqual({
      personalizations: [
        {
          to: [{ email: 'ada@customers.example', name: 'Ada Countess' }],
          custom_args: { notification_id: key, attempt_id: attemptId },
        },
      ],
      from: { email: 'hello@acme.example', name: 'Acme' },
      reply_to: { email: 'help@acme.example' },
      subject: 'Your order — shipped',
      content: [
        { type: 'text/plain', value: 'On its way' },
        { type: 'text/html', value: '<p>On its way</p>' },
      ],
      headers: { 'X-Entity-Ref-ID': 'A-1', 'Message-ID': `<${key}@acme.example>` },
    })
  })

  it('gets no name and no reply address where there is none', async () => {
    await provider.send({ ...emailMessage, toName: ' ', replyTo: null, from: 'hello@acme.example' }, options())
    const sent = vendor.requests[0]?.json()
    expect(sent).not.toHaveProperty('reply_to')
    expect(sent).toMatchObject({ from: { email: 'hello@acme.example' } })
    expect((sent as unknown as Sent).personalizations[0]?.to).toEqual([{ email: 'ada@customers.example' }])
  })

  it.each<[string, VendorAnswer, object]>([
    ['an empty 202 without an id', { status: 202, text: '' }, { kind: 'accepted', ref: null, statusCode: 202 }],
    ['a 202 with a page in it', { status: 202, text: '<html>' }, { kind: 'unknown', likelyTaken: true }],
    ['an empty 200', { status: 200, text: '' }, { kind: 'unknown', likelyTaken: true }],
    ['a bad recipient', said(400, 'no', 'personalizations.0.to.0.email'), { kind: 'rejected', blame: 'message' }],
    ['a bad sender', said(400, 'no', 'from.email'), { kind: 'rejected', blame: 'provider', code: 'from.email' }],
    ['a bad reply address', said(400, 'no', 'reply_to.email'), { kind: 'rejected', blame: 'provider' }],
    ['an error without a field', said(400), { kind: 'rejected', blame: 'message', code: 'http_400' }],
    ['a bad key', said(401), { kind: 'rejected', blame: 'provider', code: 'http_401' }],
    ['an unverified sender', said(403, 'no', 'from'), { kind: 'rejected', blame: 'provider', code: 'from' }],
    ['a wrong path', said(404), { kind: 'rejected', blame: 'provider' }],
    ['a wrong method', said(405), { kind: 'rejected', blame: 'provider' }],
    ['a message that is too large', said(413), { kind: 'rejected', blame: 'message' }],
    [
      'a limit and when it ends',
      { status: 429, headers: resetsAt(30), json: errors('too many requests') },
      { kind: 'deferred', retryAfterMs: 30_000 },
    ],
    [
      'a limit that has ended',
      { status: 429, headers: resetsAt(-5), json: errors('too many requests') },
      { kind: 'deferred', retryAfterMs: 0 },
    ],
    ['a 429 of somebody else', { status: 429, text: '' }, { kind: 'deferred', code: 'http_429' }],
    ['its own 500', said(500), { kind: 'unknown' }],
    ['its own 503', said(503), { kind: 'deferred', code: 'http_503' }],
    ['a 503 of somebody else', { status: 503, text: '<html>' }, { kind: 'unknown' }],
    ['a 504', { status: 504, text: '' }, { kind: 'unknown' }],
    ['a 400 of a proxy', { status: 400, text: '<html>' }, { kind: 'rejected', blame: 'provider' }],
    ['a reset before the body was read', 'reset', { kind: 'unknown', likelyTaken: false }],
    ['junk', 'junk', { kind: 'unknown' }],
  ])('answering with %s', async (_, answer, expected) => {
    vendor.answer(answer)
    expect(await provider.send(emailMessage, options())).toMatchObject(expected)
    expect(vendor.requests).toHaveLength(1)
  })
})
