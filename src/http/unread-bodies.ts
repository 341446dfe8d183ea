// Ends the connection of a request that is answered before its body has arrived, and first discards the rest for a short
// time, as many clients do not see the answer when a connection resets.
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { mebibyte } from '../wire/sizes.ts'
import { hasBody, isInSmallPieces } from './open-bodies.ts'

/** More than any body that is accepted. */
const maxDiscardedBytes = 16 * mebibyte
const discardForMs = 2000

const answered = new WeakSet<object>()

/** Whether the request at hand on this connection has its answer, although its body has not arrived. */
export function isAnswered(socket: object): boolean {
  return answered.has(socket)
}

export function endUnreadBodies(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (request.raw.complete || request.raw.readableEnded || !hasBody(request)) return payload
    reply.header('connection', 'close')
    answered.add(request.raw.socket)
    // Cut before its end, the response does not count as sent: the hooks after the one that refused, and the route's handler,
    // would run.
    reply.raw.prependOnceListener('close', () => reply.hijack())
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload
    const bytes = Buffer.from(payload)
    reply.header('content-length', bytes.length)
    return Readable.from(thenDiscard(bytes, request.raw))
  })
}

/** The whole answer is sent at once; what ends late is the response, and so the connection. */
async function* thenDiscard(answer: Buffer, request: IncomingMessage): AsyncGenerator<Buffer> {
  yield answer
  await new Promise<void>((resolve) => {
    let bytes = 0
    let pieces = 0
    const timer = setTimeout(resolve, discardForMs)
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      pieces += 1
      if (bytes > maxDiscardedBytes || isInSmallPieces(bytes, pieces)) resolve()
    })
    for (const end of ['end', 'close'] as const)
      request.once(end, () => {
        clearTimeout(timer)
        resolve()
      })
    request.resume()
  })
}
