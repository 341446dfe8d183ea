// A request that is answered before its body has arrived, by a client that goes away.
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { continueLate } from '../../src/http/open-bodies.ts'
import { answerProblems } from '../../src/http/problems/answer-problems.ts'
import { problemError } from '../../src/http/problems/problem.ts'
import { endUnreadBodies } from '../../src/http/unread-bodies.ts'
import { eventually } from '../helper/world.ts'

let server: FastifyInstance
const done: string[] = []
const logged: string[] = []

beforeAll(async () => {
  server = fastify({ logger: { level: 'warn', stream: { write: (line: string) => void logged.push(line) } } })
  server.server.on('connection', (socket) => socket.once('close', () => done.push('closed')))
  answerProblems(server, () => '')
  endUnreadBodies(server)
  continueLate(server)
  const refuse = async (_request: unknown, reply: { code(status: number): { send(text: string): unknown } }) =>
    reply.code(401).send('refused')
  const throwing = async () => {
    throw problemError({ code: 'key_unknown', detail: 'refused' })
  }
  const checked = async () => void done.push('next check')
  for (const [url, check] of [
    ['/refused', refuse],
    ['/thrown', throwing],
  ] as const)
    server.route({
      method: ['GET', 'POST', 'DELETE'],
      url,
      onRequest: [check, checked],
      handler: async () => {
        done.push('handled')
        return 'done'
      },
    })
  await server.listen({ host: '127.0.0.1', port: 0 })
})
beforeEach(() => {
  done.length = 0
  logged.length = 0
})
afterAll(async () => {
  server.server.closeAllConnections()
  await server.close()
})

it.each(
  ['GET', 'POST', 'DELETE'].flatMap((method) =>
    ['/refused', '/thrown', '/nowhere'].flatMap((path) =>
      ['', 'expect: 100-continue\r\n'].map((more) => [method, path, more] as const),
    ),
  ),
)('%s %s %j is refused and nothing more, also once its client is gone', async (method, path, more) => {
  const { port } = server.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  let heard = ''
  socket.on('data', (bytes) => {
    heard += bytes
  })
  await once(socket, 'connect')
  socket.write(
    `${method} ${path} HTTP/1.1\r\nhost: x\r\n${more}content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n`,
  )
  await eventually(async () => /^HTTP\/1.1 40[14] /.test(heard))
  socket.resetAndDestroy()
  await eventually(async () => done.includes('closed'))
  await pause(20)
  expect({ done, logged }).toEqual({ done: ['closed'], logged: [] })
})
