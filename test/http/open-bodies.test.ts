// Which body is refused where too many bytes are open.
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { limitOpenBodies, pieceBytes } from '../../src/http/open-bodies.ts'
import { answerProblems } from '../../src/http/problems/answer-problems.ts'
import { eventually } from '../helper/world.ts'

// Two bodies of 80 bytes whose first 60 arrive in a piece: one has room, both have not.
const limits = { maxBytes: 2 * (60 + pieceBytes) - 1, slowAfterMs: Number.POSITIVE_INFINITY }
let server: FastifyInstance
const arrived: number[] = []

beforeAll(async () => {
  server = fastify()
  server.server.on('connection', (socket) => socket.on('data', (bytes) => arrived.push(bytes.length)))
  answerProblems(server, () => '')
  limitOpenBodies(server, limits)
  server.post('/', async () => ({ ok: true }))
  await server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  server.server.closeAllConnections()
  await server.close()
})

/** Posts a body of 80 bytes, of which the first 60 arrive. */
async function begin(): Promise<{ socket: Socket; heard(): string }> {
  const { port } = server.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes
  })
  socket.on('error', () => {})
  await once(socket, 'connect')
  const before = arrived.length
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 80\r\n\r\n')
  socket.write(`"${'x'.repeat(59)}`)
  await eventually(async () => arrived.length > before || text !== '')
  return { socket, heard: () => text }
}

it('the one that exceeds the bound is refused; once the other is slow, that one makes room', async () => {
  const first = await begin()
  const second = await begin()
  await eventually(async () => second.heard().startsWith('HTTP/1.1 503 '))
  expect(second.heard()).toMatch(/retry-after: 5[\s\S]*problem\+json/)
  limits.slowAfterMs = 0
  const third = await begin()
  await eventually(async () => first.heard().startsWith('HTTP/1.1 503 '))
  third.socket.write(`${'x'.repeat(19)}"`)
  await eventually(async () => third.heard().startsWith('HTTP/1.1 200 '))
})

it('in more small pieces than any client makes is refused, and the same bytes in larger pieces are not', async () => {
  limits.maxBytes = 128 * 1024 * 1024
  const bytes = 40_000
  const postedIn = async (size: number) => {
    const { port } = server.server.address() as AddressInfo
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    let heard = ''
    socket.on('data', (text) => {
      heard += text
    })
    const chunk = `${size.toString(16)}\r\n${' '.repeat(size)}\r\n`
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n')
    socket.write(`${chunk.repeat(bytes / size)}2\r\n{}\r\n0\r\n\r\n`)
    await eventually(async () => heard.includes('\r\n\r\n'))
    socket.destroy()
    return heard
  }
  expect(await postedIn(1)).toMatch(/^HTTP\/1.1 413 [\s\S]*small pieces/)
  expect(await postedIn(8)).toMatch(/^HTTP\/1.1 413 [\s\S]*small pieces/)
  expect(await postedIn(20)).toMatch(/^HTTP\/1.1 200 /)
})
