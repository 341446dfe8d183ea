// Requests that no route sees, on bare connections: they are told what is wrong like any other.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../../src/http/listen.ts'
import { problemShape } from '../../src/http/problems/problem-shape.ts'
import { buildServer } from '../../src/http/server.ts'
import { shipped } from '../helper/events.ts'
import { startStage } from '../helper/stage.ts'
import { eventually, keys, startWorld, type World } from '../helper/world.ts'

async function connectionTo({ url }: { url: string }): Promise<{ socket: Socket; heard: () => string }> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes
  })
  socket.on('error', () => {})
  return { socket, heard: () => text }
}

describe('a problem is', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.stop())

  it.each([
    ['what is not HTTP', 'HELLO\r\n\r\n', 400, 'malformed_http'],
    ['an unknown method', 'BREW /v1/events HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'malformed_http'],
    [
      'a URL that is none',
      'GET /v1/events/%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
      400,
      'malformed_http',
    ],
    [
      'headers without end',
      `GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  ])('%s', async (_name, request, status, code) => {
    const { socket, heard } = await connectionTo(world)
    socket.end(request)
    await once(socket, 'close')
    const [head = '', body = ''] = heard().split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(head).toMatch(/content-type: application\/problem\+json/i)
    const problem = problemShape.parse(JSON.parse(body))
    expect(problem).toMatchObject({ status, code })
    expect(world.log.some((line) => line.includes(problem.requestId) && line.includes(code))).toBe(true)
  })
})

it('what was begun before a stop is answered, and its connection ended; what comes later is 503 with Retry-After', async () => {
  const world = await startWorld()
  const { socket, heard } = await connectionTo(world)
  const late = await connectionTo(world)
  const body = JSON.stringify(shipped())
  const head = [
    'POST /v1/events HTTP/1.1',
    'host: x',
    `authorization: Bearer ${keys.producer}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ].join('\r\n')
  socket.write(`${head}\r\nexpect: 100-continue\r\n\r\n`)
  await eventually(async () => heard().includes('100 Continue'))
  const stopped = world.stop()
  await eventually(async () => (await fetch(`${world.url}/healthz`).catch(() => null)) === null)
  late.socket.write(`${head}\r\n\r\n${body}`)
  socket.write(body)
  await Promise.all([once(socket, 'close'), once(late.socket, 'close')])
  expect(heard()).toContain('"status":"accepted"')
  expect(heard()).toMatch(/HTTP\/1\.1 200 [\s\S]*connection: close/)
  const [second = '', problem = ''] = late.heard().split('\r\n\r\n')
  expect(second).toMatch(/^HTTP\/1\.1 503 /)
  expect(second).toMatch(/content-type: application\/problem\+json/)
  expect(second).toMatch(/retry-after: \d/)
  expect(JSON.parse(problem)).toMatchObject({ status: 503, code: 'stopping' })
  await stopped
})

describe('requests sent ahead of their answers', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.stop())
  const ahead = (count: number) => 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(count)
  const last = 'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'
  const answers = (text: string) => text.split('HTTP/1.1 200 ').length - 1

  it('are answered in their order, if they are few, as often as they come', async () => {
    const { socket, heard } = await connectionTo(world)
    for (const answered of [10, 20, 30]) {
      socket.write(ahead(10))
      await eventually(async () => answers(heard()) === answered)
    }
    socket.write(last)
    await once(socket, 'close')
    expect(answers(heard())).toBe(31)
  })

  it('are not begun if they are many, and their connection is cut', async () => {
    const { socket, heard } = await connectionTo(world)
    socket.write(ahead(1000) + last)
    await once(socket, 'close')
    expect(answers(heard())).toBeLessThan(17)
    expect((await fetch(`${world.url}/healthz`)).status).toBe(200)
  })
})

describe('a sender that does not come to the end', () => {
  const body = `POST /x HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`
  it.each([
    ['of its headers', { headersMs: 50, requestMs: 600_000 }, 'GET /healthz HTTP/1.1\r\nhost: x\r\n'],
    ['of its body', { headersMs: 50, requestMs: 50 }, body],
  ])('%s is answered 408 and cut off', async (_name, timeLimits, attempted) => {
    const { ctx, stop } = await startStage({})
    const server = await buildServer({
      ctx,
      api: null,
      trustProxy: false,
      graceMs: 1000,
      notReady: async () => [],
      timeLimits,
    })
    server.post('/x', async () => ({}))
    const address = { host: '127.0.0.1', port: 0, portIsSet: true, roles: { api: false, worker: true } }
    const { socket, heard } = await connectionTo(await listen(server, address))
    socket.write(attempted)
    await once(socket, 'close')
    expect(heard()).toMatch(/^HTTP\/1.1 408 [\s\S]*application\/problem\+json[\s\S]*"request_too_slow"/)
    await server.close()
    await stop()
  })

  it('of a body that nobody wants is answered once', async () => {
    const { ctx, stop } = await startStage({})
    const timeLimits = { headersMs: 50, requestMs: 50 }
    const server = await buildServer({
      ctx,
      api: null,
      trustProxy: false,
      graceMs: 1000,
      notReady: async () => [],
      timeLimits,
    })
    const address = { host: '127.0.0.1', port: 0, portIsSet: true, roles: { api: false, worker: true } }
    const { socket, heard } = await connectionTo(await listen(server, address))
    socket.write(body)
    await once(socket, 'close')
    expect(heard()).toMatch(/^HTTP\/1.1 404 /)
    expect(heard().match(/HTTP\/1.1/g)).toHaveLength(1)
    await server.close()
    await stop()
  })

  it('has half a minute for its headers and a minute for it all', async () => {
    const { ctx, stop } = await startStage({})
    const server = await buildServer({ ctx, api: null, trustProxy: false, graceMs: 1000, notReady: async () => [] })
    expect(server.server).toMatchObject({ headersTimeout: 30_000, requestTimeout: 60_000 })
    await server.close()
    await stop()
  })
})
