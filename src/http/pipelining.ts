// Bounds the requests that a connection has sent ahead of their answers. All that arrive together begin in one turn of the event
// loop, and each answer is held until its client reads it.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Browsers, proxies and vendors wait for each answer. */
const mostUnanswered = 16

type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** Cuts a connection with more. Call it first: it stands before Fastify, which spends time on each request. */
export function limitPipelining({ server }: FastifyInstance): void {
  const unanswered = new WeakMap<Socket, number>()
  const count = (socket: Socket, more: number) => {
    const now = (unanswered.get(socket) ?? 0) + more
    unanswered.set(socket, now)
    return now
  }
  const [handle] = server.listeners('request') as Handle[]
  if (!handle) throw new Error('the HTTP server has no handler')
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    const { socket } = request
    // What had arrived with the others is still parsed.
    if (socket.destroyed) return
    if (count(socket, 1) > mostUnanswered) return void socket.destroy()
    response.once('close', () => count(socket, -1))
    handle(request, response)
  })
}
