// Logs refused calls: the first few of each kind in a minute, and then how many more there were.
import type { FastifyInstance, FastifyRequest } from 'fastify'

const linesPerMinute = 10
const minuteMs = 60_000

export interface RefusalLog {
  /** `text` names the kind and is one of a few. */
  add(request: FastifyRequest, fields: object, text: string): void
  /** Whether the request was logged, or counted. */
  has(request: FastifyRequest): boolean
}

export function refusalLog(server: FastifyInstance): RefusalLog {
  const seen = new Map<string, number>()
  const logged = new WeakSet<FastifyRequest>()
  const sumUp = (text: string) => {
    const more = (seen.get(text) ?? 0) - linesPerMinute
    seen.delete(text)
    if (more > 0) server.log.warn({ more }, `${text}: more in the last minute than are logged`)
  }
  server.addHook('onClose', async () => {
    for (const text of [...seen.keys()]) sumUp(text)
  })
  return {
    has: (request) => logged.has(request),
    add(request, fields, text) {
      logged.add(request)
      const before = seen.get(text)
      if (before === undefined) setTimeout(() => sumUp(text), minuteMs).unref()
      seen.set(text, (before ?? 0) + 1)
      if ((before ?? 0) < linesPerMinute) request.log.info(fields, text)
    },
  }
}
