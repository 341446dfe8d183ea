// Ids and addresses that many people share: one of them is exported or erased without the others.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../helper/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const call: World['call'] = (...asked) => world.call(...asked)

interface To {
  id: string
  email: string
}

async function written(recipients: To[]): Promise<string> {
  const data = { courseTitle: 'Botany', contentTitle: 'Mosses', url: 'https://learn.example.com/2' }
  const { body } = await call('POST', '/v1/events', { type: 'content.published', recipients, data })
  await world.event(body.id, ({ counts }) => Object.values(counts).reduce((sum, n) => sum + n, 0) >= recipients.length)
  await world.quiet()
  return body.id
}

const people = (id: string, count: number): To[] =>
  Array.from({ length: count }, (_, i) => ({ id, email: `${id}-${i}@many.example.org` }))

async function left(id: string): Promise<number> {
  const { rows } = await world.db.query<{ n: number }>(
    'select count(*)::integer as n from notifications where recipient_id = $1 and address is not null',
    [id],
  )
  return rows[0]?.n ?? 0
}

const exported = (key: string) => call('GET', `/v1/recipients/${encodeURIComponent(key)}/export`)
const erase = (key: string) => call('DELETE', `/v1/recipients/${encodeURIComponent(key)}`)

describe('an id that many share', () => {
  it('does not join their addresses to the one that is asked for, and the answer says so', async () => {
    const all = people('walk-in', 21)
    const eventId = await written(all)
    const asked = all[3]?.email ?? ''
    const { body } = await exported(asked)
    expect(body).toMatchObject({ ids: [], addresses: [asked], shared: ['walk-in'] })
    expect(body.notifications.map(({ to }: { to: string }) => to)).toEqual([asked])
    expect(JSON.stringify(body)).not.toContain('walk-in-4@')
    expect((await erase(asked)).body).toEqual({ notifications: 1, events: 1, reports: 0, shared: ['walk-in'] })
    expect(await left('walk-in')).toBe(20)
    const event = await world.event(eventId)
    expect(JSON.parse(event.body).recipients).toEqual(all.filter(({ email }) => email !== asked))
  })

  it('is itself what it names', async () => {
    await written(people('kiosk', 40))
    expect((await exported('kiosk')).body.addresses).toHaveLength(40)
    expect((await erase('kiosk')).body).toEqual({ notifications: 40, events: 1, reports: 0 })
    expect(await left('kiosk')).toBe(0)
  })

  it('of hundreds of addresses is erased too, and beyond the limit it is refused with the way out', async () => {
    await written(people('fair', 500))
    expect((await erase('fair')).body).toMatchObject({ notifications: 500 })
    await written(people('agency', 501))
    for (const answer of [await exported('agency'), await erase('agency')]) {
      expect(answer.status).toBe(409)
      expect(answer.body.detail).toMatch(/More than 500 addresses .* Name one of the addresses instead/)
    }
    expect(await left('agency')).toBe(501)
    expect((await erase('agency-7@many.example.org')).status).toBe(200)
    expect(await left('agency')).toBe(500)
  })
})

describe('an id with few addresses', () => {
  it('is one person, whichever of them is asked for', async () => {
    await written(people('moved', 20))
    const { body } = await exported('moved-5@many.example.org')
    expect(body).toMatchObject({ ids: ['moved'], addresses: { length: 20 } })
    expect(body).not.toHaveProperty('shared')
  })
})

describe('an address that many ids share', () => {
  const email = 'office@school.example.org'
  const pupils = Array.from({ length: 21 }, (_, i) => ({ id: `pupil-${i}`, email }))

  it('is not one person’s, and not that of each of the ids', async () => {
    await written(pupils)
    const refused = await erase(email)
    expect(refused).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('Name one of the ids instead') },
    })
    const { body } = await exported('pupil-2')
    expect(body).toMatchObject({ ids: ['pupil-2'], addresses: [], shared: [email], notifications: { length: 1 } })
    expect((await erase('pupil-2')).body).toEqual({ notifications: 1, events: 1, reports: 0, shared: [email] })
    expect([await left('pupil-2'), await left('pupil-3')]).toEqual([0, 1])
  })
})
