// Reads the bodies of the API's calls.
import { errorCodes, type FastifyInstance } from 'fastify'
import { tooManyFields } from './few-names.ts'
import { badRequest } from './problems/problem.ts'
import { bodyTurn } from './raw-body.ts'

/**
 * Accepts JSON only. Many clients send a content type (JSON or a form) without a body, so an empty body of any type counts
 * as none, and the route decides whether it needs one.
 */
export function acceptOnlyJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error')
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const parsed = (error: Error | null, value?: unknown) => {
      const fault = tooManyFields(value)
      done(error ?? (fault === null ? null : badRequest(fault)), value)
    }
    if (body === '') done(null, undefined)
    else void bodyTurn(body.length).then(() => parse(request, String(body), parsed))
  })
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) =>
    body.length === 0 || request.is404 ? done(null, undefined) : done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE()),
  )
}
