// Lifts the time that a connection may be silent, for work that reads so much that it may take longer.
import type { FastifyRequest } from 'fastify'

/** Until the work has ended, the connection is not cut as silent. A call from within the process has none. */
export async function withoutLimit<T>({ raw: { socket } }: FastifyRequest, work: () => Promise<T>): Promise<T> {
  const { timeout } = socket
  if (!timeout) return work()
  socket.setTimeout(0)
  try {
    return await work()
  } finally {
    socket.setTimeout(timeout)
  }
}
