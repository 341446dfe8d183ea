// Adds the problem to the OpenAPI document: every call may answer one.
import { jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type ProblemCode, problemStatuses } from '../domain/problem.ts'
import { problemWords } from './problem-words.ts'

const codes = Object.keys(problemStatuses) as [ProblemCode, ...ProblemCode[]]

export const problemShape = z.strictObject({
  type: z.url().describe('The page about the problem.'),
  title: z.enum(codes.map((code) => problemWords[code].title)),
  status: z.int(),
  detail: z.string().describe('What is wrong in this case.'),
  code: z.enum(codes).describe('Stable; tell problems apart by it.'),
  requestId: z.uuid().describe('Finds the request in the log.'),
  errors: z
    .array(z.strictObject({ path: z.string(), message: z.string() }))
    .optional()
    .describe('Each fault of the data, with its path.'),
})

const answer = {
  description: 'A problem (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

type TransformObject = typeof jsonSchemaTransformObject

export const withProblems: TransformObject = (document) => {
  const described = jsonSchemaTransformObject(document)
  if (!('components' in described)) return described
  const { $schema: _, ...schema } = z.toJSONSchema(problemShape)
  const paths = Object.entries(described.paths ?? {}).map(([path, operations]) => [path, withAnswer(operations)])
  return {
    ...described,
    components: { ...described.components, schemas: { ...described.components?.schemas, Problem: schema } },
    paths: Object.fromEntries(paths),
  } as ReturnType<TransformObject>
}

/** The operations of a path, each with the problem as its answer in any other case. */
function withAnswer(operations: object | undefined): object {
  const all = Object.entries(operations ?? {}).map(([method, operation]) => [
    method,
    { ...operation, responses: { ...operation.responses, default: answer } },
  ])
  return Object.fromEntries(all)
}
