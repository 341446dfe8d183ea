// Bounds the memory of request bodies over all connections, from their first byte until they are answered.
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { overloaded } from './problems/problem.ts'

export interface BodyLimits {
  maxBytes: number
  /** A body that has been arriving for longer makes room for others. */
  slowAfterMs: number
}

const usualLimits: BodyLimits = { maxBytes: 128 * 1024 * 1024, slowAfterMs: 5000 }

interface OpenBody {
  stream: NodeJS.EventEmitter
  bytes: number
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
  const refuse = (body: OpenBody) => {
    body.isRefused = true
    release(body)
    // Fastify listens for errors of the body that it reads, and answers them.
    if (body.stream.listenerCount('error') > 0) body.stream.emit('error', overloaded())
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
    const body: OpenBody = { stream: payload, bytes: 0, since: performance.now(), isRefused: false }
    arriving.add(body)
    payload.on('data', (chunk: Buffer) => {
      if (body.isRefused) return
      body.bytes += chunk.length
      openBytes += chunk.length
      if (openBytes > limits.maxBytes) makeRoom(body)
    })
    payload.once('end', () => arriving.delete(body))
    reply.raw.once('close', () => release(body))
    done(null, payload)
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
