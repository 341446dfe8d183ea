// Problem details for requests that reach no route: malformed HTTP, an invalid URL, a request during shutdown.
import { STATUS_CODES } from 'node:http'
import type { ConnectionError, FastifyInstance, FastifyServerOptions } from 'fastify'
import { problemOf, retryAfterSeconds, sendProblem } from './problem.ts'
import { isAnswered } from './unread-bodies.ts'

export const outsideRoutes = {
  frameworkErrors: (error, _request, reply) => {
    sendProblem(reply, { status: error.statusCode ?? 400, detail: error.message })
  },
  clientErrorHandler: (error, socket) => {
    if (socket.writable && error.code !== 'ECONNRESET' && !isAnswered(socket)) socket.write(answerTo(error))
    socket.destroy(error)
  },
  // Fastify's own 503 is no problem details document and has no Retry-After.
  return503OnClosing: false,
} satisfies FastifyServerOptions

/** Raw bytes, as there is no request yet that a reply could belong to. */
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
      return [408, 'The request was not complete within the time limit.']
    case 'HPE_HEADER_OVERFLOW':
      return [431, 'The headers are too large.']
    default:
      return [400, 'The request is not well-formed HTTP.']
  }
}

/** Refuses what arrives on busy connections after shutdown began, so that the sender turns to another process. */
export function refuseWhileClosing(server: FastifyInstance): void {
  let closing = false
  server.addHook('preClose', async () => {
    closing = true
  })
  // A request that was in progress must not keep its connection alive: nothing would close it within the grace period.
  server.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })
  server.addHook('onRequest', async (_request, reply) => {
    if (!closing) return
    reply.header('retry-after', retryAfterSeconds)
    return sendProblem(reply, {
      status: 503,
      detail: 'This process is stopping. Nothing was stored. Send the request again.',
    })
  })
}
