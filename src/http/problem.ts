// Errors as RFC 9457 problem details.
import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { DataFault } from '../domain/event.ts'
import { isDatabaseAway } from '../store/db.ts'
import { isPoolBusy, isTooSlow } from '../store/reads.ts'

export const retryAfterSeconds = 5

export interface Problem {
  status: number
  detail: string
  title?: string
  errors?: DataFault[]
}

/** The body of a problem; its type is `about:blank`, so the status is its kind. */
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

const manyDetail = 'Too many requests from this address. Wait as long as Retry-After says.'
export const tooManyRequests: Problem = { status: 429, detail: manyDetail }

/** The error of a body that there is no memory for. */
export function overloaded(): Error {
  return Object.assign(new Error('too many request bodies are open'), { statusCode: 503, isOverload: true })
}

/** An error for a route to throw: the request cannot be read. */
export function badRequest(detail: string): Error {
  return Object.assign(new Error(detail), { statusCode: 400 })
}

/** An error for a route to throw: the resource does not exist. */
export function notFound(detail: string): Error {
  return Object.assign(new Error(detail), { statusCode: 404 })
}

/** An error for a route to throw: the resource's state does not allow the action. */
export function conflict(detail: string): Error {
  return Object.assign(new Error(detail), { statusCode: 409 })
}

/** Answers every error as a problem; an unavailable database is 503, never a client error. */
export function answerProblems(server: FastifyInstance): void {
  const noRoute = (request: FastifyRequest, reply: FastifyReply) =>
    sendProblem(reply, { status: 404, detail: `There is no route ${request.method} ${pathOf(request)}.` })
  server.setNotFoundHandler(noRoute)
  // Before its body is read.
  server.addHook('onRequest', async (request, reply) => (request.is404 ? noRoute(request, reply) : undefined))
  server.setErrorHandler((error: FastifyError, request, reply) => {
    if (isDatabaseAway(error)) {
      const isSlow = isQuestion(request) && isTooSlow(error)
      const fields = { route: request.routeOptions.url, code: error.code }
      request.log.warn(fields, isSlow ? 'question too slow' : 'database unavailable')
      reply.header('retry-after', retryAfterSeconds)
      return sendProblem(reply, { status: 503, detail: isSlow ? slowDetail(error) : awayDetail(request) })
    }
    if ('isOverload' in error) {
      reply.header('retry-after', retryAfterSeconds)
      return sendProblem(reply, {
        status: 503,
        detail: 'Too many bodies are arriving. Nothing was stored. Send it again.',
      })
    }
    if (hasZodFastifySchemaValidationErrors(error)) {
      const errors = error.validation.map((fault) => ({
        path: fault.instancePath.slice(1).replaceAll('/', '.'),
        message: fault.message ?? 'is not valid',
      }))
      return sendProblem(reply, { status: 400, detail: 'The request is not valid.', errors })
    }
    const status = error.statusCode ?? 500
    if (status < 500) return sendProblem(reply, { status, detail: detailOf(status, error) })
    request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
    return sendProblem(reply, {
      status: 500,
      detail: `Internal error. The log has the details under request ${request.id}.`,
    })
  })
}

/** Whether the request only asks, and so runs on the connections with a short time limit. */
function isQuestion({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD' || routeOptions.url === '/v1/explain'
}

function slowDetail(error: Error): string {
  return isPoolBusy(error)
    ? 'Too many questions are being answered. Repeat the request later.'
    : 'The answer took too long. Ask for less: add a filter, or a time range with since and until.'
}

/** The connection may have broken during the commit, so whether a write was stored is unknown. */
function awayDetail(request: FastifyRequest): string {
  return isQuestion(request)
    ? 'The database is unavailable. Repeat the request.'
    : 'The database is unavailable, and whether the request was stored is unknown. Repeat it; repeat an event with the same id.'
}

function detailOf(status: number, error: FastifyError): string {
  switch (status) {
    case 413:
      return 'The body is too large for this endpoint.'
    case 415:
      return 'The content type must be application/json.'
    case 429:
      return manyDetail
    default:
      return error.message
  }
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/'
}
