// Writes a JSON object whose lists are read while they are sent, as fast as the client takes them.
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** Sends what an async list yields one by one, and every other value at once. A fault of a list cuts the connection. */
export function sendJson(reply: FastifyReply, fields: Record<string, unknown>): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(Readable.from(textOf(fields), { objectMode: false }))
}

async function* textOf(fields: Record<string, unknown>): AsyncGenerator<string> {
  let before = '{'
  for (const [name, value] of Object.entries(fields)) {
    yield `${before}${JSON.stringify(name)}:`
    if (isList(value)) yield* listText(value)
    else yield JSON.stringify(value)
    before = ','
  }
  yield '}'
}

async function* listText(list: AsyncIterable<unknown>): AsyncGenerator<string> {
  let before = '['
  for await (const one of list) {
    yield before + JSON.stringify(one)
    before = ','
  }
  yield before === '[' ? '[]' : ']'
}

function isList(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
