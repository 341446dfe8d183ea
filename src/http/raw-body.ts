// Takes bodies as bytes, which are what is signed and stored, and hands large ones over in different turns of the event loop:
// those that arrive together would be parsed in one.
import type { FastifyRequest } from 'fastify'

/** How many bytes are handed over in one turn; a longer body has a turn of its own. */
const bytesPerTurn = 256 * 1024
const waiting: { bytes: number; begin(): void }[] = []
let used = 0
let isNextSet = false

/** A content type parser. */
export async function rawBody(_request: FastifyRequest, body: Buffer): Promise<Buffer> {
  await bodyTurn(body.length)
  return body
}

/** Resolves when a body of this many bytes may be parsed, in the order of the calls. */
export async function bodyTurn(bytes: number): Promise<void> {
  if (waiting.length === 0 && fits(bytes)) return take(bytes)
  await new Promise<void>((resolve) => waiting.push({ bytes, begin: resolve }))
}

function fits(bytes: number): boolean {
  return used === 0 || used + bytes <= bytesPerTurn
}

function take(bytes: number): void {
  used += bytes
  if (!isNextSet) setImmediate(nextTurn)
  isNextSet = true
}

function nextTurn(): void {
  used = 0
  isNextSet = false
  for (let first = waiting[0]; first && fits(first.bytes); first = waiting[0]) {
    waiting.shift()
    take(first.bytes)
    first.begin()
  }
}
