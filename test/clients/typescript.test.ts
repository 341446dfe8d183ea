// The client in clients/typescript is the one of this document, and says what the service does.
import openapiTypes, { astToString } from 'posthorn-openapi-types'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Posthorn, posthorn, type Schemas } from '../../clients/typescript/index.ts'
import { keys, startWorld, type World } from '../helper/world.ts'

let world: World
let client: Posthorn
beforeAll(async () => {
  world = await startWorld()
  client = posthorn({ url: world.url, key: keys.operator })
})
afterAll(() => world.stop())

const head = '// Generated from the OpenAPI document by `npx vitest run test/clients -u`.\n'

it('is up to date with the document', async () => {
  const { body } = await world.get<string>('/openapi.json', '')
  const types = astToString(await openapiTypes(JSON.stringify(body), { defaultNonNullable: false }))
  await expect(head + types).toMatchFileSnapshot('../../clients/typescript/schema.ts')
})

it('posts an event and reads what became of it', async () => {
  const event: Schemas['OrderShippedEvent'] = {
    type: 'order.shipped',
    recipient: { email: 'grace@example.org' },
    data: { orderNumber: 'ORD-77', carrier: 'DHL', trackingNumber: 'JD1' },
  }
  const posting = { params: { header: { 'idempotency-key': 'once' } }, body: event }
  const first = await client.POST('/v1/events', posting)
  const again = await client.POST('/v1/events', posting)
  expect(first.data).toMatchObject({ duplicate: false, status: 'accepted' })
  expect(again.data).toMatchObject({ id: first.data?.id, duplicate: true })
  await world.event(first.data?.id ?? '')
  const query = { recipient: 'grace@example.org', limit: 1, reveal: true }
  const { data: list } = await client.GET('/v1/notifications', { params: { query } })
  const [notification] = list?.data ?? []
  expect(notification).toMatchObject({ to: 'grace@example.org', state: 'sent', reason: { code: 'sandbox' } })
  const path = { id: notification?.id ?? '' }
  const { data: audit } = await client.GET('/v1/notifications/{id}', {
    params: { path, query: { include: 'message' } },
  })
  expect(audit?.attempts).toHaveLength(1)
  expect(audit?.message?.subject).toContain('ORD-77')
})

it('knows the data of each type of event, and the codes of problems', async () => {
  const { error, response } = await client.POST('/v1/events', {
    // @ts-expect-error The carrier is missing.
    body: { type: 'order.shipped', recipient: { email: 'grace@example.org' }, data: { orderNumber: 'ORD-77' } },
  })
  expect(response.status).toBe(422)
  const code: Schemas['Problem']['code'] | undefined = error?.code
  expect(code).toBe('event_invalid')
  expect(error?.errors?.map(({ path }) => path)).toEqual(['data.carrier', 'data.trackingNumber'])
  // @ts-expect-error There is no such state.
  const wrong = await client.GET('/v1/notifications', { params: { query: { state: 'lost' } } })
  expect(wrong.error).toMatchObject({ code: 'invalid_request' })
})

it('sends a key of a role that may not as a problem', async () => {
  const viewer = posthorn({ url: world.url, key: keys.viewer })
  const { error } = await viewer.POST('/v1/cancellations', { body: { reference: 'ORD-77' } })
  expect(error?.code).toBe('role_not_allowed')
})
