// Connections that would keep a server from closing: those on which no request was ever sent (load balancers and browsers
// open them ahead of need; Node calls them neither idle nor done), and those whose request does not come to its end. They
// are given a moment and then ended. server.ts asks.
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** A request that is on its way on one of them is still answered; a short grace shortens it. */
const lastRequestWithinMs = 1000
/** And one that is being sent may come to its end. */
const lastBodyWithinMs = 5000

export function endUnusedConnections(server: FastifyInstance, graceMs: number): void {
  const unused = new Set<Socket>()
  const unfinished = new Set<Socket>()
  let closing = false
  const requestWithinMs = Math.min(lastRequestWithinMs, graceMs / 4)
  const endSoon = (socket: Socket) => {
    setTimeout(() => {
      if (unused.has(socket)) socket.destroy()
    }, requestWithinMs).unref()
  }
  server.server.on('connection', (socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
    if (closing) endSoon(socket)
  })
  server.server.on('request', (request) => {
    const { socket } = request
    unused.delete(socket)
    unfinished.add(socket)
    for (const end of ['end', 'close']) request.once(end, () => unfinished.delete(socket))
  })
  server.addHook('preClose', async () => {
    closing = true
    for (const socket of unused) endSoon(socket)
    // An answer that was on its way when we began to close may have left its connection open.
    setTimeout(() => server.server.closeIdleConnections(), requestWithinMs).unref()
    setTimeout(
      () => {
        for (const socket of unfinished) socket.destroy()
      },
      Math.min(lastBodyWithinMs, graceMs / 4),
    ).unref()
  })
}
