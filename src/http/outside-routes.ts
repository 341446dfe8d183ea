// Problems for requests that no route sees: what is not HTTP, a URL that is none, one that comes while we close.
// server.ts asks; the problems of routes are problem.ts's.
import { STATUS_CODES } from 'node:http'
import type { ConnectionError, FastifyInstance, FastifyServerOptions } from 'fastify'
import { problemOf, retryAfterSeconds, sendProblem } from './problem.ts'

export const outsideRoutes = {
  frameworkErrors: (error, _request, reply) => {
    sendProblem(reply, { status: error.statusCode ?? 400, detail: error.message })
  },
  clientErrorHandler: (error, socket) => {
    if (socket.writable && error.code !== 'ECONNRESET') socket.write(answerTo(error))
    socket.destroy(error)
  },
  // Fastify's own is no problem, and does not say when to come again.
  return503OnClosing: false,
} satisfies FastifyServerOptions

/** As bytes: there is no request yet that a reply could belong to. */
function answerTo({ code }: ConnectionError): string {
  const [status, detail] = refusalOf(code)
  const body = JSON.stringify(problemOf({ status, detail }))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}

function refusalOf(code: string): [status: number, detail: string] {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'The request did not come to its end in time.']
    case 'HPE_HEADER_OVERFLOW':
      return [431, 'The headers are larger than this server takes.']
    default:
      return [400, 'The request is not well-formed HTTP.']
  }
}

/** On a connection that was busy when we began to close: the sender goes on with whoever takes over. */
export function refuseWhileClosing(server: FastifyInstance): void {
  let closing = false
  server.addHook('preClose', async () => {
    closing = true
  })
  // One that was being answered then, too, must not keep its connection: nobody would end it within the grace.
  server.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })
  server.addHook('onRequest', async (_request, reply) => {
    if (!closing) return
    reply.header('retry-after', retryAfterSeconds)
    return sendProblem(reply, { status: 503, detail: 'This process is stopping. Nothing was stored: send it again.' })
  })
}
