// Preferences over HTTP: what a backend or a person of support reads and changes for a recipient.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, keys, type Problem, startWorld, type World } from '../helper/world.ts'

interface Shown {
  product: { email: boolean; sms: boolean }
}

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const path = (recipientId: string) => `/v1/preferences/${encodeURIComponent(recipientId)}`
const read = (recipientId: string, key = keys.viewer) => world.get<Shown>(path(recipientId), key)

async function put<T = Shown>(recipientId: string, body: unknown, key = keys.operator): Promise<Answer<T>> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const answer = await fetch(world.url + path(recipientId), { method: 'PUT', headers, body: JSON.stringify(body) })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as T }
}

const both = { product: { email: true, sms: true } }

describe('preferences', () => {
  it('of somebody who said nothing, or whom nobody knows, are yes', async () => {
    expect(await read('cus_unknown')).toMatchObject({ status: 200, body: both })
    expect((await world.db.query('select from preferences')).rowCount, 'asking says nothing').toBe(0)
  })

  it('change where they are named, and are answered whole', async () => {
    const no = await put('cus_1', { product: { email: false, sms: true } })
    expect(no).toMatchObject({ status: 200, body: { product: { email: false, sms: true } } })
    expect((await put('cus_1', { product: { sms: false } })).body).toEqual({ product: { email: false, sms: false } })
    expect((await put('cus_1', { product: {} })).body).toEqual({ product: { email: false, sms: false } })
    expect((await put('cus_1', {})).body).toEqual({ product: { email: false, sms: false } })
    expect((await put('cus_1', { product: { email: true } })).body).toEqual({ product: { email: true, sms: false } })
    expect((await read('cus_1')).body).toEqual({ product: { email: true, sms: false } })
    expect((await read('cus_2')).body, 'are nobody else’s').toEqual(both)
  })

  it('keep who said it, and when', async () => {
    await put('cus_3', { product: { sms: false } })
    const { rows } = await world.db.query(`select * from preferences where subject = 'cus_3'`)
    expect(rows).toMatchObject([{ kind: 'id', channel: 'sms', allowed: false, said_by: 'operator key `operator`' }])
    expect(rows[0].said_at).toBeInstanceOf(Date)
  })

  it('are of any id that an event may have', async () => {
    for (const id of ['a/b c', 'ada@example.org', 'आदा?', '%2F', 'i'.repeat(200)]) {
      expect((await put(id, { product: { email: false } })).body.product.email, id).toBe(false)
      expect((await read(id)).body.product.email, id).toBe(false)
    }
    expect((await read('A/b c')).body, 'an id is exact').toEqual(both)
  })

  it('of an address are of whoever is written to there, under any id or none', async () => {
    const no = { product: { email: false, sms: true } }
    expect((await put('Bob@example.com', { product: { email: false } })).body).toEqual(no)
    expect((await read('bob@EXAMPLE.com')).body, 'an address is the same in capitals').toEqual(no)
    await put('+1 (415) 555-0123', { product: { sms: false } })
    expect((await read('+14155550123')).body).toEqual({ product: { email: true, sms: false } })
    const { rows } = await world.db.query(
      `select subject, channel, allowed from preferences where kind = 'address' and subject in ('bob@example.com', '+14155550123') order by subject`,
    )
    expect(rows).toEqual([
      { subject: '+14155550123', channel: 'sms', allowed: false },
      { subject: 'bob@example.com', channel: 'email', allowed: false },
    ])
    expect((await put('bob@example.com', { product: { email: true } })).body, 'said again').toEqual(both)
    expect((await read('Bob@example.com')).body.product.email, 'the last word counts').toBe(true)
  })

  it.each([
    ['none', '', 401, 401],
    ['a producer’s', keys.producer, 403, 403],
    ['a viewer’s', keys.viewer, 200, 403],
    ['an operator’s', keys.operator, 200, 200],
  ])('with %s key: reading is %#', async (_name, key, reads, writes) => {
    expect((await read('cus_4', key)).status).toBe(reads)
    expect((await put('cus_4', both, key)).status).toBe(writes)
  })

  it.each<[string, unknown, string[]]>([
    ['an unknown category', { marketing: { email: false } }, ['marketing']],
    ['an unknown channel', { product: { push: false } }, ['product.push']],
    ['a word for a boolean', { product: { email: 'no' } }, ['product.email']],
    ['null for a boolean', { product: { sms: null } }, ['product.sms']],
    ['a boolean for a category', { product: false }, ['product']],
    ['a list', [], ['body']],
    ['nothing at all', null, ['body']],
    ['several', { product: { email: 1, fax: true }, news: {} }, ['product.email', 'product.fax', 'news']],
  ])('refuse %s, at its path, and keep nothing', async (_name, body, paths) => {
    const answer = await put<Problem>('cus_5', body)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(answer.body.errors?.map((fault) => fault.path).sort()).toEqual(paths.sort())
    expect((await read('cus_5')).body).toEqual(both)
  })

  it.each([{ transactional: { email: false } }, { transactional: false, product: { email: false } }])(
    'say that transactional messages are always sent: %j',
    async (body) => {
      const answer = await put<Problem>('cus_6', body)
      expect(answer.status).toBe(400)
      expect(answer.body.errors).toEqual([
        { path: 'transactional', message: 'must not be set: transactional messages are always sent' },
      ])
      expect((await read('cus_6')).body).toEqual(both)
    },
  )

  it('of an id that no event may have are refused', async () => {
    for (const id of ['i'.repeat(201), 'two\nlines', 'nul\0'])
      expect((await read(id)).status, JSON.stringify(id)).toBe(400)
  })
})
