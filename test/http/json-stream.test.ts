// A JSON object that is read while it is sent: what a client gets, and what becomes of the reading when either side fails.
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, expect, it, vi } from 'vitest'
import { sendJson } from '../../src/http/answers/json-stream.ts'

let server: FastifyInstance
afterEach(() => server.close())

async function answerOf(fields: Record<string, unknown>): Promise<IncomingMessage> {
  server = fastify()
  server.get('/', async (_request, reply) => sendJson(reply, fields))
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  const [answer] = await once(get(url), 'response')
  return answer
}

async function* listOf(...rows: unknown[]) {
  yield* rows
}

const kibibyte = 'x'.repeat(1024)

/** Endless rows. `read` counts those that were taken, and `isOver` says that nobody will take another. */
function endless() {
  const seen = { read: 0, isOver: false }
  async function* rows() {
    try {
      for (;;) {
        seen.read++
        yield kibibyte
      }
    } finally {
      seen.isOver = true
    }
  }
  return { seen, rows: rows() }
}

it('is one document with its lists in their places', async () => {
  const answer = await answerOf({ a: 1, none: listOf(), 'two"': listOf({ b: 'é' }, null), rest: ['x'] })
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(await text(answer)).toBe('{"a":1,"none":[],"two\\"":[{"b":"é"},null],"rest":["x"]}')
})

it('is cut off where a list fails, so that nobody takes it for the whole', async () => {
  async function* failing() {
    yield kibibyte
    throw new Error('the database is away')
  }
  const answer = await answerOf({ list: failing(), after: 1 })
  await expect(text(answer)).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(answer.complete).toBe(false)
})

it('is read no faster than the client takes it, and no further once the client is gone', async () => {
  const { seen, rows } = endless()
  const answer = await answerOf({ list: rows })
  const stands = async () => {
    const before = seen.read
    for (let turn = 0; turn < 200; turn++) await nextTurn()
    return before > 0 && seen.read === before
  }
  // The buffers of both sides and of the system between them are full.
  await vi.waitFor(async () => expect(await stands()).toBe(true), { timeout: 10_000 })
  expect(seen.isOver).toBe(false)
  answer.destroy()
  await vi.waitFor(() => expect(seen.isOver).toBe(true), { timeout: 10_000 })
})
