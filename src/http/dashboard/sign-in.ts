// Signing in to the dashboard, with an API key or a one-time link, and out of it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiKey } from '../../config/config.ts'
import type { Ctx } from '../../context.ts'
import { useLink } from '../../store/dashboard/sessions.ts'
import { keyOfToken } from '../../wire/sign-in-link.ts'
import { hasRight, type KeyOf } from '../auth.ts'
import type { Refuse } from '../problems/refusals.ts'
import { ownPath } from './own-path.ts'
import type { DashboardPages, SignInView, Surroundings } from './page.ts'
import { isFormToken, isOwnSignIn, openSignInForm, type Sessions } from './sessions.ts'

interface SignInOptions {
  ctx: Ctx
  pages: DashboardPages
  apiKeys: ApiKey[]
  keyOf: KeyOf
  refuse: Refuse
  sessions: Sessions
  headers: Record<string, string>
  surroundings(request: FastifyRequest): Surroundings
}

interface Asked {
  /** A name that is given twice has an array. */
  Querystring: { next?: unknown; ended?: unknown; out?: unknown; token?: unknown }
  Body: URLSearchParams | undefined
}

const notices = {
  ended: 'Your sign-in has ended. Sign in again and you are back where you were.',
  out: 'You are signed out.',
  forged:
    'The form had become old, or was not made here, or the browser keeps no cookies. Nobody was signed in. Enter the key again.',
}

export function signInRoutes(server: FastifyInstance, options: SignInOptions): void {
  const { ctx, pages, apiKeys, keyOf, refuse, sessions, headers, surroundings } = options
  const show = (request: FastifyRequest, reply: FastifyReply, view: Pick<SignInView, 'notice' | 'next'>) => {
    const csrf = openSignInForm(reply, ctx.publicUrl())
    return reply.headers(headers).send(pages.signIn({ ...surroundings(request), csrf, ...view }))
  }
  const enter = async (reply: FastifyReply, key: ApiKey, next: string) => {
    await sessions.open(reply, key)
    reply.log.info({ stage: 'dashboard', by: key.name, role: key.role }, 'signed in')
    return reply.redirect(next, 303)
  }

  server.get<Asked>('/sign-in', { schema: { hide: true }, exposeHeadRoute: false }, async (request, reply) => {
    const { next, ended, out } = request.query
    const text = ended ? notices.ended : out ? notices.out : null
    return show(request, reply, { notice: text ? { tone: 'still', text } : null, next: ownPath(stringOrNull(next)) })
  })
  server.post<Asked>('/sign-in', { schema: { hide: true } }, async (request, reply) => {
    const form = request.body ?? new URLSearchParams()
    const next = ownPath(form.get('next'))
    if (!isOwnSignIn(request, form.get('csrf')))
      return show(request, reply.code(403), { notice: { tone: 'bad', text: notices.forged }, next })
    const given = form.get('key')?.trim() ?? ''
    const key = keyOf(given)
    if (key && hasRight(key.role, 'read')) return enter(reply, key, next)
    if (key) {
      const text = 'A producer’s key posts events and has no right to read. Use a viewer’s or an operator’s key.'
      return show(request, reply.code(403), { notice: { tone: 'bad', text }, next })
    }
    // Counted like any refused key; the page is the form again, with what was wrong.
    request.signInNext = next
    await refuse(request, reply, {
      problem: { code: 'key_unknown', detail: 'This key is not known here. Check that you copied all of it.' },
      text: 'API key refused',
      fields: { route: request.routeOptions.url },
    })
    return reply
  })
  server.get<Asked>('/link', { schema: { hide: true }, exposeHeadRoute: false }, async (request, reply) => {
    const token = stringOrNull(request.query.token) ?? ''
    const now = ctx.clock.now()
    const key = keyOfToken(token, apiKeys, now)
    const isFresh =
      key !== null && hasRight(key.role, 'read') && (await useLink(ctx.db, token.split('.')[1] ?? '', now))
    if (isFresh) return enter(reply, key, '/dashboard')
    await refuse(request, reply, {
      problem: {
        code: 'link_invalid',
        detail: 'This sign-in link was used, has ended, or was not made for this service.',
      },
      text: 'sign-in link refused',
      fields: { stage: 'dashboard' },
    })
    return reply
  })
  server.post<Asked>('/sign-out', { schema: { hide: true } }, async (request, reply) => {
    const session = await sessions.of(request)
    if (session && session !== 'ended' && isFormToken(request.body?.get('csrf') ?? null, session.token)) {
      await sessions.end(reply, session, request.body?.get('everywhere') === '1')
      request.log.info({ stage: 'dashboard', by: session.key.name }, 'signed out')
    }
    return reply.redirect('/dashboard/sign-in?out=1', 303)
  })
}

const stringOrNull = (value: unknown) => (typeof value === 'string' ? value : null)
