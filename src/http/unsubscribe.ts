// The links in messages that a person may leave: a page for people, and one POST for the mail program's own button
// (RFC 8058: no cookies, no redirect, done when it is answered). The token in the address is all that is asked;
// consent/preferences.ts keeps what is said, pages/unsubscribe-page.tsx shows it.
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { preferencesFor, setPreference, setPreferences } from '../consent/preferences.ts'
import type { Ctx } from '../context.ts'
import { maskAddress } from '../privacy/mask.ts'
import type { Leaving } from '../privacy/unsubscribe-token.ts'
import { pageHeaders } from './pages/page.tsx'
import { brokenLinkPage, failedPage, unsubscribePage } from './pages/unsubscribe-page.tsx'
import { sendProblem } from './problem.ts'
import { pageWords } from './words/words.ts'

export interface UnsubscribeOptions {
  ctx: Ctx
  /** The style sheet's address below the base. */
  sheet: string
  /** Most requests a minute from one address. */
  ratePerMinute: number
}

interface Asked {
  Params: { token: string }
  Querystring: { done?: string }
}

const mostBytes = 16 * 1024
/** A type that can be read; fastify refuses any other before a parser sees the body. */
const mediaType = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/

/** One scope, as it takes forms of any type. */
export async function unsubscribePages(server: FastifyInstance, options: UnsubscribeOptions): Promise<void> {
  const { ctx } = options
  const { brand, locale: fallback } = ctx.defaults
  const surroundings = (locale: string) => ({
    words: pageWords(locale, fallback),
    brand,
    sheet: `../${options.sheet}`,
  })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  server.addHook('onRequest', async ({ headers }) => {
    if (!mediaType.test(headers['content-type'] ?? '')) headers['content-type'] = undefined
  })
  await server.register(rateLimit, {
    max: options.ratePerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => `unsubscribe ${request.ip}`,
  })
  // What stands in the way is told to people as a page.
  server.addHook('onSend', async (request, reply, payload) => {
    const isProblem = String(reply.getHeader('content-type')).startsWith('application/problem+json')
    if (!isProblem || !request.headers.accept?.includes('text/html')) return payload
    reply.headers(pageHeaders).removeHeader('content-length')
    const around = surroundings(fallback)
    return reply.statusCode === 401 ? brokenLinkPage(around) : failedPage(around, request.id)
  })

  server.get<Asked>('/unsubscribe/:token', { schema: { hide: true } }, async (request, reply) => {
    const leaving = ctx.unsubscribeTokens.open(request.params.token)
    if (!leaving) return refuse(request, reply)
    const { done } = request.query
    const page = unsubscribePage({
      ...surroundings(leaving.locale),
      channel: leaving.channel,
      to: maskAddress(leaving.address),
      chosen: await preferencesFor(ctx, leaving),
      done: done === 'saved' || done === 'again' ? done : null,
    })
    return reply.headers(pageHeaders).send(page)
  })

  server.post<Asked>(
    '/unsubscribe/:token',
    { bodyLimit: mostBytes, schema: { hide: true } },
    async (request, reply) => {
      const { token } = request.params
      const leaving = ctx.unsubscribeTokens.open(token)
      if (!leaving) return refuse(request, reply)
      const form = await formOf(request)
      // Some programs leave the body out. Nobody posts here by accident, and a no that is not heard is the worse mistake.
      if (isBare(request) || isOneClick(form)) {
        await setPreference(ctx, leaving, false)
        return reply.header('cache-control', 'no-store').type('text/plain; charset=utf-8').send('Unsubscribed.\n')
      }
      const done = await act(ctx, leaving, form)
      if (done === null)
        return sendProblem(reply, { status: 400, detail: 'The form must say List-Unsubscribe=One-Click.' })
      return reply.redirect(`./${token}${done && `?done=${done}`}`, 303)
    },
  )
}

function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.log.info({ stage: 'consent', status: 401 }, 'an unsubscribe link was refused')
  return sendProblem(reply, { status: 401, detail: 'This link is not whole, or was not made here.' })
}

/** Does what a button of the page says, and answers what is then told; null where no button says it. */
async function act(ctx: Ctx, leaving: Leaving, form: Form): Promise<'' | 'again' | 'saved' | null> {
  switch (form.get('do')) {
    case 'leave':
      await setPreference(ctx, leaving, false)
      return ''
    case 'return':
      await setPreference(ctx, leaving, true)
      return 'again'
    case 'choose':
      await setPreferences(ctx, leaving, { email: form.has('email'), sms: form.has('sms') })
      return 'saved'
    default:
      return null
  }
}

/** No body, or one with nothing in it: a line's end, or JSON without a key. */
function isBare({ body }: FastifyRequest): boolean {
  return !Buffer.isBuffer(body) || ['', '{}'].includes(body.toString().replaceAll(/\s/g, ''))
}

/** Some programs end the form with a line's end, which is then the value's. */
function isOneClick(form: Form): boolean {
  const said = form.get('List-Unsubscribe')
  return typeof said === 'string' && said.trim() === 'One-Click'
}

type Form = Pick<FormData, 'get' | 'has'>

/** Mail programs send either kind of form. One that cannot be read has nothing in it. */
async function formOf({ body, headers }: FastifyRequest): Promise<Form> {
  const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
  const type = headers['content-type'] ?? ''
  if (!/^multipart\/form-data\b/i.test(type)) return new URLSearchParams(raw.toString())
  return new Response(new Uint8Array(raw), { headers: { 'content-type': type } }).formData().catch(() => new FormData())
}
