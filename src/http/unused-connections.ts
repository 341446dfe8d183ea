// Connections on which no request was ever sent: load balancers and browsers open them ahead of need. A server that closes
// waits for them (Node calls them neither idle nor done), so they are given a moment and then ended. server.ts asks.
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** A request that is on its way on one of them is still answered. */
const lastRequestWithinMs = 1000

export function endUnusedConnections(server: FastifyInstance): void {
  const unused = new Set<Socket>()
  let closing = false
  const endSoon = (socket: Socket) => {
    setTimeout(() => {
      if (unused.has(socket)) socket.destroy()
    }, lastRequestWithinMs).unref()
  }
  server.server.on('connection', (socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
    if (closing) endSoon(socket)
  })
  server.server.on('request', ({ socket }) => unused.delete(socket))
  server.addHook('preClose', async () => {
    closing = true
    for (const socket of unused) endSoon(socket)
    // An answer that was on its way when we began to close may have left its connection open.
    setTimeout(() => server.server.closeIdleConnections(), lastRequestWithinMs).unref()
  })
}
