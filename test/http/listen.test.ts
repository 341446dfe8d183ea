// Which port a process takes.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { listen } from '../../src/http/listen.ts'

const host = '127.0.0.1'
const worker = { api: false, worker: true }
const both = { api: true, worker: true }

let taken: Server
let port: number
let server: FastifyInstance
beforeAll(async () => {
  taken = createServer().listen(0, host)
  await once(taken, 'listening')
  port = (taken.address() as AddressInfo).port
})
afterAll(() => taken.close())
beforeEach(() => {
  server = fastify()
})
afterEach(() => server.close())

it('a worker whose port was not set takes a free one where the default is in use, and links lead to the default', async () => {
  const { url, links } = await listen(server, { host, port, portIsSet: false, roles: worker })
  expect(links).toBe(`http://${host}:${port}`)
  expect(url).not.toBe(links)
  expect((await fetch(`${url}/nowhere`)).status).toBe(404)
})

it.each([
  ['a worker whose port was set', true, worker],
  ['a process with the API', false, both],
])('%s reports that its port is in use', async (_who, portIsSet, roles) => {
  await expect(listen(server, { host, port, portIsSet, roles })).rejects.toThrow(
    new RegExp(`^PORT ${port} cannot be listened on: .*; stop the process that has it, or set another PORT$`),
  )
})

it('a free port is listened on as it is, and links lead there', async () => {
  const { url, links } = await listen(server, { host, port: 0, portIsSet: false, roles: worker })
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(links).toBe(url)
})

// Other systems than Linux have one address of the loopback only.
it.runIf(process.platform === 'linux')(
  'a name of several addresses is listened on at each, by one HTTP server',
  async () => {
    const addresses = ['127.0.0.1', '127.0.0.2', '203.0.113.1']
    const address = { host: 'localhost', port: 0, portIsSet: true, roles: both }
    const { url } = await listen(server, address, async () => addresses)
    const connected: (string | undefined)[] = []
    server.server.on('connection', (socket) => connected.push(socket.localAddress))
    const { port } = new URL(url)
    expect(url).toBe(`http://localhost:${port}`)
    for (const one of addresses.slice(0, 2)) expect((await fetch(`http://${one}:${port}/nowhere`)).status).toBe(404)
    expect(connected, 'what holds for its connections holds for all').toEqual(addresses.slice(0, 2))
    await server.close()
    for (const one of addresses.slice(0, 2)) await expect(fetch(`http://${one}:${port}/nowhere`)).rejects.toThrow()
  },
)
