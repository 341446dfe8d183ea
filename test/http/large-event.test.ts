// An event with a large body is shown piece by piece, so that one that is full of addresses holds up nobody.
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { shipped } from '../helper/events.ts'
import { keys, startWorld, type World } from '../helper/world.ts'

interface Shown {
  body: string
  bodyIsCut?: boolean
  notifications: { channel: string; to: string }[]
}

const json = { 'content-type': 'application/json', authorization: `Bearer ${keys.producer}` }
const note = (address: string) => `${`${address} `.repeat(60_000)}😀"\n`
let world: World
let id: string
const event = shipped({ data: { ...(shipped().data as object), note: note('bob@else.example') } })
beforeAll(async () => {
  world = await startWorld()
  const { body } = await world.send('/v1/events', JSON.stringify(event), json)
  id = (body as { id: string }).id
  await world.event(id)
})
afterAll(() => world.stop())
afterEach(() => vi.restoreAllMocks())

const emailOf = ({ notifications }: Shown) => notifications.find(({ channel }) => channel === 'email')?.to
const shown = (key: string, query = '') => world.get<Shown>(`/v1/events/${id}${query}`, key)

it('is whole for an operator', async () => {
  const { body } = await shown(keys.operator)
  expect(body.body === JSON.stringify(event)).toBe(true)
  expect(emailOf(body)).toBe('grace@example.org')
})

it('has every address masked for a viewer, unless it is revealed', async () => {
  const { body } = await shown(keys.viewer)
  expect(JSON.parse(body.body).data.note === note('b***@else.example')).toBe(true)
  expect(JSON.parse(body.body).recipient.email).toBe('g***@example.org')
  expect(emailOf(body)).toBe('g***@example.org')
  expect((await shown(keys.viewer, '?reveal=true')).body.body === JSON.stringify(event)).toBe(true)
})

it.each(['operator', 'viewer'] as const)('is never written as one text to the %s', async (role) => {
  const { stringify } = JSON
  const lengths: number[] = []
  vi.spyOn(JSON, 'stringify').mockImplementation((value, ...others: unknown[]) => {
    const text = stringify(value, ...(others as []))
    lengths.push(text?.length ?? 0)
    return text
  })
  expect((await shown(keys[role])).status).toBe(200)
  expect(lengths.length).toBeGreaterThan(10)
  expect(Math.max(...lengths)).toBeLessThan(100_000)
})

it('is cut on demand, and no address is shown where it is cut', async () => {
  const masked = (await shown(keys.viewer)).body.body
  const at = masked.indexOf('b***@else.example')
  for (const limit of [at + 1, at + 3, at + 10, 40_000]) {
    const { body } = await shown(keys.viewer, `?bodyLimit=${limit}`)
    expect(body.body === masked.slice(0, limit)).toBe(true)
    expect(body.bodyIsCut).toBe(true)
  }
  expect((await shown(keys.operator, '?bodyLimit=100')).body.body).toBe(JSON.stringify(event).slice(0, 100))
  const { body } = await shown(keys.operator, '?bodyLimit=10000000')
  expect(body.body === JSON.stringify(event)).toBe(true)
  expect(body.bodyIsCut).toBeUndefined()
  expect((await shown(keys.operator, '?bodyLimit=0')).status).toBe(400)
})
