// Lists that a viewer reads are masked in many turns of the event loop: a row may hold texts that take long to search.
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { shipped } from '../helper/events.ts'
import { keys, startWorld, type World } from '../helper/world.ts'

const rows = 6
const costly = (i: number) => `%25252B44 =3D2525 ${i} ${'!y.example'.repeat(9)}`
const json = (key: string) => ({ 'content-type': 'application/json', authorization: `Bearer ${key}` })
const recipient = (i: number) => ({ id: costly(i), email: `mia${i}@y.example` })
let world: World
beforeAll(async () => {
  world = await startWorld()
  for (let i = 0; i < rows; i++) {
    const { body } = await world.app(shipped({ recipient: recipient(i), reference: costly(i) }))
    await world.event(body.id)
    await fetch(`${world.url}/v1/suppressions/email/mia${i}@y.example`, {
      method: 'PUT',
      headers: json(keys.operator),
      body: JSON.stringify({ reason: costly(i) }),
    })
  }
})
afterAll(() => world.stop())
afterEach(() => vi.restoreAllMocks())

/** How often others had their turn during the request, if every step takes longer than a turn may. */
async function turnsOf(path: string, key: string, body?: string): Promise<number> {
  let nowMs = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 20))
  const turns = vi.spyOn(globalThis, 'setImmediate')
  const answer = await fetch(world.url + path, { headers: json(key), ...(body && { method: 'POST', body }) })
  const text = await answer.text()
  const count = turns.mock.calls.length
  vi.restoreAllMocks()
  expect(answer.status, text).toBe(200)
  return count
}

const { recipient: _one, ...event } = shipped({ reference: costly(0) }) as Record<string, unknown>
const explained = JSON.stringify({ ...event, recipients: Array.from({ length: rows }, (_, i) => recipient(i)) })

it.each([
  ['/v1/notifications', undefined],
  ['/v1/events', undefined],
  ['/v1/suppressions', undefined],
  ['/v1/explain?source=shop', explained],
])('%s', async (path, body) => {
  const operators = await turnsOf(path, keys.operator, body)
  // A text like these has at least five views.
  expect(await turnsOf(path, keys.viewer, body)).toBeGreaterThan(operators + rows * 5)
})
