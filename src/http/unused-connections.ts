// Closes, soon after shutdown begins, the connections that would hold it up: those without a request (load balancers and
// browsers open them ahead of need, and Node does not count them as idle) and those whose request is never completed.
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** A request that is about to arrive on one is still answered. A short grace period shortens this. */
const lastRequestWithinMs = 1000
/** A request that is being sent may complete within this time. */
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
    socket.once('close', () => {
      unused.delete(socket)
      // A request that was answered before its body came may never end nor close.
      unfinished.delete(socket)
    })
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
    // An answer that was being sent when shutdown began may have left its connection open.
    setTimeout(() => server.server.closeIdleConnections(), requestWithinMs).unref()
    setTimeout(
      () => {
        for (const socket of unfinished) socket.destroy()
      },
      Math.min(lastBodyWithinMs, graceMs / 4),
    ).unref()
  })
}
