// Resend: its contract, its wire format and its table of errors, as Resend documents them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Provider } from '../../../src/providers/provider.ts'
import { resend } from '../../../src/providers/resend/index.ts'
import { accepting, startVendor, type Vendor, type VendorAnswer } from '../../helper/vendor.ts'
import { conformsTo, deps, emailMessage, key, options } from '../conformance.ts'
import { httpStage } from '../http-stage.ts'

const apiKey = 're_secret_123456789'
const make = (baseUrl: string) => resend.make({ apiKey, webhookSecrets: null, baseUrl }, deps)

function said(statusCode: number, name: string, message = 'because'): VendorAnswer {
  return { status: statusCode, json: { statusCode, name, message } }
}

conformsTo({
  provider: make,
  message: emailMessage,
  protocol: 'http:',
  sends: 'key',
  secret: apiKey,
  ref: /^resend-\d$/,
  stage: () =>
    httpStage({
      accepts: accepting.resend,
      refuses: (words) => said(422, 'validation_error', words),
      busy: { statusCode: 429, name: 'rate_limit_exceeded', message: 'slow down' },
      id: (request) => String(request.headers['idempotency-key']),
    }),
})

describe('Resend', () => {
  let vendor: Vendor
  let provider: Provider
  beforeEach(async () => {
    vendor = await startVendor(accepting.resend)
    provider = make(vendor.url)
  })
  afterEach(async () => {
    await vendor.close()
    await provider.close?.()
  })

  it('gets the frozen message, our id as a tag, the key and a User-Agent', async () => {
    await provider.send(emailMessage, options())
    const [request] = vendor.requests
    expect(request).toMatchObject({
      method: 'POST',
      path: '/emails',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'user-agent': 'posthorn',
        'content-type': 'application/json',
        'idempotency-key': key,
      },
    })
    expect(request?.json()).toEqual({
      from: 'Acme <hello@acme.example>',
      to: 'ada@customers.example',
      reply_to: 'help@acme.example',
      subject: 'Your order — shipped',
      html: '<p>On its way</p>',
      text: 'On its way',
      headers: { 'X-Entity-Ref-ID': 'A-1' },
      tags: [{ name: 'notification_id', value: key }],
    })
  })

  it('gets the same bytes on every attempt', async () => {
    await provider.send(emailMessage, options())
    await provider.send(emailMessage, { ...options(), attemptId: 'another' })
    expect(vendor.requests[1]?.body).toBe(vendor.requests[0]?.body)
  })

  it('distinguishes concurrent calls', async () => {
    vendor.answer((request) => ({ json: { id: String(request.json().subject) } }))
    const subjects = Array.from({ length: 20 }, (_, n) => `subject ${n}`)
    const outcomes = await Promise.all(
      subjects.map((subject) => provider.send({ ...emailMessage, subject }, options())),
    )
    expect(outcomes.map((outcome) => outcome.kind === 'accepted' && outcome.ref)).toEqual(subjects)
  })

  it.each<[string, VendorAnswer, object]>([
    ['an earlier body under this key', said(409, 'invalid_idempotent_request'), { kind: 'accepted', ref: null }],
    ['the same key in flight', said(409, 'concurrent_idempotent_requests'), { kind: 'unknown', messageOnly: true }],
    ['a locked resource', said(409, 'resource_locked'), { kind: 'unknown' }],
    ['the daily quota', said(429, 'daily_quota_exceeded'), { kind: 'rejected', blame: 'provider' }],
    ['the monthly quota', said(429, 'monthly_quota_exceeded'), { kind: 'rejected', blame: 'provider' }],
    ['a missing key', said(401, 'missing_api_key'), { kind: 'rejected', blame: 'provider' }],
    ['a restricted key', said(401, 'restricted_api_key'), { kind: 'rejected', blame: 'provider' }],
    ['an unverified domain', said(403, 'validation_error'), { kind: 'rejected', blame: 'provider' }],
    ['a wrong path', said(404, 'not_found'), { kind: 'rejected', blame: 'provider' }],
    ['a wrong method', said(405, 'method_not_allowed'), { kind: 'rejected', blame: 'provider' }],
    [
      'a bad parameter',
      said(422, 'invalid_parameter'),
      { kind: 'rejected', blame: 'message', code: 'invalid_parameter' },
    ],
    ['a missing field', said(422, 'missing_required_field'), { kind: 'rejected', blame: 'message' }],
    ['a bad request', said(400, 'validation_error'), { kind: 'rejected', blame: 'message' }],
    ['a bad sender', said(422, 'invalid_from_address'), { kind: 'rejected', blame: 'provider' }],
    ['bad access', said(422, 'invalid_access'), { kind: 'rejected', blame: 'provider' }],
    ['a bad region', said(422, 'invalid_region'), { kind: 'rejected', blame: 'provider' }],
    ['a 413 of a proxy', { status: 413, text: '<html>' }, { kind: 'rejected', blame: 'provider' }],
    ['a security error', said(451, 'security_error'), { kind: 'rejected', blame: 'provider' }],
    ['an error name that is new', said(418, 'teapot'), { kind: 'rejected', blame: 'provider', code: 'teapot' }],
    ['its own 500', said(500, 'application_error'), { kind: 'unknown', code: 'application_error' }],
    ['its own 503', said(503, 'service_unavailable'), { kind: 'deferred', code: 'service_unavailable' }],
    ['a 503 of somebody else', { status: 503, text: '<html>' }, { kind: 'unknown', code: 'http_503' }],
    ['a 503 in foreign JSON', { status: 503, json: { error: 'upstream' } }, { kind: 'unknown' }],
    ['a 504', { status: 504, text: '' }, { kind: 'unknown', code: 'http_504' }],
    ['a 408', { status: 408, text: '' }, { kind: 'unknown' }],
    [
      'a 403 of a proxy',
      { status: 403, text: 'error code: 1010' },
      { kind: 'rejected', blame: 'provider', code: 'http_403' },
    ],
    ['a 400 of a proxy', { status: 400, text: '<html>' }, { kind: 'rejected', blame: 'provider' }],
    ['a redirect', { status: 302, headers: { location: '/' } }, { kind: 'rejected', blame: 'provider' }],
    ['a 200 without an id', { json: { ok: true } }, { kind: 'unknown', likelyTaken: true }],
    ['a 200 cut half way', 'cut', { kind: 'unknown', likelyTaken: true, statusCode: 200 }],
    ['a reset before the body was read', 'reset', { kind: 'unknown', likelyTaken: false }],
    ['junk', 'junk', { kind: 'unknown' }],
  ])('answering with %s', async (_, answer, expected) => {
    vendor.answer(answer)
    expect(await provider.send(emailMessage, options())).toMatchObject(expected)
    expect(vendor.requests).toHaveLength(1)
  })
})
