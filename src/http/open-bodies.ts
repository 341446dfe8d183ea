// Bounds the memory of request bodies over all connections, from their first byte until they are answered.
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { mebibyte } from '../wire/sizes.ts'
import { overloaded, problemError } from './problems/problem.ts'

export interface BodyLimits {
  maxBytes: number
  /** A body that has been arriving for longer makes room for others. */
  slowAfterMs: number
}

const usualLimits: BodyLimits = { maxBytes: 128 * mebibyte, slowAfterMs: 5000 }

/** Each piece of a body takes this much memory besides its bytes, so that a byte in a chunk of its own costs more than a byte. */
export const pieceBytes = 256
/** No real client sends this many tiny chunks; reading on would block the process. */
const tooSmall = [
  { pieces: 2048, bytes: 16 },
  { pieces: 16_384, bytes: 64 },
]

interface OpenBody {
  stream: NodeJS.EventEmitter
  /** Its memory: that of the bytes and of the pieces. */
  bytes: number
  pieces: number
  since: number
  isRefused: boolean
}

/** Refuses with 503 the body that has been arriving for longest, if that is long; else the one that exceeds the bound. */
export function limitOpenBodies(server: FastifyInstance, limits = usualLimits): void {
  let openBytes = 0
  /** Those that are arriving, the oldest first. */
  const arriving = new Set<OpenBody>()

  const release = (body: OpenBody) => {
    arriving.delete(body)
    openBytes -= body.bytes
    body.bytes = 0
  }
  const refuse = (body: OpenBody, error = overloaded()) => {
    body.isRefused = true
    release(body)
    // Fastify listens for errors of the body that it reads, and answers them.
    if (body.stream.listenerCount('error') > 0) body.stream.emit('error', error)
  }
  const makeRoom = (newest: OpenBody) => {
    const slowSince = performance.now() - limits.slowAfterMs
    for (const body of arriving) {
      if (openBytes <= limits.maxBytes) return
      if (body.since < slowSince) refuse(body)
    }
    if (openBytes > limits.maxBytes && !newest.isRefused) refuse(newest)
  }

  // Not async: between the first listener for data and that of Fastify, no data may arrive.
  server.addHook('preParsing', (request, reply, payload, done) => {
    if (!hasBody(request)) return done(null, payload)
    const body: OpenBody = { stream: payload, bytes: 0, pieces: 0, since: performance.now(), isRefused: false }
    arriving.add(body)
    payload.on('data', (chunk: Buffer) => {
      if (body.isRefused) return
      const bytes = chunk.length + pieceBytes
      body.pieces += 1
      body.bytes += bytes
      openBytes += bytes
      if (isInSmallPieces(body.bytes - body.pieces * pieceBytes, body.pieces)) return refuse(body, inSmallPieces())
      if (openBytes > limits.maxBytes) makeRoom(body)
    })
    payload.once('end', () => arriving.delete(body))
    reply.raw.once('close', () => release(body))
    done(null, payload)
  })
}

export function isInSmallPieces(bytes: number, pieces: number): boolean {
  return tooSmall.some((least) => pieces > least.pieces && bytes < pieces * least.bytes)
}

function inSmallPieces(): Error {
  return problemError({
    code: 'body_too_large',
    detail: 'The body comes in too many small pieces. Send it in larger ones.',
  })
}

/** Asks for the body only once it is to be read: a client that waits for `100 Continue` need not send one in vain. */
export function continueLate(server: FastifyInstance): void {
  const waiting = new WeakSet<IncomingMessage>()
  server.server.on('checkContinue', (request, response) => {
    waiting.add(request)
    server.server.emit('request', request, response)
  })
  server.addHook('preParsing', (request, reply, payload, done) => {
    if (waiting.has(request.raw)) reply.raw.writeContinue()
    done(null, payload)
  })
}

export function hasBody({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
