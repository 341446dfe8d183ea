// Floods: wrong keys, unsigned reports, broken links, bodies that never end, junk. Whoever has a right is served all the while.
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeAccept } from '../../src/accept/accept.ts'
import { dashboardPages } from '../../src/dashboard/dashboard.ts'
import { listen } from '../../src/http/listen.ts'
import { buildServer } from '../../src/http/server.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import { shipped } from '../helper/events.ts'
import { signedApp } from '../helper/signed.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { eventually, keys, shopSecret, startWorld, testConfig, type World } from '../helper/world.ts'

const perMinute = 60
const resendSecret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`

async function statusesOf(
  count: number,
  ask: () => Promise<Response>,
): Promise<{ statuses: number[]; last: Response }> {
  const answers: Response[] = []
  for (let i = 0; i < count; i++) {
    const answer = await ask()
    await answer.text()
    answers.push(answer)
  }
  const [last] = answers.slice(-1)
  if (!last) throw new Error('nothing was asked')
  return { statuses: answers.map(({ status }) => status), last }
}

const head = (path: string, headers: Record<string, string>) =>
  [`POST ${path} HTTP/1.1`, ...Object.entries({ host: 'x', ...headers }).map((h) => h.join(': ')), '', ''].join('\r\n')

const firstThen429 = (status: number) => [...Array.from({ length: perMinute }, () => status), 429, 429]

describe('refused calls', () => {
  let world: World
  beforeAll(async () => {
    const env = { RESEND_API_KEY: 're_1', RESEND_WEBHOOK_SECRET: resendSecret, TRUST_PROXY: '1' }
    world = await startWorld({ env })
  })
  afterAll(() => world.stop())

  const linesOf = (text: string) => world.log.filter((line) => (JSON.parse(line) as { msg: string }).msg === text)

  it('with a wrong key are 429 after 60 in a minute, and a right key from the same address is served', async () => {
    const ask = (key: string) => fetch(`${world.url}/v1/notifications`, { headers: { authorization: `Bearer ${key}` } })
    const { statuses, last } = await statusesOf(perMinute + 2, () => ask('guessed'))
    expect(statuses).toEqual(firstThen429(401))
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(last.headers.get('content-type')).toContain('application/problem+json')
    expect((await ask(keys.viewer)).status).toBe(200)
    const { payload, headers } = signedApp(shipped(), { secret: shopSecret })
    const posted = { method: 'POST', body: payload, headers: { ...headers, authorization: `Bearer ${keys.producer}` } }
    expect((await fetch(`${world.url}/v1/events`, posted)).status).toBe(200)
    const elsewhere = { authorization: 'Bearer guessed', 'x-forwarded-for': '203.0.113.7' }
    expect((await fetch(`${world.url}/v1/events`, { headers: elsewhere })).status).toBe(401)
    expect(linesOf('API key refused').length, 'the log is not flooded either').toBe(10)
  })

  it('without a signature are 429 after 60 in a minute, and a signed report from the same address is taken', async () => {
    const unsigned = () => fetch(`${world.url}/receipts/resend`, { method: 'POST', body: '{}' })
    expect((await statusesOf(perMinute + 2, unsigned)).statuses).toEqual(firstThen429(401))
    const unknown = () => fetch(`${world.url}/receipts/${crypto.randomUUID()}`, { method: 'POST', body: '{}' })
    expect((await statusesOf(perMinute + 2, unknown)).statuses).toEqual(firstThen429(404))
    const { payload, headers } = signedApp({ type: 'email.sent', data: {} }, { secret: resendSecret, style: 'svix' })
    const signed = { method: 'POST', body: payload, headers }
    expect((await fetch(`${world.url}/receipts/resend`, signed)).status).toBe(200)
  })

  it('of broken links are 429 after 60 in a minute', async () => {
    const broken = () => fetch(`${world.url}/unsubscribe/nonsense`)
    expect((await statusesOf(perMinute + 2, broken)).statuses).toEqual(firstThen429(401))
  })

  it('of clients that have gone are not faults of ours', async () => {
    const chunked = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
    for (const path of ['/webhooks/apps/shop', '/receipts/resend', '/v1/events', '/unsubscribe/a']) {
      const { socket, closed } = await open(world.url)
      // The fault after the head ends the connection before the request is looked at.
      socket.write(`${head(path, chunked)}1;${'x'.repeat(20_000)}`)
      await closed
    }
    await world.get('/healthz', '')
    expect(world.log.filter((line) => (JSON.parse(line) as { level: string }).level === 'error')).toEqual([])
  })

  it('of one network of IPv6 are counted together', async () => {
    let host = 0
    const ask = () => {
      host += 1
      const headers = { 'x-forwarded-for': `2001:db8:0:1::${host.toString(16)}`, authorization: 'Bearer guessed' }
      return fetch(`${world.url}/v1/events`, { headers })
    }
    expect((await statusesOf(perMinute + 2, ask)).statuses).toEqual(firstThen429(401))
  })
})

interface Heard {
  socket: Socket
  heard(): string
  closed: Promise<unknown>
}

async function open(url: string): Promise<Heard> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const closed = once(socket, 'close').catch(() => {})
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes
  })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return { socket, heard: () => text, closed }
}

/** Resolves while what floods the service is still there. */
async function probeAnswers(url: string): Promise<void> {
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
}

describe('bodies', () => {
  const openBodyBytes = 4 * 1024 * 1024
  /** The codes of the problems that were answered; null where there was none. */
  const codes: (string | null)[] = []
  let stage: Stage
  let server: FastifyInstance
  let url: string
  beforeAll(async () => {
    stage = await startStage({})
    const config = testConfig({})
    server = await buildServer({
      ctx: stage.ctx,
      trustProxy: false,
      graceMs: 1000,
      notReady: async () => [],
      bodyLimits: { maxBytes: openBodyBytes, slowAfterMs: 5000 },
      api: {
        accept: makeAccept(stage.ctx),
        ratePerMinute: 6000,
        apiKeys: config.apiKeys ?? [],
        notifiers,
        dashboard: dashboardPages(stage.ctx),
        providers: config.providers,
        publicUrl: () => 'http://127.0.0.1',
      },
    })
    // The answer itself reaches nobody.
    server.addHook('onSend', async (_request, reply, payload) => {
      codes.push(reply.problemCode ?? null)
      return payload
    })
    url = (await listen(server, { host: '127.0.0.1', port: 0, portIsSet: true, roles: config.roles })).url
  })
  afterAll(async () => {
    await server.close()
    await stage.stop()
  })

  const event = (bytes: number, more: Record<string, string> = {}) =>
    head('/v1/events', {
      'content-type': 'application/json',
      'content-length': String(bytes),
      authorization: `Bearer ${keys.producer}`,
      ...more,
    })

  it('that never end, on 500 connections, are 503 beyond the bound, and the health probe answers', async () => {
    const half = Buffer.alloc(20_000, ' ')
    const opened = await Promise.all(Array.from({ length: 500 }, () => open(url)))
    for (const { socket } of opened) socket.write(event(1_000_000))
    for (const { socket } of opened) socket.write(half)
    const refused = () => opened.filter(({ heard }) => heard().startsWith('HTTP/1.1 503 '))
    await eventually(async () => refused().length * half.length >= 500 * half.length - openBodyBytes - half.length)
    await probeAnswers(url)
    const [one] = refused()
    expect(one?.heard()).toMatch(/retry-after: \d[\s\S]*problem\+json/)
    await one?.closed
    for (const { socket } of opened) socket.destroy()
    const body = JSON.stringify(shipped())
    const headers = { authorization: `Bearer ${keys.producer}`, 'content-type': 'application/json' }
    await eventually(async () => (await fetch(`${url}/v1/events`, { method: 'POST', headers, body })).status === 200)
  })

  it('whose clients have gone are not taken for a database that is away', async () => {
    const before = codes.length
    const { socket } = await open(url)
    socket.write(`${event(9)}{`)
    await new Promise((begun) => server.server.once('request', begun))
    socket.resetAndDestroy()
    await eventually(async () => codes.length > before)
    expect(codes.at(-1)).toBe('invalid_request')
  })

  it('are parsed in small pieces, between which others have their turn', async () => {
    const pieces: number[] = []
    const count = (request: IncomingMessage) => request.on('data', (bytes: Buffer) => pieces.push(bytes.length))
    server.server.prependListener('request', count)
    const body = JSON.stringify({ ...shipped(), data: { note: 'x'.repeat(100_000) } })
    const { socket, heard, closed } = await open(url)
    socket.write(`${event(body.length, { connection: 'close' })}${body}`)
    await closed
    server.server.off('request', count)
    expect(heard()).toMatch(/^HTTP\/1.1 \d/)
    expect(Math.max(...pieces)).toBeLessThanOrEqual(2048)
  })

  it('are not awaited where the head is refused: the answer arrives, and then the connection ends', async () => {
    const { socket, heard, closed } = await open(url)
    socket.write(event(8 * 1024 * 1024, { authorization: 'Bearer guessed' }))
    // A client that reads no answer before it has sent its body.
    socket.pause()
    await new Promise((sent) => socket.write(Buffer.alloc(8 * 1024 * 1024, ' '), sent))
    socket.resume()
    await closed
    expect(heard()).toMatch(/^HTTP\/1.1 401 [\s\S]*connection: close[\s\S]*"status":401/)
  })

  it.each([
    ['a wrong key', event(1000, { authorization: 'Bearer guessed' }), 401],
    ['an unknown app', head('/webhooks/apps/nobody', { 'content-length': '1000' }), 404],
    ['an unknown route', head('/nowhere', { 'content-length': '1000' }), 404],
    ['a body over the limit', event(11 * 1024 * 1024), 413],
  ])('that do not come after %s hold their connection for a few seconds at most', async (_why, request, status) => {
    const { socket, heard, closed } = await open(url)
    socket.write(request)
    await closed
    expect(heard()).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  it('are not asked for where the head is refused', async () => {
    const refused = await open(url)
    refused.socket.write(event(1000, { authorization: 'Bearer guessed', expect: '100-continue' }))
    await refused.closed
    expect(refused.heard()).toMatch(/^HTTP\/1.1 401 /)
    const wanted = await open(url)
    wanted.socket.write(event(1000, { expect: '100-continue' }))
    await eventually(async () => wanted.heard().startsWith('HTTP/1.1 100 Continue'))
    wanted.socket.destroy()
  })

  it('of junk, and junk in heads, cost nobody else anything', async () => {
    const junk = [
      '\0'.repeat(1000),
      'GET / HTTP/9.9\r\n\r\n',
      `POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n`,
      `POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n`,
      head('/v1/events', { authorization: `Bearer ${'x'.repeat(10_000)}`, 'content-length': '10' }),
      head('/webhooks/apps/shop', { 'webhook-id': 'é'.repeat(3000), 'transfer-encoding': 'chunked' }),
      head('/receipts/%00', { 'content-type': ';;;', 'x-forwarded-for': ','.repeat(10_000) }),
    ]
    const sockets = await Promise.all(Array.from({ length: 140 }, () => open(url)))
    for (const [i, { socket }] of sockets.entries()) socket.write(junk[i % junk.length] ?? '')
    await probeAnswers(url)
    for (const { socket } of sockets) socket.destroy()
  })
})

describe('a proxy', () => {
  const isAbout = (name: string) => (line: string) => (JSON.parse(line) as { msg: string }).msg.includes(name)

  it('that nobody trusts is logged once', async () => {
    const world = await startWorld()
    for (let i = 0; i < 3; i++) await fetch(`${world.url}/healthz`, { headers: { 'x-forwarded-for': '203.0.113.7' } })
    expect(world.log.filter(isAbout('TRUST_PROXY is off'))).toHaveLength(1)
    await world.stop()
  })

  it('that is anybody is warned about at the start, with a better value', async () => {
    const world = await startWorld({ env: { TRUST_PROXY: 'true' } })
    expect(world.log.filter(isAbout('TRUST_PROXY is true'))).toHaveLength(1)
    expect(world.log.find(isAbout('TRUST_PROXY is true'))).toContain('number of proxies')
    await world.stop()
  })
})
