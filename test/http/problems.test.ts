// Every answer that is not a success has one shape: a code, a link to what it means, and the id that finds it in the log.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProblemCode } from '../../src/domain/problem.ts'
import { problemShape } from '../../src/http/problems/problem-shape.ts'
import { shipped } from '../helper/events.ts'
import { signedApp, signedStripe } from '../helper/signed.ts'
import { eventually, keys, type Problem, shopSecret, startWorld, stripeSecret, type World } from '../helper/world.ts'

let world: World
beforeAll(async () => {
  const env = {
    RESEND_API_KEY: 're_of_the_tests',
    EMAIL_FROM: 'Shop <shop@example.com>',
    RESEND_BASE_URL: 'http://127.0.0.1:9',
  }
  world = await startWorld({ env })
})
afterAll(() => world.stop())

interface Asked {
  method?: string
  path: string
  headers?: Record<string, string>
  body?: string | Buffer
}
const json = { 'content-type': 'application/json' }
const bearer = (key: string) => ({ ...json, authorization: `Bearer ${key}` })
const id = '0198c0de-0000-7000-8000-000000000000'

function appWebhook(headers: Record<string, string | undefined>, timestamp?: number): Asked {
  const signed = signedApp(shipped(), { secret: shopSecret, ...(timestamp && { timestamp }) })
  const all = Object.entries({ ...signed.headers, ...headers }).filter(([, value]) => value !== undefined)
  return {
    path: '/webhooks/apps/shop',
    body: signed.payload,
    headers: Object.fromEntries(all) as Record<string, string>,
  }
}
const anHourAgo = Math.floor(Date.now() / 1000) - 3600

const cases: [code: ProblemCode, status: number, asked: Asked, detail?: RegExp][] = [
  ['route_unknown', 404, { method: 'GET', path: '/v2/events' }],
  ['method_not_allowed', 405, { method: 'GET', path: '/webhooks/stripe' }, /takes POST/],
  ['method_not_allowed', 405, { method: 'DELETE', path: `/v1/events/${id}`, headers: bearer(keys.operator) }],
  ['key_missing', 401, { path: '/v1/events', body: '{}', headers: json }, /needs an API key/],
  ['key_missing', 401, { path: '/v1/events', body: '{}', headers: { ...json, authorization: 'Basic YTpi' } }],
  ['key_unknown', 401, { path: '/v1/events', body: '{}', headers: bearer('another-key-of-tests') }, /not known here/],
  ['role_not_allowed', 403, { path: '/v1/events', body: '{}', headers: bearer(keys.viewer) }, /producer or operator/],
  ['not_found', 404, { method: 'GET', path: `/v1/events/${id}`, headers: bearer(keys.viewer) }],
  ['invalid_request', 400, { method: 'GET', path: '/v1/events?limit=0', headers: bearer(keys.viewer) }],
  ['malformed_json', 400, { path: '/v1/cancellations', body: '{"reference":', headers: bearer(keys.operator) }],
  ['malformed_json', 400, { path: '/v1/cancellations', body: '{"__proto__":1}', headers: bearer(keys.operator) }],
  [
    'content_type_not_supported',
    415,
    { path: '/v1/events', body: 'a=b', headers: { ...bearer(keys.producer), 'content-type': 'text/plain' } },
  ],
  [
    'body_too_large',
    413,
    { path: '/v1/cancellations', body: ' '.repeat(128 * 1024 + 1), headers: bearer(keys.operator) },
  ],
  ['not_an_event', 400, { path: '/v1/events', body: '[]', headers: bearer(keys.producer) }],
  ['event_invalid', 422, { path: '/v1/events', body: '{"type":"order.shipped"}', headers: bearer(keys.producer) }],
  ['event_too_much', 422, { path: '/v1/events', body: tooMuch(), headers: bearer(keys.producer) }],
  ['signature_missing', 401, appWebhook({ 'webhook-signature': undefined })],
  ['signature_invalid', 401, appWebhook({ 'webhook-id': 'another' })],
  ['timestamp_out_of_tolerance', 401, appWebhook({}, anHourAgo)],
  ['signature_missing', 401, { path: '/webhooks/stripe', body: '{}', headers: json }],
  ['signature_invalid', 401, stripeWebhook({ secret: 'whsec_another' })],
  ['timestamp_out_of_tolerance', 401, stripeWebhook({ timestamp: anHourAgo })],
  ['source_unknown', 404, { path: '/webhooks/apps/nobody', body: '{}', headers: json }, /APP_WEBHOOK_SECRETS/],
  ['source_unknown', 404, { path: '/webhooks/paypal', body: '{}', headers: json }, /\/webhooks\/stripe/],
  [
    'source_not_configured',
    404,
    { path: '/webhooks/razorpay', body: '{}', headers: json },
    /RAZORPAY_WEBHOOK_SECRET is not set/,
  ],
  ['provider_not_configured', 404, { path: '/receipts/resend', body: '{}' }, /RESEND_WEBHOOK_SECRET is not set/],
  ['provider_not_configured', 404, { path: '/receipts/sendgrid', body: '[]' }, /SENDGRID_WEBHOOK_KEY is not set/],
  ['provider_not_configured', 404, { path: '/inbound/twilio', body: 'a=b' }, /TWILIO_AUTH_TOKEN is not set/],
  ['provider_unknown', 404, { path: '/receipts/smtp', body: '{}' }],
  ['provider_unknown', 404, { path: '/inbound/resend', body: '{}' }],
  ['link_invalid', 401, { path: '/unsubscribe/nothing', body: '' }],
  ['conflict', 409, { path: '/v1/notifiers/order-shipped/copy/es/publish', headers: bearer(keys.operator) }],
  [
    'copy_invalid',
    422,
    {
      method: 'PUT',
      path: '/v1/notifiers/order-shipped/copy/es',
      body: '{"messages":{"nothing":""}}',
      headers: bearer(keys.operator),
    },
  ],
  ['url_too_long', 414, { method: 'GET', path: `/v1/events/${'x'.repeat(1001)}`, headers: bearer(keys.viewer) }],
]

function tooMuch(): string {
  return JSON.stringify(shipped({ data: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`f${i}`, i])) }))
}

function stripeWebhook(options: { secret?: string; timestamp?: number }): Asked {
  const { payload, headers } = signedStripe({ id: 'evt_1', object: 'event' }, { secret: stripeSecret, ...options })
  return { path: '/webhooks/stripe', body: payload, headers }
}

describe('a problem has its shape, its page and its line in the log', () => {
  it.each(cases)('%s, %i', async (code, status, { method = 'POST', path, headers, body }, detail) => {
    const answer = await fetch(world.url + path, {
      method,
      headers,
      ...(body !== undefined && { body: body as string }),
    })
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    const problem = problemShape.parse(await answer.json())
    expect(problem).toMatchObject({ code, status })
    expect(answer.status).toBe(status)
    // No route sees a URL that is too long.
    const level = code === 'url_too_long' ? 'debug' : 'info'
    if (detail) expect(problem.detail).toMatch(detail)
    const [page, anchor] = problem.type.split('#')
    expect(await (await fetch(page ?? '')).text()).toContain(`id="${anchor}"`)
    expect(anchor).toBe(code)
    // Most lines are written after the answer.
    await eventually(async () => linesOf(problem).some((line) => line.level === level && line.code === code))
  })
})

function linesOf({ requestId }: Pick<Problem, 'requestId'>): Record<string, unknown>[] {
  return world.log.filter((line) => line.includes(`"requestId":"${requestId}"`)).map((line) => JSON.parse(line))
}

it('a method that is not allowed is answered with those that are', async () => {
  const answer = await fetch(`${world.url}/v1/suppressions/email/a@b.co`, { method: 'PATCH' })
  expect(answer.headers.get('allow')).toBe('DELETE, GET, HEAD, PUT')
})

it('the OpenAPI document has the problem as the answer of every call in any other case', async () => {
  const { body } = await world.get<{
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>
    components: { schemas: Record<string, { required: string[] }>; responses: Record<string, object> }
  }>('/openapi.json', '')
  const operations = Object.values(body.paths).flatMap((of) => Object.values(of))
  expect(operations.length).toBeGreaterThan(20)
  for (const { responses } of operations) expect(responses.default).toEqual({ $ref: '#/components/responses/Problem' })
  expect(body.components.responses.Problem).toMatchObject({
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  })
  expect(body.components.schemas.Problem?.required).toEqual(['type', 'title', 'status', 'detail', 'code', 'requestId'])
})
