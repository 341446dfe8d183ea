// What the dashboard takes: forms of its own pages. Those of other sites are refused before they are read.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { maxParameters, parametersOf } from '../../wire/form.ts'
import { mebibyte } from '../../wire/sizes.ts'
import { problemError } from '../problems/problem.ts'

const maxFormBytes = mebibyte

/** Call it before any route of the dashboard. */
export function takeForms(server: FastifyInstance, publicUrl: () => string): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit: maxFormBytes },
    (_request, body, done) => {
      const form = parametersOf(Buffer.from(body))
      if (form) done(null, form)
      else done(tooManyFields())
    },
  )
  server.addContentTypeParser('*', (_request, _body, done) => done(notAForm()))
  server.addHook('onRequest', async (request) => refuseForeign(request, publicUrl()))
}

/**
 * Browsers say where a request comes from. Over plain http they say its origin alone, and `null` where the page keeps it to itself,
 * as ours do.
 */
function refuseForeign({ method, headers, host }: FastifyRequest, publicUrl: string): void {
  if (method !== 'POST') return
  const { 'sec-fetch-site': from, origin = 'null' } = headers
  if (from !== undefined && from !== 'same-origin') throw forgedForm()
  const isOurs = origin === 'null' || [host, URL.parse(publicUrl)?.host].includes(URL.parse(origin)?.host)
  if (!isOurs) throw forgedForm()
}

/** An error to throw: the form was not made by a page of this session. */
export function forgedForm(): Error {
  return problemError({
    code: 'form_refused',
    detail:
      'The form is older than this sign-in, or was not made here. Nothing was changed. Go back, reload the page and send it again.',
  })
}

function notAForm(): Error {
  return problemError({
    code: 'content_type_not_supported',
    detail: 'The dashboard takes forms, as application/x-www-form-urlencoded.',
  })
}

function tooManyFields(): Error {
  return problemError({ code: 'body_too_large', detail: `A form has at most ${maxParameters} fields.` })
}
