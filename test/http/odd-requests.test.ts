// What clients send that nobody would write on purpose, to every call that the API describes: what a client causes is never
// answered as our fault.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Document, type Documented, documented, type Operation } from '../helper/documented.ts'
import { keys, type Problem, startWorld, type World } from '../helper/world.ts'

interface Schema {
  $ref?: string
  anyOf?: Schema[]
  properties?: Record<string, Schema>
}

const json = 'application/json'

let world: World
let api: Documented
/** Those that take a key, but for events, which have tests of their own. */
let operations: Documented['operations']

beforeAll(async () => {
  world = await startWorld()
  api = documented((await world.get<Document>('/openapi.json', '')).body)
  operations = api.operations.filter(({ path, operationId }) => path.startsWith('/v1') && operationId !== 'postEvent')
})
afterAll(() => world.stop())

/** What is in a path where nothing odd is to be. */
const usual: Record<string, string> = {
  id: '0198c0de-0000-7000-8000-000000000000',
  name: 'order-shipped',
  locale: 'es',
  channel: 'email',
  address: 'ada@example.com',
  recipientId: 'cus_7',
  key: 'cus_7',
}

/** The path with what is usual in it, but for what is already as it goes over the wire. */
const filled = (path: string, odd: Record<string, string> = {}) =>
  path.replace(/\{(\w+)\}/g, (_all, name) => odd[name] ?? encodeURIComponent(usual[name] ?? ''))

const bodyOf = ({ requestBody }: Operation): Schema | undefined => {
  const schema: Schema | undefined = requestBody?.content?.[json]?.schema
  const named = schema?.$ref ?? schema?.anyOf?.find(({ $ref }) => $ref)?.$ref
  return api.document.components.schemas[named?.split('/').at(-1) ?? '']
}

function ask(method: string, path: string, body?: string, type = json): Promise<Response> {
  const headers = { authorization: `Bearer ${keys.operator}`, 'content-type': type }
  return fetch(world.url + path, { method, headers, ...(body !== undefined && { body }) })
}

/** How every fault of a field begins. */
const inOurWords = /^(must|is|has) /

async function call(...asked: Parameters<typeof ask>): Promise<number> {
  const answer = await ask(...asked)
  const text = await answer.text()
  if (answer.status === 400) {
    const { errors = [] } = JSON.parse(text) as Problem
    for (const { path, message } of errors) {
      expect(message, `${asked.slice(0, 2).join(' ')} ${path}`).toMatch(inOurWords)
      expect(path).not.toBe('')
    }
  }
  return answer.status
}

it.each([json, 'application/x-www-form-urlencoded', 'text/plain'])(
  'a body that is named %s and not there is missed only where one is needed',
  async (type) => {
    // What takes an event takes its bytes, which are JSON.
    const changing = operations.filter(
      ({ method, path }) => method !== 'GET' && (type === json || path !== '/v1/explain'),
    )
    expect(changing.length).toBeGreaterThan(10)
    for (const { method, path, requestBody } of changing) {
      const isNeeded = requestBody?.required === true
      const status = await call(method, filled(path), '', type)
      if (isNeeded) expect(status, `${method} ${path}`).toBe(400)
      else expect([200, 204, 404, 409], `${method} ${path}`).toContain(status)
    }
  },
)

it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
  'what is not JSON, such as %s, is refused as that',
  async (type) => {
    for (const { method, path } of operations.filter(({ method }) => method !== 'GET')) {
      const answer = await ask(method, filled(path), '{"reason":"a mistake","reference":"ORD-1"}', type)
      expect(answer.status, `${method} ${path}`).toBe(415)
      expect(await answer.json()).toMatchObject({ detail: 'The content type must be application/json.' })
    }
    expect(await call('POST', '/nowhere', 'a=b', type)).toBe(404)
  },
)

it.each([
  ['x'.repeat(201), 'must have at most 200 characters'],
  ['  ', 'must not be empty'],
  [7, 'must be a text'],
])('what is wrong with a reason is said: %j', async (reason, message) => {
  const answer = await ask('PUT', '/v1/suppressions/email/a@b.co', JSON.stringify({ reason }))
  expect(answer.status).toBe(400)
  expect((await answer.json()) as Problem).toMatchObject({ errors: [{ path: 'reason', message }] })
})

it('an address is taken off the list by a client that always names JSON', async () => {
  const path = '/v1/suppressions/email/a@b.co'
  expect(await call('PUT', path, '{"reason":"a mistake"}')).toBe(200)
  expect(await call('DELETE', path)).toBe(204)
  expect(await call('DELETE', path)).toBe(404)
})

it.each([
  ['GET', '/v1/notifications?recipient=%00'],
  ['GET', '/v1/notifications?reference=a%00'],
  ['GET', '/v1/notifications?notifier=%00'],
  ['GET', '/v1/notifications?provider=%00'],
  ['GET', '/v1/notifications?event_type=%00'],
  ['GET', '/v1/notifications?source=%00'],
  ['GET', '/v1/notifications?cursor=%00'],
  ['GET', `/v1/notifications?cursor=${Buffer.from(`2026-11-21\0 ${usual.id}`).toString('base64url')}`],
  ['GET', `/v1/notifications?cursor=${Buffer.from(`+275760-09-13 ${usual.id}`).toString('base64url')}`],
  ['GET', '/v1/events?type=%00'],
  ['GET', '/v1/events?source=%00'],
  ['GET', '/v1/events?reference=%00'],
  ['GET', '/v1/preferences/%00'],
  ['GET', '/v1/suppressions/email/%00'],
  ['GET', '/v1/suppressions/email/a%00@b.co'],
  ['POST', '/v1/cancellations', { reference: 'a\0' }],
  ['POST', '/v1/cancellations', { reference: 'a\ud800' }],
  ['POST', '/v1/cancellations', { notifier: '\0' }],
  ['POST', '/v1/settlements', { notifier: '\0', sent: true }],
  ['POST', '/v1/cancellations', { eventType: '\udc00a' }],
  ['POST', '/v1/replays', { since: '2026-11-01', until: '2026-11-02', type: 'a\0', dryRun: true }],
  ['POST', '/v1/replays', { since: '2026-11-01', until: '2026-11-02', source: '\ud800' }],
  ['PUT', '/v1/suppressions/email/a@b.co', { reason: 'a\0b' }],
  ['PUT', '/v1/suppressions/email/a@b.co', { reason: 'a\ud800b' }],
  ['PUT', '/v1/notifiers/order-shipped/copy/es', { messages: {}, revision: '\0' }],
])('what Postgres cannot keep is refused: %s %s %j', async (method, path, body?: object) => {
  expect(await call(method, path, body && JSON.stringify(body))).toBe(400)
})

it.each([
  ['GET', '/v1/notifications/%00'],
  ['POST', '/v1/notifications/%00/retry'],
  ['GET', '/v1/events/%00'],
  ['POST', '/v1/events/%00/replay'],
  ['GET', '/v1/replays/%00'],
  ['GET', '/v1/notifiers/%00/preview'],
  ['GET', '/v1/notifiers/%00/copy/es'],
  ['POST', '/v1/notifiers/%00/copy/es/publish'],
  ['POST', '/v1/providers/%00/pause'],
  ['POST', '/v1/schedules/%00/run'],
])('nothing is called by what is no name: %s %s', async (method, path) => {
  expect(await call(method, path)).toBe(404)
})

/** Each value behind what names it in a title. */
const titled = <T>(values: T[]) => values.map((value) => [JSON.stringify(value).slice(0, 20), value] as const)

const odd = [
  '%00',
  'a%00',
  '%ED%A0%80',
  '%FF',
  '+',
  '-1',
  '1e999',
  '+275760-09-13',
  '0000-01-01',
  '9999-12-31T23:59:59-12:00',
]

it.each(titled([...odd, 'x'.repeat(10_000)]))(
  'what is odd in a path or a query is not our fault: %s',
  async (_, value) => {
    for (const { method, path, parameters = [] } of operations)
      for (const { in: place, name } of parameters) {
        const asked = place === 'path' ? filled(path, { [name]: value }) : `${filled(path)}?${name}=${value}`
        expect(await call(method, asked), `${method} ${asked.slice(0, 100)}`).toBeLessThan(500)
      }
  },
)

const odds = [
  '\0',
  'a\ud800',
  '',
  'x'.repeat(10_000),
  -1,
  1.5,
  1e300,
  2 ** 53,
  true,
  null,
  [],
  {},
  [[[]]],
  '0000-01-01',
  '9999-12-31T23:59:59-12:00',
]

it.each(titled(odds))('what is odd in a body is not our fault: %s', async (_, value) => {
  const right = { since: '2026-11-01', until: '2026-11-02', reason: 'a mistake', messages: {}, sent: true }
  for (const { method, path, ...operation } of operations) {
    const { properties = {} } = bodyOf(operation) ?? {}
    const known = Object.fromEntries(Object.entries(right).filter(([name]) => name in properties))
    const bodies = Object.keys(properties).map((name) => ({ ...known, [name]: value }))
    for (const body of operation.requestBody ? [value, { odd: value }, ...bodies] : [])
      expect(
        await call(method, filled(path), JSON.stringify(body)),
        `${method} ${path} ${JSON.stringify(body).slice(0, 100)}`,
      ).toBeLessThan(500)
  }
})
