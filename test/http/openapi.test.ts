// The OpenAPI document: complete, valid, and true of what each operation answers.
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { problemStatuses } from '../../src/domain/problem.ts'
import orderAccepted from '../../src/notifiers/order-accepted.ts'
import { type Document, type Documented, documented } from '../helper/documented.ts'
import { shipped } from '../helper/events.ts'
import { resendCallback, twilioText } from '../helper/receipts.ts'
import { signedApp, signedStripe } from '../helper/signed.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { type Accepted, eventually, keys, shopSecret, startWorld, stripeSecret, type World } from '../helper/world.ts'

/** Every operation, in the order of the paths. A new one is added here, and to `calls` below. */
const contract = `
  GET /docs                                             getDocs
  GET /healthz                                          getHealth
  GET /metrics                                          getMetrics
  GET /openapi.json                                     getOpenApi
  GET /readyz                                           getReadiness
  GET /receipts/{provider}                              reportByGet
  GET /unsubscribe/{token}                              showUnsubscribePage
  GET /v1/events                                        listEvents
  GET /v1/events/{id}                                   getEvent
  GET /v1/notifications                                 listNotifications
  GET /v1/notifications/{id}                            getNotification
  GET /v1/notifiers                                     listNotifiers
  GET /v1/notifiers/{name}/copy                         listCopy
  GET /v1/notifiers/{name}/copy/{locale}                getCopy
  GET /v1/notifiers/{name}/preview                      previewNotifier
  GET /v1/preferences/{recipientId}                     getPreferences
  GET /v1/providers                                     listProviders
  GET /v1/queues                                        listQueues
  GET /v1/recipients/{key}/export                       exportRecipient
  GET /v1/replays                                       listReplays
  GET /v1/replays/{id}                                  getReplay
  GET /v1/schedules                                     listSchedules
  GET /v1/suppressions                                  listSuppressions
  GET /v1/suppressions/{channel}/{address}              getSuppression
  POST /inbound/{provider}                              receiveText
  POST /receipts/{provider}                             report
  POST /unsubscribe/{token}                             unsubscribe
  POST /v1/cancellations                                cancelNotifications
  POST /v1/events                                       postEvent
  POST /v1/events/{id}/replay                           replayEvent
  POST /v1/explain                                      explainEvent
  POST /v1/notifications/{id}/cancel                    cancelNotification
  POST /v1/notifications/{id}/retry                     retryNotification
  POST /v1/notifications/{id}/settle                    settleNotification
  POST /v1/notifiers/{name}/copy/{locale}/publish       publishCopy
  POST /v1/notifiers/{name}/copy/{locale}/revert        revertCopy
  POST /v1/notifiers/{name}/preview                     previewData
  POST /v1/providers/{name}/pause                       pauseProvider
  POST /v1/providers/{name}/resume                      resumeProvider
  POST /v1/replays                                      createReplay
  POST /v1/schedules/{name}/run                         runSchedule
  POST /v1/settlements                                  settleNotifications
  POST /webhooks/apps/{app}                             receiveAppWebhook
  POST /webhooks/{source}                               receiveVendorWebhook
  PUT /receipts/{provider}                              reportByPut
  PUT /v1/notifiers/{name}/copy/{locale}                draftCopy
  PUT /v1/preferences/{recipientId}                     setPreferences
  PUT /v1/suppressions/{channel}/{address}              putSuppression
  DELETE /v1/recipients/{key}                           eraseRecipient
  DELETE /v1/suppressions/{channel}/{address}           removeSuppression`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/).join(' '))

const receiptSecret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`
const twilioToken = '12345678901234567890123456789012'
const id = '0198c0de-0000-7000-8000-000000000000'

let resend: Vendor
let shop: Vendor
let world: World
let api: Documented
let sent: { event: string; email: string; waiting: string }

beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  shop = await startVendor({ status: 204, text: '' })
  world = await startWorld({
    env: {
      APP_CALLBACKS: `shop=${shop.url}/hooks`,
      CALLBACKS_ALLOW_PRIVATE: 'true',
      EMAIL_PROVIDERS: 'resend,sandbox',
      SMS_PROVIDERS: 'sandbox',
      RESEND_API_KEY: 're_of_tests',
      RESEND_BASE_URL: resend.url,
      RESEND_WEBHOOK_SECRET: receiptSecret,
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: twilioToken,
      TWILIO_FROM: '+15005550006',
      PUBLIC_URL: 'https://notify.example.com',
      TRUST_PROXY: '1',
    },
  })
  api = documented((await world.get<Document>('/openapi.json', '')).body)
  const { body } = await world.app(shipped())
  const { notifications } = await world.event(body.id)
  const later = await world.app(shipped({ sendAt: new Date(Date.now() + 86_400_000).toISOString() }))
  const waiting = await world.event(later.body.id, (event) => event.notifications.length > 0)
  const [first] = waiting.notifications
  const email = notifications.find(({ channel }) => channel === 'email')
  sent = { event: body.id, email: email?.id ?? '', waiting: first?.id ?? '' }
})
afterAll(async () => {
  await world.stop()
  await Promise.all([resend.close(), shop.close()])
})

interface Call {
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer | object
}

async function call({ path, method = 'GET', headers = {}, body }: Call, key = keys.operator) {
  const isJson = body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body)
  const response = await fetch(world.url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(key && { authorization: `Bearer ${key}` }),
      ...(isJson && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isJson ? JSON.stringify(body) : (body as string) }),
  })
  const text = await response.text()
  const hasJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, headers: response.headers, body: hasJson ? JSON.parse(text) : text }
}

describe('the document', () => {
  it('has every operation of the contract, each under a name of its own', () => {
    const found = api.operations.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`)
    expect(found.sort()).toEqual([...contract].sort())
    const names = api.operations.map(({ operationId }) => operationId)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^[a-z]+([A-Z][a-z]+)*$/.test(name))).toEqual([])
  })

  it('is valid OpenAPI 3.1, with valid examples', async () => {
    expect(api.document.openapi).toBe('3.1.0')
    // A probe of health refuses nobody; the server is the one of this test.
    const rules = { 'operation-4xx-response': 'off', 'no-server-example.com': 'off' } as const
    const config = await createConfig({ extends: ['recommended'], rules })
    const problems = await lintFromString({ source: JSON.stringify(api.document), config })
    expect(problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer} ${message}`)).toEqual([])
  })

  it('names every schema of a body once, and describes every operation', () => {
    const anonymous = api.operations.flatMap(({ operationId, summary, tags, requestBody, responses }) => {
      expect(summary, operationId).toMatch(/^[A-Z]/)
      expect(api.document.tags.map(({ name }) => name)).toEqual(expect.arrayContaining(tags ?? ['no tag']))
      const contents = [requestBody, ...Object.values(responses)].map((part) => part?.content?.['application/json'])
      return contents
        .filter((content) => /"properties"/.test(JSON.stringify(content ?? '')))
        .map((content) => `${operationId} ${JSON.stringify(content)}`)
    })
    expect(anonymous).toEqual([])
    // The data of two types of events may be alike.
    const shapes = Object.entries(api.document.components.schemas).filter(([name]) => !name.endsWith('Data'))
    const texts = shapes.map(([, schema]) => JSON.stringify(schema))
    expect(texts.filter((text, i) => /"properties"/.test(text) && texts.indexOf(text) !== i)).toEqual([])
  })

  it('tells the types of posted events apart by `type`, and has a sample of each that is accepted as it is', async () => {
    const { PostedEvent: union } = api.document.components.schemas as unknown as Record<
      string,
      { discriminator: { mapping: Record<string, string> } }
    >
    const types = Object.entries(union?.discriminator.mapping ?? {})
    expect(types.length).toBeGreaterThan(20)
    for (const [type, ref] of types) {
      const name = ref.split('/').at(-1) ?? ''
      const [sample] = api.document.components.schemas[name]?.examples ?? []
      expect(api.faultsOf('PostedEvent', sample), type).toEqual([])
      const answer = await call({ path: '/v1/events', method: 'POST', body: sample as object }, keys.producer)
      expect(answer, type).toMatchObject({ status: 200, body: { status: 'accepted' } })
      expect(api.faults('postEvent', answer), type).toEqual([])
    }
  })

  it.each([
    ['an unknown field of the envelope', { ...shipped(), color: 'blue' }],
    ['an unknown field of the recipient', shipped({ recipient: { email: 'ada@example.com', colour: 'blue' } })],
    ['data of another type', shipped({ data: { courseTitle: 'Analysis' } })],
    ['no data', shipped({ data: undefined })],
  ])('refuses, as the service does, an event with %s', async (_what, event) => {
    expect(api.faultsOf('PostedEvent', JSON.parse(JSON.stringify(event)))).not.toEqual([])
    const answer = await call({ path: '/v1/events', method: 'POST', body: event }, keys.producer)
    expect(answer.status).toBe(422)
    expect(api.faults('postEvent', answer)).toEqual([])
  })
})

it('each role is let in where the document says so, and no other', async () => {
  let address = 0
  for (const { operationId, method, path, security } of api.operations.filter(({ path }) => path.startsWith('/v1'))) {
    const allowed = security.flatMap(({ key = [] }) => key)
    expect(allowed.length, operationId).toBeGreaterThan(0)
    // An address of its own, as refused calls are counted.
    const headers = { 'x-forwarded-for': `203.0.113.${++address}` }
    const asked = { path: path.replaceAll(/\{\w+\}/g, id), method, headers }
    for (const role of ['producer', 'viewer', 'operator'] as const) {
      const answer = await call(asked, keys[role])
      if (allowed.includes(role)) expect(answer.status, `${operationId} as ${role}`).not.toBe(403)
      else expect(answer, `${operationId} as ${role}`).toMatchObject({ status: 403 })
      expect(api.faults(operationId, answer), `${operationId} as ${role}`).toEqual([])
    }
    for (const key of ['', 'unknown-key-of-tests']) {
      const answer = await call(asked, key)
      expect(answer.status, operationId).toBe(401)
      expect(api.faults(operationId, answer)).toEqual([])
    }
  }
})

/** Calls that succeed, in an order in which each can, and one or more for each operation. */
const calls: Record<string, () => Call | Promise<Call>> = {
  getHealth: () => ({ path: '/healthz' }),
  getMetrics: () => ({ path: '/metrics' }),
  getReadiness: () => ({ path: '/readyz' }),
  getOpenApi: () => ({ path: '/openapi.json' }),
  getDocs: () => ({ path: '/docs' }),
  receiveAppWebhook: () => {
    const { payload, headers } = signedApp(shipped(), { secret: shopSecret })
    return { path: '/webhooks/apps/shop', method: 'POST', headers, body: payload }
  },
  receiveVendorWebhook: () => {
    const { payload, headers } = signedStripe(
      { id: 'evt_1', object: 'event', type: 'x.y', data: { object: {} } },
      { secret: stripeSecret },
    )
    return { path: '/webhooks/stripe', method: 'POST', headers, body: payload }
  },
  postEvent: () => ({ path: '/v1/events', method: 'POST', body: { ...shipped(), id: 'once' } }),
  explainEvent: () => ({ path: '/v1/explain', method: 'POST', body: shipped() }),
  listEvents: () => ({ path: '/v1/events?limit=2' }),
  getEvent: () => ({ path: `/v1/events/${sent.event}` }),
  replayEvent: () => ({ path: `/v1/events/${sent.event}/replay`, method: 'POST' }),
  createReplay: () => ({ path: '/v1/replays', method: 'POST', body: { since: '2020-01-01', until: '2020-01-02' } }),
  listReplays: () => ({ path: '/v1/replays?limit=2' }),
  getReplay: async () => {
    const { body } = await call({
      path: '/v1/replays',
      method: 'POST',
      body: { since: '2020-01-01', until: '2020-01-02' },
    })
    return { path: `/v1/replays/${body.id}` }
  },
  report: () => {
    const event = {
      type: 'email.delivered',
      created_at: new Date().toISOString(),
      data: { email_id: 'resend-1', tags: {} },
    }
    const { path, headers, payload } = resendCallback(event, { secret: receiptSecret })
    return { path, method: 'POST', headers, body: payload }
  },
  receiveText: () => {
    const text = { MessageSid: 'SM00000000000000000000000000000007', From: '+15005550006', Body: 'Thank you' }
    const { path, headers, payload } = twilioText(text, { authToken: twilioToken })
    return { path, method: 'POST', headers, body: payload }
  },
  listNotifications: () => ({ path: '/v1/notifications?limit=2&channel=email&reveal=true' }),
  getNotification: () => ({ path: `/v1/notifications/${sent.email}?include=message` }),
  cancelNotification: () => ({ path: `/v1/notifications/${sent.waiting}/cancel`, method: 'POST' }),
  retryNotification: async () => {
    await world.db.query(`update notification_states set state = 'failed', reason_code = 'rejected' where id = $1`, [
      sent.email,
    ])
    return { path: `/v1/notifications/${sent.email}/retry`, method: 'POST' }
  },
  settleNotification: async () => {
    // Of this message alone: others may still be under way, and a provider that loses all of them is called no more.
    const email = 'alan@example.org'
    resend.answer((request, number) =>
      request.body.includes(email) ? 'reset-after-read' : accepting.resend(request, number),
    )
    const { body } = await world.app({ ...orderAccepted.sample, recipient: { email } })
    const isUnsure = ({ state }: { state: string }) => state === 'unconfirmed'
    // It stays so until this call has ended: an answer to a repeat would settle it.
    const event = await world.event(body.id, ({ notifications }) => notifications.some(isUnsure))
    return {
      path: `/v1/notifications/${event.notifications.find(isUnsure)?.id}/settle`,
      method: 'POST',
      body: { sent: true },
    }
  },
  cancelNotifications: () => ({ path: '/v1/cancellations', method: 'POST', body: { reference: 'ORD-77' } }),
  settleNotifications: () => ({
    ...{ path: '/v1/settlements', method: 'POST' },
    body: { provider: 'sandbox', sent: true, dryRun: true },
  }),
  listNotifiers: () => ({ path: '/v1/notifiers' }),
  previewNotifier: () => ({ path: '/v1/notifiers/order-shipped/preview?format=text' }),
  listCopy: () => ({ path: '/v1/notifiers/order-shipped/copy' }),
  previewData: () => ({
    ...{ path: '/v1/notifiers/order-shipped/preview?format=text', method: 'POST' },
    body: { data: { orderNumber: 'ORD-9', carrier: 'UPS', trackingNumber: '1Z' } },
  }),
  getCopy: () => ({ path: '/v1/notifiers/order-shipped/copy/en' }),
  draftCopy: () => ({
    ...{ path: '/v1/notifiers/order-shipped/copy/en', method: 'PUT' },
    body: { messages: { subject: 'Order {orderNumber} is on its way' } },
  }),
  publishCopy: () => ({ path: '/v1/notifiers/order-shipped/copy/en/publish', method: 'POST' }),
  revertCopy: () => ({ path: '/v1/notifiers/order-shipped/copy/en/revert', method: 'POST' }),
  setPreferences: () => ({ path: '/v1/preferences/cus_7', method: 'PUT', body: { product: { sms: false } } }),
  getPreferences: () => ({ path: '/v1/preferences/cus_7' }),
  putSuppression: () => ({ path: '/v1/suppressions/email/ada@example.com', method: 'PUT', body: { reason: 'asked' } }),
  getSuppression: () => ({ path: '/v1/suppressions/email/ada@example.com' }),
  listSuppressions: () => ({ path: '/v1/suppressions' }),
  removeSuppression: () => ({ path: '/v1/suppressions/email/ada@example.com', method: 'DELETE' }),
  exportRecipient: () => ({ path: '/v1/recipients/cus_7/export' }),
  eraseRecipient: () => ({ path: '/v1/recipients/nobody', method: 'DELETE' }),
  listProviders: () => ({ path: '/v1/providers' }),
  pauseProvider: () => ({ path: '/v1/providers/sandbox/pause', method: 'POST' }),
  resumeProvider: () => ({ path: '/v1/providers/sandbox/resume', method: 'POST' }),
  listQueues: () => ({ path: '/v1/queues' }),
  listSchedules: () => ({ path: '/v1/schedules' }),
  runSchedule: () => ({ path: '/v1/schedules/exchange_rates/run', method: 'POST' }),
  showUnsubscribePage: async () => ({ path: await unsubscribePath() }),
  unsubscribe: async () => ({
    ...{ path: await unsubscribePath(), method: 'POST', body: 'List-Unsubscribe=One-Click' },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }),
}

/** No provider of this test reports in these ways; they answer as `report` does. */
const likeReport = ['reportByGet', 'reportByPut']

async function unsubscribePath(): Promise<string> {
  const data = { courseTitle: 'Analysis', contentTitle: 'Engines', url: 'https://learn.example.com/1' }
  const { body } = await call({
    ...{ path: '/v1/events', method: 'POST' },
    body: { type: 'content.published', recipient: { id: 'cus_9', email: 'grace@example.org' }, data },
  })
  const { notifications } = await world.event((body as Accepted).id)
  const { message } = await world.notification(notifications[0]?.id ?? '')
  return /\/unsubscribe\/[\w.-]+/.exec(message?.text ?? '')?.[0] ?? 'no link'
}

describe('every operation answers a call as the document says', () => {
  afterEach(() => resend.answer(accepting.resend))

  it.each(Object.entries(calls))('%s', async (operationId, callOf) => {
    const answer = await call(await callOf())
    expect([200, 204], JSON.stringify(answer.body)).toContain(answer.status)
    expect(api.faults(operationId, answer)).toEqual([])
  })

  it('and none is left out', () => {
    const called = [...Object.keys(calls), ...likeReport].sort()
    expect(called).toEqual(api.operations.map(({ operationId }) => operationId).sort())
  })
})

it.each<[string, number, Call]>([
  ['getEvent', 404, { path: `/v1/events/${id}` }],
  ['listEvents', 400, { path: '/v1/events?limit=0' }],
  ['retryNotification', 404, { path: `/v1/notifications/${id}/retry`, method: 'POST' }],
  ['pauseProvider', 404, { path: '/v1/providers/nobody/pause', method: 'POST' }],
  ['resumeProvider', 409, { path: '/v1/providers/sandbox/resume', method: 'POST' }],
  ['publishCopy', 409, { path: '/v1/notifiers/order-shipped/copy/es/publish', method: 'POST' }],
  [
    'draftCopy',
    422,
    { path: '/v1/notifiers/order-shipped/copy/en', method: 'PUT', body: { messages: { subject: '{x}' } } },
  ],
  ['previewData', 422, { path: '/v1/notifiers/order-shipped/preview', method: 'POST', body: { data: {} } }],
  ['cancelNotifications', 400, { path: '/v1/cancellations', method: 'POST', body: {} }],
  ['cancelNotifications', 413, { path: '/v1/cancellations', method: 'POST', body: { reference: 'x'.repeat(200_000) } }],
  ['postEvent', 400, { path: '/v1/events', method: 'POST', body: [] }],
  ['postEvent', 415, { path: '/v1/events', method: 'POST', body: 'a=b', headers: { 'content-type': 'text/plain' } }],
  ['receiveAppWebhook', 401, { path: '/webhooks/apps/shop', method: 'POST', body: {} }],
  ['receiveAppWebhook', 404, { path: '/webhooks/apps/nobody', method: 'POST', body: {} }],
  ['receiveVendorWebhook', 404, { path: '/webhooks/razorpay', method: 'POST', body: {} }],
  ['report', 401, { path: '/receipts/resend', method: 'POST', body: {} }],
  ['reportByGet', 404, { path: '/receipts/nobody' }],
  ['unsubscribe', 401, { path: '/unsubscribe/nonsense', method: 'POST' }],
])('%s answers %i with a problem as the document says', async (operationId, status, asked) => {
  const answer = await call(asked)
  expect(answer.status).toBe(status)
  expect(api.faults(operationId, answer)).toEqual([])
})

it('the responses name every problem that a route can answer', () => {
  const text = JSON.stringify(api.document.components.responses)
  // These are answered before a route is known, or by the dashboard.
  const before = [
    'form_refused',
    'malformed_http',
    'route_unknown',
    'method_not_allowed',
    'url_too_long',
    'headers_too_large',
  ]
  const missing = Object.keys(problemStatuses).filter((code) => !text.includes(`"${code}"`))
  expect(missing.sort()).toEqual(before.sort())
})

it('the document names the callbacks, each a POST with a body of its own that is signed', () => {
  const { webhooks } = api.document as unknown as {
    webhooks: Record<string, Record<string, { operationId: string; requestBody: object; security: object[] }>>
  }
  const bodyOf = (name: string) => ({
    required: true,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
  })
  const security = [{ webhookId: [], webhookTimestamp: [], webhookSignature: [] }]
  expect(webhooks).toEqual({
    notification: {
      post: expect.objectContaining({
        operationId: 'onNotification',
        requestBody: bodyOf('NotificationCallback'),
        security,
      }),
    },
    'payment.timed_out': {
      post: expect.objectContaining({
        ...{ operationId: 'onPaymentTimedOut', requestBody: bodyOf('PaymentTimedOutCallback'), security },
      }),
    },
    schedule: {
      post: expect.objectContaining({ operationId: 'onSchedule', requestBody: bodyOf('ScheduleCallback'), security }),
    },
  })
})

it('callbacks are as the document says', async () => {
  await call({ path: '/v1/schedules/failed_payments/run', method: 'POST' })
  const timedOut = {
    ...{
      type: 'payment.timed_out',
      reference: 'ORD-late',
      data: { orderNumber: 'ORD-late', amount: { amount: 4999, currency: 'eur' } },
    },
    recipient: { id: 'cus_late', email: 'late@example.org' },
  }
  await world.app(timedOut)
  const told = await eventually(async () => {
    const bodies = shop.requests.map((request) => request.json())
    const types = bodies.map(({ type }) => String(type))
    return (
      ['notification.sent', 'schedule.failed_payments', 'payment.timed_out'].every((type) => types.includes(type)) &&
      bodies
    )
  })
  const schemaOf = (type: string) => {
    if (type === 'payment.timed_out') return 'PaymentTimedOutCallback'
    return type.startsWith('schedule.') ? 'ScheduleCallback' : 'NotificationCallback'
  }
  const late = told.find(({ type }) => type === 'payment.timed_out')
  expect(late).toMatchObject({ reference: 'ORD-late', recipient: { id: 'cus_late' }, data: timedOut.data })
  expect(api.faultsOf('PaymentTimedOutCallback', { ...late, data: {} }), 'its data is held to a schema').not.toEqual([])
  for (const body of told) expect(api.faultsOf(schemaOf(String(body.type)), body), String(body.type)).toEqual([])
})
