// Writes a JSON object whose lists and long texts are read while they are sent, as fast as the client takes them, and in short
// turns of the event loop.
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { eventLoopYielder } from '../../clock.ts'

/** A text that is read piece by piece. */
export class TextInPieces {
  readonly pieces: AsyncIterable<string>
  constructor(pieces: AsyncIterable<string>) {
    this.pieces = pieces
  }
}

/** Characters. A longer text is written piece by piece. */
const pieceLength = 65_536

/**
 * Sends what an async list yields one by one, a long text piece by piece, and every other value at once. A fault of a list cuts
 * the connection.
 */
export function sendJson(reply: FastifyReply, fields: Record<string, unknown>): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(Readable.from(objectText(fields), { objectMode: false }))
}

async function* objectText(fields: object): AsyncGenerator<string> {
  let before = '{'
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    yield `${before}${JSON.stringify(name)}:`
    if (isLong(value)) yield* stringText([value])
    else if (value instanceof TextInPieces) yield* stringText(value.pieces)
    else if (isList(value)) yield* listText(value)
    else yield JSON.stringify(value)
    before = ','
  }
  yield before === '{' ? '{}' : '}'
}

async function* listText(list: AsyncIterable<unknown>): AsyncGenerator<string> {
  let before = '['
  for await (const one of list) {
    if (hasLongText(one)) {
      yield before
      yield* objectText(one)
    } else yield before + JSON.stringify(one)
    before = ','
  }
  yield before === '[' ? '[]' : ']'
}

/** One JSON string. A surrogate pair that is cut is written as two escapes, which a parser joins again. */
async function* stringText(texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  const yieldTurn = eventLoopYielder()
  yield '"'
  for await (const text of texts) {
    for (let at = 0; at < text.length; at += pieceLength) {
      yield JSON.stringify(text.slice(at, at + pieceLength)).slice(1, -1)
      await yieldTurn()
    }
  }
  yield '"'
}

function isList(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function isLong(value: unknown): value is string {
  return typeof value === 'string' && value.length > pieceLength
}

function hasLongText(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.values(value).some(isLong)
}
