// Asks the API from within the process, as the holder of a key: a page shows what the API answers to that key, with the same
// rights, masks, records and words.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApiKey } from '../../config/config.ts'
import type { problemOf } from '../problems/problem.ts'
import { withoutLimit } from '../without-limit.ts'

export type ProblemShown = ReturnType<typeof problemOf>

type Refused = Pick<ProblemShown, 'code' | 'status' | 'detail' | 'errors'>

/** A call of the API that it answered with a problem. */
export class ApiRefusal extends Error {
  readonly problem: Refused
  constructor(problem: Refused) {
    super(problem.detail)
    this.problem = problem
  }
}

export interface OwnApi {
  /** Throws an `ApiRefusal` where the answer is a problem. */
  get<T>(path: string): Promise<T>
  /** The answer as it is, such as a preview's HTML. With a body it is a POST. */
  text(path: string, body?: object): Promise<string>
  /** Throws in the same way. Answers null where there is no body. */
  send<T = unknown>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T>
}

type Method = 'GET' | Parameters<OwnApi['send']>[0]

/** `request`: the browser's, whose address goes into the log, and which waits for an answer as long as the API takes. */
export function ownApi(server: FastifyInstance, { key }: ApiKey, request: FastifyRequest): OwnApi {
  const ask = async (method: Method, url: string, body?: object) => {
    const headers = { authorization: `Bearer ${key}` }
    const call = { method, url, remoteAddress: request.ip, headers, ...(body && { payload: body }) }
    const answer = await withoutLimit(request, () => server.inject(call))
    if (answer.statusCode >= 400) throw new ApiRefusal(answer.json<ProblemShown>())
    return answer
  }
  return {
    get: async (path) => (await ask('GET', path)).json(),
    text: async (path, body) => (await ask(body ? 'POST' : 'GET', path, body)).body,
    send: async (method, path, body) => JSON.parse((await ask(method, path, body)).body || 'null'),
  }
}

/** A path of the API with its query; what is undefined or empty is left out. */
export function pathOf(path: string, query: Record<string, string | undefined> = {}): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value) given.set(name, value)
  return given.size > 0 ? `${path}?${given}` : path
}
