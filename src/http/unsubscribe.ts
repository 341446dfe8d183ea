// The links in messages that a person may leave: a page for people, and one POST for the mail program's own button
// (RFC 8058: no cookies, no redirect, done when it is answered). The token in the address is all that is asked;
// consent.ts keeps what is said, pages/unsubscribe-page.tsx shows it.
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { choose, chosen, say } from '../consent.ts'
import type { Ctx } from '../ctx.ts'
import { maskAddress } from '../mask.ts'
import type { Leaving } from '../unsubscribe-token.ts'
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
      chosen: await chosen(ctx, leaving),
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
      if (isBare(request) || form.get('List-Unsubscribe') === 'One-Click') {
        await say(ctx, leaving, false)
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
      await say(ctx, leaving, false)
      return ''
    case 'return':
      await say(ctx, leaving, true)
      return 'again'
    case 'choose':
      await choose(ctx, leaving, { email: form.has('email'), sms: form.has('sms') })
      return 'saved'
    default:
      return null
  }
}

function isBare({ body }: FastifyRequest): boolean {
  return !Buffer.isBuffer(body) || body.length === 0
}

type Form = Pick<FormData, 'get' | 'has'>

/** Mail programs send either kind of form. One that cannot be read has nothing in it. */
async function formOf({ body, headers }: FastifyRequest): Promise<Form> {
  const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
  const type = headers['content-type'] ?? ''
  if (!/^multipart\/form-data\b/i.test(type)) return new URLSearchParams(raw.toString())
  return new Response(new Uint8Array(raw), { headers: { 'content-type': type } }).formData().catch(() => new FormData())
}
