// What people steer over HTTP: providers and their pauses, and the list of addresses that are not sent to.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shipped } from '../helper/events.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { type Answer, keys, type Problem, startWorld, type World } from '../helper/world.ts'

interface Shown {
  name: string
  channel: string
  position: number
  circuit: string
  calls: { good: number; bad: number; other: number }
  changes: { at: string; what: string; by: string }[]
}
interface Entry {
  channel: string
  address: string
  reason: string
  source: string
  createdAt: string
}
interface List<T> {
  data: T[]
  nextCursor: string | null
}

let resend: Vendor
let world: World

beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  world = await startWorld({
    env: {
      RESEND_API_KEY: 're_of_tests',
      RESEND_BASE_URL: resend.url,
      RESEND_RATE: '25',
      SENDGRID_API_KEY: 'SG.of-tests',
      SENDGRID_BASE_URL: 'http://127.0.0.1:9',
      SMS_PROVIDERS: 'sandbox',
    },
  })
})
afterAll(async () => {
  await world.stop()
  await resend.close()
})

async function call<T>(method: string, path: string, body?: object, key = keys.operator): Promise<Answer<T>> {
  const answer = await fetch(world.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: (text ? JSON.parse(text) : null) as T }
}

describe('providers', () => {
  it('are shown in the order of their routes, with what they did', async () => {
    await world.event((await world.app(shipped())).body.id)
    let body: List<Shown> = { data: [], nextCursor: null }
    while (body.data[0]?.calls.good !== 1)
      body = (await call<List<Shown>>('GET', '/v1/providers', undefined, keys.viewer)).body
    expect(body.nextCursor).toBeNull()
    expect(body.data.map((p) => `${p.channel} ${p.position} ${p.name}`)).toEqual([
      'email 1 resend',
      'email 2 sendgrid',
      'sms 1 sandbox',
    ])
    expect(body.data[0]).toEqual({
      name: 'resend',
      channel: 'email',
      position: 1,
      circuit: 'closed',
      why: null,
      paused: null,
      rate: 25,
      calls: { good: 1, bad: 0, other: 0 },
      successRate: 1,
      latencyMs: expect.any(Number),
      nextProbeAt: null,
      changes: [],
    })
    expect(body.data[1]).toMatchObject({ rate: 50, successRate: null, latencyMs: null })
    expect(body.data[2]).toMatchObject({ rate: null })
  })

  it('show an open circuit, why, and its probe', async () => {
    await world.db.query(
      `update provider_health set circuit = 'open', cause = '{"kind": "account_refused"}', next_probe_at = now() + interval '1 hour' where provider = 'sendgrid'`,
    )
    const shown = async () => (await call<List<Shown>>('GET', '/v1/providers')).body.data[1]
    expect(await shown()).toMatchObject({
      circuit: 'open',
      why: expect.stringContaining('refuses our account'),
      nextProbeAt: expect.any(String),
    })
    await world.db.query(`update provider_health set probed_at = now() where provider = 'sendgrid'`)
    expect(await shown()).toMatchObject({ circuit: 'half-open' })
  })

  it('are paused and resumed by an operator, once each, with their name on record', async () => {
    const paused = await call<Shown>('POST', '/v1/providers/sendgrid/pause')
    expect(paused.status).toBe(200)
    const by = 'operator key `operator`'
    expect(paused.body).toMatchObject({ name: 'sendgrid', paused: { at: expect.any(String), by }, nextProbeAt: null })
    const again = await call<Problem>('POST', '/v1/providers/sendgrid/pause', {})
    expect(again).toMatchObject({ status: 409, body: { status: 409, detail: 'The provider is already paused.' } })
    const resumed = await call<Shown>('POST', '/v1/providers/sendgrid/resume')
    expect(resumed.body).toMatchObject({ paused: null, circuit: 'half-open' })
    expect(resumed.body.changes).toMatchObject([
      { what: 'resumed', by },
      { what: 'paused', by },
    ])
    expect((await call('POST', '/v1/providers/sendgrid/resume')).status).toBe(409)
    await expect(world.db.query('delete from provider_changes')).rejects.toThrow(/append-only/)
  })

  it('of no route are 404, and a viewer may only look', async () => {
    expect((await call('POST', '/v1/providers/twilio/pause')).status).toBe(404)
    expect((await call('POST', '/v1/providers/resend/pause', undefined, keys.viewer)).status).toBe(403)
    expect((await call('GET', '/v1/providers', undefined, keys.producer)).status).toBe(403)
  })
})

describe('suppressions', () => {
  const path = (channel: string, address: string) => `/v1/suppressions/${channel}/${encodeURIComponent(address)}`

  it('put by a person stop what is planned for that address, however it is written', async () => {
    const put = await call<Entry>('PUT', path('email', 'Stop.Me@Example.org'), { reason: 'asked on the phone' })
    expect(put).toMatchObject({
      status: 200,
      body: {
        channel: 'email',
        address: 'stop.me@example.org',
        reason: 'asked on the phone',
        source: 'operator',
        createdAt: expect.any(String),
      },
    })
    const event = await world.event((await world.app(shipped({ recipient: { email: 'STOP.me@example.org' } }))).body.id)
    expect(event.notifications.find((n) => n.channel === 'email')).toMatchObject({
      state: 'suppressed',
      reason: { code: 'suppressed_address', text: expect.stringContaining('asked on the phone') },
    })
    await call('PUT', path('email', 'stop.me@example.org'), { reason: 'and again' })
    expect((await call<Entry>('GET', path('email', 'STOP.ME@example.org'))).body.reason).toBe('and again')
    expect(await call('DELETE', path('email', 'Stop.me@example.org'))).toMatchObject({ status: 204, body: null })
    expect((await call('DELETE', path('email', 'stop.me@example.org'))).status).toBe(404)
    const freed = await world.event((await world.app(shipped({ recipient: { email: 'stop.me@example.org' } }))).body.id)
    expect(freed.counts).toMatchObject({ sent: 1 })
  })

  it('of phone numbers are kept as E.164', async () => {
    const { body } = await call<Entry>('PUT', path('sms', '+1 (415) 555-0199'), { reason: 'wrong number' })
    expect(body.address).toBe('+14155550199')
    expect((await call('GET', path('sms', '+14155550199'))).status).toBe(200)
    expect((await call('GET', path('email', 'nobody@example.org'))).status).toBe(404)
  })

  it('come newest first, a page at a time, without an address in the cursor', async () => {
    for (let i = 0; i < 5; i++) await call('PUT', path('email', `page-${i}@example.org`), { reason: `number ${i}` })
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await call<List<Entry>>('GET', `/v1/suppressions?limit=2${cursor}`)
      seen.push(...body.data.map((entry) => entry.address))
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : ''
      expect(Buffer.from(body.nextCursor ?? '', 'base64url').toString()).not.toContain('@')
    } while (cursor)
    expect(seen.slice(0, 5)).toEqual([4, 3, 2, 1, 0].map((i) => `page-${i}@example.org`))
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('are masked for a viewer, who may ask to see them, which is recorded, and may not change them', async () => {
    const masked = await call<List<Entry>>('GET', '/v1/suppressions', undefined, keys.viewer)
    expect(masked.body.data.every((entry) => entry.address.includes('***'))).toBe(true)
    const shown = await call<List<Entry>>('GET', '/v1/suppressions?reveal=true', undefined, keys.viewer)
    expect(shown.body.data[0]?.address).toBe('page-4@example.org')
    const { rows } = await world.db.query('select key_name, subject from access_log')
    expect(rows).toEqual([{ key_name: 'viewer', subject: 'suppressions' }])
    for (const [method, body] of [
      ['PUT', { reason: 'x' }],
      ['DELETE', undefined],
    ] as const)
      expect((await call(method, path('email', 'page-4@example.org'), body, keys.viewer)).status).toBe(403)
  })

  it.each([
    ['email', 'not-an-address', { reason: 'x' }],
    ['sms', '12345', { reason: 'x' }],
    ['fax', 'a@example.org', { reason: 'x' }],
    ['email', 'a@example.org', { reason: '' }],
    ['email', 'a@example.org', { reason: 'x'.repeat(201) }],
    ['email', 'a@example.org', {}],
    ['email', 'a@example.org', { reason: 'x', more: 1 }],
  ])('refuse %s %s with %j', async (channel, address, body) => {
    const answer = await call<Problem>('PUT', path(channel, address), body)
    expect(answer.status).toBe(400)
    expect(answer.body.errors?.length).toBeGreaterThan(0)
  })
})
