// The problems of each operation as its answers: one named response for each set of codes with one status.
import { STATUS_CODES } from 'node:http'
import { type ProblemCode, problemStatuses } from '../../domain/problem.ts'
import { problemShape } from '../problems/problem-shape.ts'
import { problemWords } from '../problems/problem-words.ts'
import type { Operation, Paths } from './paths.ts'

const pascal = (code: string) => code.replaceAll(/(?:^|_)(\w)/g, (_match, letter: string) => letter.toUpperCase())

/** Adds the problems that `describeRoute` has found to each operation. The responses are for the components. */
export function withResponses(paths: Paths): { paths: Paths; responses: Record<string, object> } {
  const responses: Record<string, object> = {
    Problem: { description: 'Any other problem', content: contentOf(problem) },
  }
  const answering = ({ 'x-problems': codes = [], 'x-may-have-body': mayHaveBody, ...operation }: Operation) => {
    const byStatus = Map.groupBy(codes, (code) => problemStatuses[code])
    const answers = [...byStatus].map(([status, ofStatus]) => {
      const name = ofStatus.map(pascal).join('Or')
      responses[name] ??= responseOf(status, ofStatus)
      return [String(status), { $ref: `#/components/responses/${name}` }]
    })
    const others = { default: { $ref: '#/components/responses/Problem' } }
    return {
      ...operation,
      ...(mayHaveBody && { requestBody: { ...operation.requestBody, required: false } }),
      responses: { ...described(operation.responses), ...Object.fromEntries(answers), ...others },
    }
  }
  const answered = Object.entries(paths).map(([path, operations]) => {
    const ofPath = Object.entries(operations).map(([method, operation]) => [method, answering(operation)])
    return [path, Object.fromEntries(ofPath)]
  })
  return { paths: Object.fromEntries(answered), responses }
}

/** The plug-in calls every answer without a description by one name. */
function described(responses: Operation['responses']): Operation['responses'] {
  const named = Object.entries(responses).map(([status, response]) => {
    const { description } = response
    return [
      status,
      { ...response, description: description === 'Default Response' ? STATUS_CODES[status] : description },
    ]
  })
  return Object.fromEntries(named)
}

const problem = { $ref: `#/components/schemas/${problemShape.meta()?.id}` }

function responseOf(status: number, codes: ProblemCode[]) {
  const own = { status: { type: 'integer', const: status }, code: { type: 'string', enum: codes } }
  const narrowed = { type: 'object', required: ['status', 'code'], properties: own }
  return {
    description: codes.map((code) => `\`${code}\`: ${problemWords[code].title}.`).join(' '),
    ...(status === 429 || status === 503 ? { headers: { 'Retry-After': retryAfter } } : {}),
    content: contentOf({ allOf: [problem, narrowed] }),
  }
}

const retryAfter = { description: 'Seconds after which to send it again.', schema: { type: 'integer' } }

function contentOf(schema: object) {
  return { 'application/problem+json': { schema } }
}
