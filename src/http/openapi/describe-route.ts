// What the OpenAPI document says of a route: who may call it, and the problems that it may answer, by what the route checks.
import type { FastifySchema, RouteOptions } from 'fastify'
import { createJsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ProblemCode } from '../../domain/problem.ts'
import { type Right, rolesWith } from '../auth.ts'

declare module 'fastify' {
  interface FastifySchema {
    /** The problems that this route answers beside those of every route with its right, query or body. */
    problems?: readonly ProblemCode[]
  }
}

type Transform = ReturnType<typeof createJsonSchemaTransform>

const transform = createJsonSchemaTransform({})

/** Adds security schemes, and the facts of which `withResponses` makes answers. */
export const describeRoute: Transform = (input) => {
  const { problems = [], security = [], ...schema } = input.schema ?? {}
  const { url, schema: described } = transform({ ...input, schema } as Parameters<Transform>[0])
  if (schema.hide) return { url, schema: described }
  const right = rightOf(input.route)
  return {
    url,
    schema: {
      ...described,
      security: right ? rolesWith(right).map((role) => ({ key: [role] })) : security,
      'x-problems': [...new Set([...problemsOf(schema, right), ...problems])],
      'x-may-have-body': schema.body instanceof z.ZodOptional,
    },
  }
}

/** The right that the route's own check requires; null if it needs no key. */
function rightOf({ onRequest }: Pick<RouteOptions, 'onRequest'>): Right | null {
  const checks: object[] = [onRequest ?? []].flat()
  return checks.find((check): check is { right: Right } => 'right' in check)?.right ?? null
}

function problemsOf({ body, params, querystring }: FastifySchema, right: Right | null): ProblemCode[] {
  return [
    ...(body || params || querystring ? (['invalid_request'] as const) : []),
    ...(body ? (['malformed_json', 'request_too_slow', 'body_too_large', 'content_type_not_supported'] as const) : []),
    ...(right ? (['key_missing', 'key_unknown', 'role_not_allowed', 'too_many_requests'] as const) : []),
    'internal_error',
    ...(right ? (['database_unavailable'] as const) : []),
    ...(right === 'read' ? (['answer_too_slow'] as const) : []),
    ...(body ? (['overloaded'] as const) : []),
    'stopping',
  ]
}
