// Problem details for requests that reach no route: malformed HTTP, an invalid URL, a request during shutdown.
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { ConnectionError, FastifyInstance, FastifyServerOptions } from 'fastify'
import { isAnswered } from '../unread-bodies.ts'
import { problemOfFramework } from './answer-problems.ts'
import { type Problem, problemOf, retryAfterSeconds, sendProblem } from './problem.ts'

const malformed: Problem = { code: 'malformed_http', detail: 'The request is not well-formed HTTP.' }

type Server = Pick<FastifyInstance, 'log' | 'problemUrl' | 'securityHeaders'>

/** `serverOf` answers the server itself, which is made with these options. */
export function outsideRoutes(serverOf: () => Server) {
  return {
    frameworkErrors: (error, request, reply) => {
      const problem = problemOfFramework(error) ?? malformed
      request.log.debug({ code: problem.code }, 'request answered')
      sendProblem(reply.headers(reply.server.securityHeaders()), problem)
    },
    clientErrorHandler: (error, socket) => {
      if (socket.writable && error.code !== 'ECONNRESET' && !isAnswered(socket))
        socket.write(answerTo(serverOf(), error))
      socket.destroy(error)
    },
    // Fastify's own 503 is no problem details document and has no Retry-After.
    return503OnClosing: false,
  } satisfies FastifyServerOptions
}

/** Raw bytes, as there is no request yet that a reply could belong to. */
function answerTo(server: Server, { code: fault }: ConnectionError): string {
  const problem = refusalOf(fault)
  const { code } = problem
  const requestId = randomUUID()
  const content = problemOf(problem, server.problemUrl(code), requestId)
  const { status } = content
  server.log.debug({ requestId, status, code, fault }, 'request answered')
  const body = JSON.stringify(content)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...Object.entries(server.securityHeaders()).map(([name, value]) => `${name}: ${value}`),
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}

function refusalOf(fault: string): Problem {
  switch (fault) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { code: 'request_too_slow', detail: 'The request was not complete within the time limit.' }
    case 'HPE_HEADER_OVERFLOW':
      return { code: 'headers_too_large', detail: 'The headers are too large.' }
    default:
      return malformed
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
      code: 'stopping',
      detail: 'This process is stopping. Nothing was stored. Send the request again.',
    })
  })
}
