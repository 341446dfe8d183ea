// Large answers that nobody reads make no others wait for long, and take no more memory than they may.
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, expect, it } from 'vitest'
import { sendJson } from '../../src/http/answers/json-stream.ts'
import { roomForAnswers } from '../../src/http/answers/large-answers.ts'
import { answerProblems } from '../../src/http/problems/answer-problems.ts'
import { buildServer } from '../../src/http/server.ts'
import { startStage } from '../helper/stage.ts'
import { eventually } from '../helper/world.ts'

let server: FastifyInstance
afterEach(() => server.close())

async function listening(bytes: number): Promise<number> {
  const { take } = roomForAnswers(100)
  server.get('/', async (_request, reply) => {
    take(reply, bytes)
    return sendJson(reply, { text: 'x'.repeat(20_000_000) })
  })
  await server.listen({ host: '127.0.0.1', port: 0 })
  return (server.server.address() as AddressInfo).port
}

/** A client that asks, and reads nothing. */
async function unread(port: number) {
  const socket = connect(port, '127.0.0.1')
  socket.pause()
  await once(socket, 'connect')
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  return socket
}

it('one beyond the bound is 503 until another is read or given up', async () => {
  server = fastify()
  answerProblems(server, () => '')
  const port = await listening(60)
  const status = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}`)
    await answer.arrayBuffer()
    return answer.status
  }
  const socket = await unread(port)
  const refused = await eventually(async () => {
    const answer = await fetch(`http://127.0.0.1:${port}`)
    const text = await answer.text()
    return answer.status === 503 && { text, retryAfter: answer.headers.get('retry-after') }
  })
  expect(refused.text).toContain('Too many large answers are being read.')
  expect(Number(refused.retryAfter)).toBeGreaterThan(0)
  socket.destroy()
  await eventually(async () => (await status()) === 200)
  // Read to its end, it leaves its room to the next.
  expect(await status()).toBe(200)
})

it('a larger one than the bound is given when it is alone', async () => {
  server = fastify()
  const port = await listening(101)
  const answer = await fetch(`http://127.0.0.1:${port}`)
  expect(answer.status).toBe(200)
  expect((await answer.text()).length).toBeGreaterThan(20_000_000)
})

it('one that nobody reads is cut off after a while', async () => {
  const { ctx, stop } = await startStage({})
  const timeLimits = { headersMs: 30_000, requestMs: 60_000, silentMs: 200 }
  server = await buildServer({ ctx, api: null, trustProxy: false, graceMs: 1000, notReady: async () => [], timeLimits })
  const port = await listening(1)
  const connections = () =>
    new Promise<number>((resolve) => server.server.getConnections((_error, count) => resolve(count)))
  const socket = await unread(port)
  await eventually(async () => (await connections()) === 1)
  await eventually(async () => (await connections()) === 0)
  socket.destroy()
  await stop()
})

it('has two minutes of silence', async () => {
  const { ctx, stop } = await startStage({})
  server = await buildServer({ ctx, api: null, trustProxy: false, graceMs: 1000, notReady: async () => [] })
  expect(server.server.timeout).toBe(120_000)
  await stop()
})
