// Problem details (RFC 9457): the body of every answer that is not a success.
import type { FastifyReply } from 'fastify'
import type { DataFault } from '../../domain/event.ts'
import { type ProblemCode, problemStatuses } from '../../domain/problem.ts'
import { problemWords } from './problem-words.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The URL of the page about a problem. */
    problemUrl(code: ProblemCode): string
  }
  interface FastifyReply {
    /** The problem that it reports; null for a success. */
    problemCode: ProblemCode | null
  }
}

export const retryAfterSeconds = 5

export interface Problem {
  code: ProblemCode
  detail: string
  errors?: DataFault[]
  /** When a repeat may succeed, in seconds. */
  retryAfter?: number
}

/** `type` is the URL of the problem's page; `requestId` finds the request in the log. */
export function problemOf({ code, detail, errors }: Problem, type: string, requestId: string) {
  const { title } = problemWords[code]
  return { type, title, status: problemStatuses[code], detail, code, requestId, ...(errors && { errors }) }
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { code } = problem
  reply.problemCode = code
  return reply
    .code(problemStatuses[code])
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problemOf(problem, reply.server.problemUrl(code), reply.request.id))
}

export const tooManyRequests: Problem = {
  code: 'too_many_requests',
  detail: 'Too many requests from this address. Wait as long as Retry-After says.',
}

/** An error for a route to throw. */
export function problemError(problem: Problem): Error {
  return Object.assign(new Error(problem.detail), { problem, statusCode: problemStatuses[problem.code] })
}

/** The problem that an error was thrown for; null for any other error. */
export function problemIn(error: object): Problem | null {
  return 'problem' in error ? (error.problem as Problem) : null
}

/** The error of a body that there is no memory for. */
export function overloaded(): Error {
  return problemError({
    code: 'overloaded',
    detail: 'Too many bodies are arriving. Nothing was stored. Send it again.',
  })
}

/** An error for a route to throw: the request cannot be read. */
export function badRequest(detail: string): Error {
  return problemError({ code: 'invalid_request', detail })
}

/** An error for a route to throw: the resource does not exist. */
export function notFound(detail: string): Error {
  return problemError({ code: 'not_found', detail })
}

/** An error for a route to throw: the resource's state does not allow the action, or not before `retryAfter` seconds. */
export function conflict(detail: string, retryAfter?: number): Error {
  return problemError({ code: 'conflict', detail, ...(retryAfter !== undefined && { retryAfter }) })
}
