// Answers calls whose key, signature or token is refused: the first of an address in a minute with the reason, the others
// with 429. A valid call is never counted.
import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { problemStatuses } from '../../domain/problem.ts'
import { type Problem, sendProblem, tooManyRequests } from './problem.ts'
import { type RefusalLog, refusalLog } from './refusal-log.ts'

const refusalsPerMinute = 60
/** Counters of each limiter; the least recently used one is dropped. */
const maxCounters = 5000
/** A client may send any text as its address where the proxy passes it on. */
const maxAddressLength = 64

export interface Refusal {
  problem: Problem
  /** What is logged. */
  text: string
  fields?: object
}

export type Refuse = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal) => Promise<FastifyReply>

/** For routes to count their refusals with; `groupOf` names what is counted by itself, from a small set of names. */
export interface Refusals {
  by(groupOf: (request: FastifyRequest) => string): Refuse
  log: RefusalLog
}

/** Call it once, before any route; it also provides `server.rateLimit`. */
export async function countRefusals(server: FastifyInstance): Promise<Refusals> {
  await server.register(rateLimit, { global: false, timeWindow: 60_000, cache: maxCounters })
  const log = refusalLog(server)
  server.addHook('onResponse', async (request, { problemCode: code, statusCode: status }) => {
    // Faults of ours have a line of their own.
    if (!code || status >= 500 || log.has(request)) return
    const { method, routeOptions } = request
    log.add(request, { route: routeOptions.url, method, status, code }, `request refused: ${code}`)
  })
  return {
    log,
    by(groupOf) {
      const keyGenerator = (request: FastifyRequest) => `${groupOf(request)} ${addressOf(request)}`
      const count = server.createRateLimit({ max: refusalsPerMinute, keyGenerator })
      return async (request, reply, { problem, text, fields }) => {
        log.add(request, { ...fields, status: problemStatuses[problem.code], code: problem.code }, text)
        const counted = await count(request)
        if (counted.isAllowed || !counted.isExceeded) return sendProblem(reply, problem)
        reply.removeHeader('www-authenticate').header('retry-after', Math.max(counted.ttlInSeconds, 1))
        return sendProblem(reply, tooManyRequests)
      }
    },
  }
}

/**
 * The client's address; of an IPv6 address the network, since a client has the whole of it. Clients that have gone, whose
 * address Node no longer knows, count as one.
 */
export function addressOf({ ip }: { ip?: string }): string {
  return ip === undefined ? 'gone' : normalizeIP(ip.slice(0, maxAddressLength))
}
