// The dashboard's routes: sessions, forged forms, headers and errors. Its pages are handed in, and ask the API.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiKey } from '../../config/config.ts'
import type { Ctx } from '../../context.ts'
import { hasRight, type KeyOf } from '../auth.ts'
import { pageHeaders } from '../pages/page.tsx'
import { notFound, problemError } from '../problems/problem.ts'
import type { Refuse } from '../problems/refusals.ts'
import { forgedForm, takeForms } from './forms.ts'
import { ApiRefusal, ownApi, type ProblemShown } from './own-api.ts'
import { ownPath } from './own-path.ts'
import type { DashboardPages, Flash, PageAnswer, PageRoute, Surroundings, Theme, Visit } from './page.ts'
import {
  cookie,
  cookieOf,
  formToken,
  isFormToken,
  isSecure,
  openSessions,
  openSignInForm,
  sealed,
  unsealed,
} from './sessions.ts'
import { signInRoutes } from './sign-in.ts'
import { whatWaits } from './waiting.ts'

interface DashboardOptions {
  ctx: Ctx
  pages: DashboardPages
  apiKeys: ApiKey[]
  keyOf: KeyOf
  refuse: Refuse
  /** URLs, relative to the base. */
  assets: Surroundings['assets']
}

const flashCookie = 'posthorn_flash'
const themeCookie = 'posthorn_theme'
const flashSeconds = 60
const yearSeconds = 31_536_000

const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
const headers = { ...pageHeaders, 'content-security-policy': policy }

declare module 'fastify' {
  interface FastifyRequest {
    visit: Visit | null
    /** Where a sign-in that was refused was to lead. */
    signInNext: string | null
  }
}

export async function dashboard(server: FastifyInstance, options: DashboardOptions): Promise<void> {
  const { ctx, pages } = options
  const sessions = openSessions(ctx, options.apiKeys)
  server.decorateRequest('visit', null)
  server.decorateRequest('signInNext', null)
  takeForms(server, ctx.publicUrl)
  // A browser gets a page in place of a problem, before anybody is told how long the answer is.
  server.addHook('preSerialization', async (request, reply, payload) => {
    if (!String(reply.getHeader('content-type')).startsWith('application/problem+json')) return payload
    reply.headers(headers).serializer(String)
    const around = request.visit ?? surroundingsOf(request, options.assets)
    const problem = payload as ProblemShown
    const next = request.signInNext
    const here = request.method === 'GET' ? request.url : '/dashboard'
    if (next === null) return pages.problem(problem, { ...around, here }, request.visit)
    const csrf = openSignInForm(reply, ctx.publicUrl())
    return pages.signIn({ ...around, csrf, notice: { tone: 'bad', text: pages.says(problem) }, next })
  })
  const surroundings = (request: FastifyRequest) => surroundingsOf(request, options.assets)
  signInRoutes(server, { ...options, sessions, headers, surroundings })

  /** Undefined once it has answered. */
  const visitOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Visit | undefined> => {
    const session = await sessions.of(request)
    if (session === null || session === 'ended') {
      const query = new URLSearchParams({
        next: request.method === 'GET' ? request.url : '/dashboard',
        ...(session && { ended: '1' }),
      })
      reply.redirect(`/dashboard/sign-in?${query}`, 303)
      return undefined
    }
    const { token, key } = session
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
    request.visit = {
      ...surroundings(request),
      csrf: formToken(token),
      flash: takeFlash(request, reply, token),
      who: { name: key.name, role: key.role },
      mayAct: hasRight(key.role, 'act'),
      ...(await whatWaits(ctx)),
      here: request.url,
      params: request.params as Record<string, string>,
      query: new URLSearchParams(request.url.split('?')[1] ?? ''),
      form,
      api: ownApi(server, key, request),
    }
    if (request.method === 'POST' && !isFormToken(form.get('csrf'), token)) throw forgedForm()
    return request.visit
  }
  const send = async (request: FastifyRequest, reply: FastifyReply, answer: PageAnswer) => {
    if (answer.kind === 'page')
      return reply
        .code(answer.status ?? 200)
        .headers(headers)
        .send(answer.html)
    if (answer.kind === 'document') return reply.headers({ ...headers, ...framed(answer.pictures) }).send(answer.html)
    const session = await sessions.of(request)
    if (answer.flash && session && session !== 'ended') {
      const value = sealed(session.token, JSON.stringify(answer.flash))
      const secure = isSecure(request, ctx.publicUrl())
      reply.header('set-cookie', cookie(flashCookie, value, { seconds: flashSeconds, secure }))
    }
    return reply.redirect(answer.to, 303)
  }
  const serve = ({ method, path, right, answer }: PageRoute) =>
    server.route({
      method,
      url: path,
      schema: { hide: true },
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const visit = await visitOf(request, reply)
        if (!visit) return reply
        if (!hasRight(visit.who.role, right)) throw notAllowed(visit)
        return send(request, reply, await askApi(() => answer(visit)))
      },
    })
  for (const route of pages.routes) serve(route)

  server.post('/theme', { schema: { hide: true } }, async (request, reply) => {
    const visit = await visitOf(request, reply)
    if (!visit) return reply
    const theme = themeIn(visit.form.get('theme'))
    const secure = isSecure(request, ctx.publicUrl())
    reply.header('set-cookie', cookie(themeCookie, theme ?? '', { seconds: theme ? yearSeconds : 0, secure }))
    return reply.redirect(ownPath(visit.form.get('back')), 303)
  })
  server.get('/*', { schema: { hide: true }, exposeHeadRoute: false }, async (request, reply) => {
    if (await visitOf(request, reply)) throw notFound('The dashboard has no such page.')
    return reply
  })
}

/** What the API refuses is shown as it says it. */
async function askApi<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ApiRefusal) throw problemError(error.problem)
    throw error
  }
}

function notAllowed({ who }: Visit): Error {
  return problemError({ code: 'role_not_allowed', detail: `A ${who.role} key may not do this; an operator’s key may.` })
}

/** The dashboard frames a message's own document, which may load its own styles, and pictures where they were asked for. */
function framed(pictures: string) {
  return {
    'content-security-policy': `sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src ${pictures}; frame-ancestors 'self'; form-action 'none'; base-uri 'none'`,
    'x-frame-options': 'SAMEORIGIN',
  }
}

function surroundingsOf(request: FastifyRequest, assets: Surroundings['assets']): Surroundings {
  return { theme: themeIn(cookieOf(request, themeCookie)), assets, csrf: '', flash: null }
}

function themeIn(text: string | null): Theme {
  return text === 'light' || text === 'dark' ? text : null
}

/** It is shown once. */
function takeFlash(request: FastifyRequest, reply: FastifyReply, token: string): Flash | null {
  const value = cookieOf(request, flashCookie)
  const text = request.method === 'GET' && value ? unsealed(token, value) : null
  if (text === null) return null
  reply.header('set-cookie', cookie(flashCookie, '', { seconds: 0, secure: false }))
  return JSON.parse(text) as Flash
}
