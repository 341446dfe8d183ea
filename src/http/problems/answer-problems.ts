// Answers every error of a request as a problem; an unavailable database is 503, never a client error.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { type ProblemCode, problemStatuses } from '../../domain/problem.ts'
import { isDatabaseAway } from '../../store/db.ts'
import { isPoolBusy, isTooSlow } from '../../store/reads.ts'
import { methodsAt, type Route } from './methods-at.ts'
import { type Problem, problemIn, retryAfterSeconds, sendProblem, tooManyRequests } from './problem.ts'

export const problemsPath = '/docs/problems'
const maxFaults = 100

/** Call it before any route. `publicUrl`: the base of the URLs of the problems' pages. */
export function answerProblems(server: FastifyInstance, publicUrl: () => string): void {
  server.decorate('problemUrl', (code: ProblemCode) => `${publicUrl()}${problemsPath}#${code}`)
  server.decorateReply('problemCode', null)
  const routes: Route[] = []
  server.addHook('onRoute', ({ method, url }) => {
    routes.push({ methods: [method].flat(), segments: url.split('/') })
  })
  const noRoute = (request: FastifyRequest, reply: FastifyReply) => {
    const path = pathOf(request)
    const methods = methodsAt(routes, path)
    if (methods.length === 0)
      return sendProblem(reply, { code: 'route_unknown', detail: `There is no route ${request.method} ${path}.` })
    reply.header('allow', methods.join(', '))
    const detail = `${path} does not take ${request.method}; it takes ${methods.join(', ')}.`
    return sendProblem(reply, { code: 'method_not_allowed', detail })
  }
  server.setNotFoundHandler(noRoute)
  // Before its body is read.
  server.addHook('onRequest', async (request, reply) => (request.is404 ? noRoute(request, reply) : undefined))
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemFor(error, request)
    const { retryAfter = problemStatuses[problem.code] === 503 ? retryAfterSeconds : null } = problem
    if (retryAfter !== null) reply.header('retry-after', retryAfter)
    return sendProblem(reply, problem)
  })
}

function problemFor(error: FastifyError, request: FastifyRequest): Problem {
  // Its code is that of a broken connection to the database, too.
  if (error === request.raw.errored)
    return { code: 'invalid_request', detail: 'The connection ended before all of the body had arrived.' }
  if (isDatabaseAway(error)) {
    const isSlow = isQuestion(request) && isTooSlow(error)
    const fields = { route: request.routeOptions.url, code: error.code }
    request.log.warn(fields, isSlow ? 'question too slow' : 'database unavailable')
    return isSlow
      ? { code: 'answer_too_slow', detail: slowDetail(error) }
      : { code: 'database_unavailable', detail: awayDetail(request) }
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.slice(0, maxFaults).map((fault) => ({
      path: fault.instancePath.slice(1).replaceAll('/', '.') || (error.validationContext ?? ''),
      message: fault.message ?? 'is not valid',
    }))
    return { code: 'invalid_request', detail: 'The request is not valid.', errors }
  }
  const known = problemIn(error) ?? problemOfFramework(error)
  if (known) return known
  request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
  return {
    code: 'internal_error',
    detail: `Internal error. The log has the details under request ${request.id}.`,
  }
}

/** What Fastify or a plug-in of it refuses; null for a fault of ours. */
export function problemOfFramework({ code, statusCode = 500 }: FastifyError): Problem | null {
  switch (statusCode) {
    case 413:
      return { code: 'body_too_large', detail: 'The body is too large for this endpoint.' }
    case 414:
      return { code: 'url_too_long', detail: 'A part of the URL is too long.' }
    case 415:
      return { code: 'content_type_not_supported', detail: 'The content type must be application/json.' }
    case 429:
      return tooManyRequests
  }
  if (code === 'FST_ERR_BAD_URL') return { code: 'malformed_http', detail: 'The URL cannot be decoded.' }
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH')
    return { code: 'malformed_json', detail: 'The body is not as long as Content-Length says.' }
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY')
    return {
      code: 'malformed_json',
      detail: 'The body is not valid JSON, or has a field that could reach a prototype.',
    }
  return statusCode < 500 ? { code: 'invalid_request', detail: 'The request is not valid.' } : null
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

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/'
}
