// The unsubscribe links of messages: a page for people, and one-click POST for mail programs (RFC 8058: no cookies, no
// redirect, done when it is answered). The token in the URL is the only credential.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { preferencesFor, setPreference, setPreferences } from '../../consent/preferences.ts'
import type { Ctx } from '../../context.ts'
import { maskAddress } from '../../privacy/mask.ts'
import type { UnsubscribeRequest } from '../../privacy/unsubscribe-token.ts'
import { parametersOf } from '../../wire/form.ts'
import { pageHeaders } from '../pages/page.tsx'
import { brokenLinkPage, failedPage, unsubscribePage } from '../pages/unsubscribe-page.tsx'
import { sendProblem } from '../problems/problem.ts'
import { addressOf, type Refuse } from '../problems/refusals.ts'
import type { PageWords } from '../words/page-words.ts'
import { pageWords, wordsAskedFor } from '../words/words.ts'

export interface UnsubscribeOptions {
  ctx: Ctx
  /** The style sheet's URL, relative to the base. */
  sheet: string
  /** Maximum requests per minute from one IP address. */
  ratePerMinute: number
  refuse: Refuse
}

interface Asked {
  Params: { token: string }
  Querystring: { done?: string }
}

const common = {
  tags: ['Unsubscribe'],
  params: z.object({ token: z.string().describe('Names the person and the channel; it is the only credential.') }),
  problems: ['link_invalid', 'too_many_requests', 'database_unavailable'],
} as const
const html = { description: 'A page for people', content: { 'text/html': { schema: z.string() } } }
const pageSchema = {
  ...common,
  operationId: 'showUnsubscribePage',
  summary: 'The page behind the link in a message',
  response: { 200: html },
}
const formSchema = {
  ...common,
  operationId: 'unsubscribe',
  summary: 'Unsubscribe in one click (RFC 8058), or the form of the page',
  consumes: ['application/x-www-form-urlencoded', 'multipart/form-data'],
  body: z
    .custom<Buffer>()
    .meta({
      type: 'object',
      description: 'Some mail programs leave it out.',
      properties: { 'List-Unsubscribe': { type: 'string', const: 'One-Click' } },
    })
    .optional(),
  response: {
    200: { description: 'Unsubscribed', content: { 'text/plain': { schema: z.string() } } },
    303: { description: 'Back to the page', content: { 'text/html': { schema: z.string() } } },
  },
}
const maxBytes = 16 * 1024
/** A well-formed media type; Fastify refuses any other before a parser sees the body. */
const mediaType = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/

/** One scope, as these routes take forms of any type. */
export async function unsubscribePages(server: FastifyInstance, options: UnsubscribeOptions): Promise<void> {
  const { ctx } = options
  const { brand, locale: fallback } = ctx.defaults
  const surroundings = (words: PageWords) => ({ words, brand, sheet: `../${options.sheet}` })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  server.addHook('onRequest', async ({ headers }) => {
    if (!mediaType.test(headers['content-type'] ?? '')) headers['content-type'] = undefined
  })
  server.addHook('onRequest', server.rateLimit({ max: options.ratePerMinute, keyGenerator: addressOf }))
  const refuse = (request: FastifyRequest, reply: FastifyReply) =>
    options.refuse(request, reply, {
      problem: { code: 'link_invalid', detail: 'This link is incomplete, or was not made here.' },
      text: 'unsubscribe link refused',
      fields: { stage: 'consent' },
    })
  // A browser gets a page in place of a problem.
  server.addHook('onSend', async (request, reply, payload) => {
    const isProblem = String(reply.getHeader('content-type')).startsWith('application/problem+json')
    if (!isProblem || !request.headers.accept?.includes('text/html')) return payload
    reply.headers(pageHeaders).removeHeader('content-length')
    // A broken link does not say in which language its message was.
    const around = surroundings(wordsAskedFor(request.headers['accept-language'], fallback))
    return reply.statusCode === 401 ? brokenLinkPage(around) : failedPage(around, request.id)
  })

  server.get<Asked>('/unsubscribe/:token', { schema: pageSchema }, async (request, reply) => {
    const unsubscribe = ctx.unsubscribeTokens.open(request.params.token)
    if (!unsubscribe) return refuse(request, reply)
    const { done } = request.query
    const page = unsubscribePage({
      ...surroundings(pageWords(unsubscribe.locale, fallback)),
      channel: unsubscribe.channel,
      to: maskAddress(unsubscribe.address),
      chosen: await preferencesFor(ctx, unsubscribe),
      done: done === 'saved' || done === 'again' ? done : null,
    })
    return reply.headers(pageHeaders).send(page)
  })

  server.post<Asked>('/unsubscribe/:token', { bodyLimit: maxBytes, schema: formSchema }, async (request, reply) => {
    const { token } = request.params
    const unsubscribe = ctx.unsubscribeTokens.open(token)
    if (!unsubscribe) return refuse(request, reply)
    const form = await formOf(request)
    // Some mail programs omit the body. An accidental POST is unlikely, and ignoring an opt-out is the worse mistake.
    if (isBare(request) || isOneClick(form)) {
      await setPreference(ctx, unsubscribe, false)
      return reply.type('text/plain; charset=utf-8').send('Unsubscribed.\n')
    }
    const done = await act(ctx, unsubscribe, form)
    if (done === null)
      return sendProblem(reply, { code: 'invalid_request', detail: 'The form must hold List-Unsubscribe=One-Click.' })
    return reply.redirect(`./${token}${done && `?done=${done}`}`, 303)
  })
}

/** Applies the page's form and answers the message to show afterwards; null where the form is not one of the page's. */
async function act(ctx: Ctx, unsubscribe: UnsubscribeRequest, form: Form): Promise<'' | 'again' | 'saved' | null> {
  switch (form.get('do')) {
    case 'leave':
      await setPreference(ctx, unsubscribe, false)
      return ''
    case 'return':
      await setPreference(ctx, unsubscribe, true)
      return 'again'
    case 'choose':
      await setPreferences(ctx, unsubscribe, { email: form.has('email'), sms: form.has('sms') })
      return 'saved'
    default:
      return null
  }
}

/** No body, or an empty one: line ends only, or `{}`. */
function isBare({ body }: FastifyRequest): boolean {
  return !Buffer.isBuffer(body) || ['', '{}'].includes(body.toString().replaceAll(/\s/g, ''))
}

/** Some mail programs end the form with a line end, which then belongs to the value. */
function isOneClick(form: Form): boolean {
  const value = form.get('List-Unsubscribe')
  return typeof value === 'string' && value.trim() === 'One-Click'
}

type Form = Pick<FormData, 'get' | 'has'>

/** Mail programs send either kind of form. One that is unreadable or has hundreds of fields counts as empty. */
async function formOf({ body, headers }: FastifyRequest): Promise<Form> {
  const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
  const type = headers['content-type'] ?? ''
  if (!/^multipart\/form-data\b/i.test(type)) return parametersOf(raw) ?? new URLSearchParams()
  return new Response(new Uint8Array(raw), { headers: { 'content-type': type } }).formData().catch(() => new FormData())
}
