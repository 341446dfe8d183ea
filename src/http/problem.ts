// Errors as RFC 9457 problem details, for every status this program answers.
import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { DataFault } from '../domain/event.ts'
import { isDatabaseAway } from '../store/db.ts'

export const retryAfterSeconds = 5

export interface Problem {
  status: number
  detail: string
  title?: string
  errors?: DataFault[]
}

/** The body of a problem; its type is `about:blank`, so the status says what kind it is. */
export function problemOf({ status, title, detail, errors }: Problem) {
  return {
    type: 'about:blank',
    title: title ?? STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    ...(errors && { errors }),
  }
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problemOf(problem))
}

/** To throw from a route where the request cannot be read. */
export function badRequest(detail: string): Error {
  return Object.assign(new Error(detail), { statusCode: 400 })
}

/** To throw from a route where what was asked for is not there. */
export function notFound(detail: string): Error {
  return Object.assign(new Error(detail), { statusCode: 404 })
}

/** To throw from a route where the state of what was asked for does not allow it. */
export function conflict(detail: string): Error {
  return Object.assign(new Error(detail), { statusCode: 409 })
}

/** Every error of this server becomes a problem; a database that is away is 503, and never the sender's fault. */
export function answerProblems(server: FastifyInstance): void {
  server.setNotFoundHandler((request, reply) =>
    sendProblem(reply, { status: 404, detail: `There is nothing at ${request.method} ${pathOf(request)}.` }),
  )
  server.setErrorHandler((error: FastifyError, request, reply) => {
    if (isDatabaseAway(error)) {
      request.log.warn({ route: request.routeOptions.url, code: error.code }, 'the database is away')
      reply.header('retry-after', retryAfterSeconds)
      return sendProblem(reply, { status: 503, detail: awayDetail(request.method) })
    }
    if (hasZodFastifySchemaValidationErrors(error)) {
      const errors = error.validation.map((fault) => ({
        path: fault.instancePath.slice(1).replaceAll('/', '.'),
        message: fault.message ?? 'does not fit',
      }))
      return sendProblem(reply, { status: 400, detail: 'The request does not fit this call.', errors })
    }
    const status = error.statusCode ?? 500
    if (status < 500) return sendProblem(reply, { status, detail: detailOf(status, error) })
    request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed')
    return sendProblem(reply, { status: 500, detail: `Our fault. The log has it under request ${request.id}.` })
  })
}

/** Its connection may have broken at the commit: what became of a request that writes is not known. */
function awayDetail(method: string): string {
  const reads = method === 'GET' || method === 'HEAD'
  return reads
    ? 'The database is away. Ask again.'
    : 'The database is away. Send it again, an event under the same id: whether it was stored is not known.'
}

function detailOf(status: number, error: FastifyError): string {
  switch (status) {
    case 413:
      return 'The body is larger than this endpoint takes.'
    case 415:
      return 'The content type must be application/json.'
    case 429:
      return 'Too many requests from this address to this source. Retry-After says when to go on.'
    default:
      return error.message
  }
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/'
}
