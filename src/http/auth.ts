// API keys and their roles: `producer` posts events, `viewer` reads, `operator` does both and acts.
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiKey, Role } from '../config/config.ts'
import { type Problem, sendProblem } from './problems/problem.ts'
import type { Refuse } from './problems/refusals.ts'

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
const rights: Record<Right, string> = { produce: 'post events', read: 'read', act: 'act' }

const missingKey: Problem = {
  code: 'key_missing',
  detail: 'This call needs an API key. Send one: Authorization: Bearer <key>.',
}
const unknownKey: Problem = {
  code: 'key_unknown',
  detail:
    'The API key is not known here. Send one of API_KEYS, or the generated one that `posthorn secrets` prints: Authorization: Bearer <key>.',
}
export const hasRight = (role: Role, right: Right): boolean => may[right].includes(role)

type Check = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/** The check before a route's handler. It has the right as a property, so that the OpenAPI document says what is checked. */
export type RequireRight = (right: Right) => Check & { right: Right }

export const rolesWith = (right: Right): Role[] => may[right]

/** The API key of this text, whatever its role; undefined where we know none. */
export type KeyOf = (text: string) => ApiKey | undefined

/** Keys are looked up by their digests, so that timing reveals nothing about a key. */
export function keysOf(keys: ApiKey[]): KeyOf {
  const byDigest = new Map(keys.map((key) => [digest(key.key), key]))
  return (text) => byDigest.get(digest(text))
}

/** The key that a request gives, known or not; null if it gives none. */
function bearerOf({ headers }: FastifyRequest): string | null {
  const [scheme, key] = (headers.authorization ?? '').split(/ +/, 2)
  return scheme?.toLowerCase() === 'bearer' && key ? key : null
}

export function requireRights(keyOf: KeyOf, refuse: Refuse): RequireRight {
  const checkFor =
    (right: Right): Check =>
    async (request, reply) => {
      const given = bearerOf(request)
      const found = given === null ? undefined : keyOf(given)
      if (!found) {
        const problem = given === null ? missingKey : unknownKey
        reply.header('www-authenticate', problem === missingKey ? 'Bearer' : 'Bearer error="invalid_token"')
        return refuse(request, reply, { problem, text: 'API key refused', fields: { route: request.routeOptions.url } })
      }
      if (!hasRight(found.role, right))
        return sendProblem(reply, {
          code: 'role_not_allowed',
          detail: `A ${found.role} key may not ${rights[right]}; that needs the role ${may[right].join(' or ')}.`,
        })
      request.caller = { name: found.name, role: found.role }
      return undefined
    }
  return (right) => Object.assign(checkFor(right), { right })
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64')
}
