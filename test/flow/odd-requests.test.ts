// What clients send that nobody would write on purpose, to every call that the API describes: what a client causes is never
// answered as our fault.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keys, startWorld, type World } from '../helper/world.ts'

interface Schema {
  type?: string
  anyOf?: Schema[]
}
interface Operation {
  requestBody?: { content: { 'application/json': { schema: Schema } } }
}

let world: World
let operations: { method: string; path: string; operation: Operation }[]

beforeAll(async () => {
  world = await startWorld()
  const { body } = await world.get<{ paths: Record<string, Record<string, Operation>> }>('/openapi.json', '')
  operations = Object.entries(body.paths).flatMap(([path, of]) =>
    Object.entries(of).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
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
}

const filled = (path: string) => path.replace(/\{(\w+)\}/g, (_all, name) => encodeURIComponent(usual[name] ?? ''))

async function call(method: string, path: string, body?: string): Promise<number> {
  const headers = { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' }
  const answer = await fetch(world.url + path, { method, headers, ...(body !== undefined && { body }) })
  await answer.text()
  return answer.status
}

it('a body that is named and not there is missed only where one is needed', async () => {
  const changing = operations.filter(({ method }) => method !== 'GET')
  expect(changing.length).toBeGreaterThan(10)
  for (const { method, path, operation } of changing) {
    const schema = operation.requestBody?.content['application/json'].schema
    const isNeeded = schema !== undefined && !schema.anyOf?.some(({ type }) => type === 'null')
    const status = await call(method, filled(path))
    if (isNeeded) expect(status, `${method} ${path}`).toBe(400)
    else expect([200, 204, 404, 409], `${method} ${path}`).toContain(status)
  }
})

it('an address is taken off the list by a client that always names JSON', async () => {
  const path = '/v1/suppressions/email/a@b.co'
  expect(await call('PUT', path, '{"reason":"a mistake"}')).toBe(200)
  expect(await call('DELETE', path)).toBe(204)
  expect(await call('DELETE', path)).toBe(404)
})
