// API keys and their roles: `producer` posts events, `viewer` reads, `operator` does both and acts.
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiKey, Role } from '../config/config.ts'
import { sendProblem } from './problem.ts'
import type { Refuse } from './refusals.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The key's name and role; set by `requireRight`. */
    caller: { name: string; role: Role }
  }
}

const may: Record<'produce' | 'read' | 'act', Role[]> = {
  produce: ['producer', 'operator'],
  read: ['viewer', 'operator'],
  act: ['operator'],
}

export type Right = keyof typeof may
export const hasRight = (role: Role, right: Right): boolean => may[right].includes(role)

export type RequireRight = (right: Right) => (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/** The API key of a request, whatever its role; undefined where it has none that we know. */
export type KeyOf = (request: FastifyRequest) => ApiKey | undefined

/** Keys are looked up by their digests, so that timing reveals nothing about a key. */
export function keysOf(keys: ApiKey[]): KeyOf {
  const byDigest = new Map(keys.map((key) => [digest(key.key), key]))
  return ({ headers }) => {
    const [scheme, key] = (headers.authorization ?? '').split(/ +/, 2)
    return scheme?.toLowerCase() === 'bearer' && key ? byDigest.get(digest(key)) : undefined
  }
}

export function requireRights(keyOf: KeyOf, refuse: Refuse): RequireRight {
  return (right) => async (request, reply) => {
    const found = keyOf(request)
    if (!found) {
      reply.header('www-authenticate', 'Bearer')
      const problem = { status: 401, detail: 'Send an API key: Authorization: Bearer <key>.' }
      return refuse(request, reply, { problem, text: 'API key refused', fields: { route: request.routeOptions.url } })
    }
    if (!hasRight(found.role, right))
      return sendProblem(reply, { status: 403, detail: `A ${found.role} key does not have the right to ${right}.` })
    request.caller = { name: found.name, role: found.role }
    return undefined
  }
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64')
}
