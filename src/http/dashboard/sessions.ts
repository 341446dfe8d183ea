// Sessions of the dashboard: a token in a cookie, of which the table has the digest, with the rights of the key that opened it.
import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiKey } from '../../config/config.ts'
import type { Ctx } from '../../context.ts'
import { endSession, endSessionsOf, findSession, insertSession } from '../../store/dashboard/sessions.ts'
import { recordAccess } from '../../store/people/access-log.ts'
import { isSameText } from '../../wire/same-text.ts'

export const sessionHours = 8
const sessionCookie = 'posthorn_session'
const signInCookie = 'posthorn_sign_in'
const signInSeconds = 86_400
const tokenBytes = 32

export interface OpenSession {
  token: string
  key: ApiKey
}

export interface Sessions {
  /** The session of a request; `ended` where its cookie names one that is no longer valid, null without a cookie. */
  of(request: FastifyRequest): Promise<OpenSession | 'ended' | null>
  open(reply: FastifyReply, key: ApiKey): Promise<void>
  end(reply: FastifyReply, session: OpenSession, everywhere: boolean): Promise<void>
}

export function openSessions({ db, clock, publicUrl }: Ctx, keys: ApiKey[]): Sessions {
  const setCookie = (reply: FastifyReply, token: string, seconds: number) =>
    reply.header('set-cookie', cookie(sessionCookie, token, { seconds, secure: isSecure(reply.request, publicUrl()) }))
  return {
    async of(request) {
      const token = cookieOf(request, sessionCookie)
      if (!token) return null
      const found = await findSession(db, digestOf(token), clock.now())
      const key =
        found && keys.find((one) => one.name === found.keyName && isSameText(proofOf(token, one), found.keyProof))
      return key ? { token, key } : 'ended'
    },
    async open(reply, key) {
      const token = newToken()
      const createdAt = clock.now()
      const expiresAt = new Date(createdAt.getTime() + sessionHours * 3_600_000)
      const keyProof = proofOf(token, key)
      await recordAccess(db, { at: createdAt, keyName: key.name, what: 'signed in', subject: 'dashboard', whose: [] })
      await insertSession(db, { digest: digestOf(token), keyName: key.name, keyProof, createdAt, expiresAt })
      setCookie(reply, token, sessionHours * 3600)
    },
    async end(reply, { token, key }, everywhere) {
      if (everywhere) await endSessionsOf(db, key.name, clock.now())
      else await endSession(db, digestOf(token), clock.now())
      setCookie(reply, '', 0)
    },
  }
}

/**
 * Gives the browser a token before anybody is signed in, and answers that of the sign-in form: another site cannot read either, and
 * so cannot sign a person in as somebody else. A browser keeps the token that it has, so that the forms of all its tabs count.
 */
export function openSignInForm(reply: FastifyReply, publicUrl: string): string {
  const { request } = reply
  const token = cookieOf(request, signInCookie) ?? newToken()
  const secure = isSecure(request, publicUrl)
  reply.header('set-cookie', cookie(signInCookie, token, { seconds: signInSeconds, secure }))
  return formToken(token)
}

/** Whether the token of a sign-in form is that of the browser which sends it. */
export function isOwnSignIn(request: FastifyRequest, given: string | null): boolean {
  const token = cookieOf(request, signInCookie)
  return token !== null && isFormToken(given, token)
}

/** The token of a session's forms. */
export function formToken(token: string): string {
  return createHmac('sha256', token).update('form').digest('base64url')
}

export function isFormToken(given: string | null, token: string): boolean {
  return given !== null && isSameText(given, formToken(token))
}

/** A value that only the holder of the session can have made. */
export function sealed(token: string, text: string): string {
  const encoded = Buffer.from(text).toString('base64url')
  return `${encoded}.${createHmac('sha256', token).update(`sealed ${encoded}`).digest('base64url')}`
}

export function unsealed(token: string, value: string): string | null {
  const text = Buffer.from(value.split('.', 1)[0] ?? '', 'base64url').toString()
  return isSameText(value, sealed(token, text)) ? text : null
}

/** Strict: a cookie goes only with requests that a page of ours makes, or the person's own typing. */
export function cookie(name: string, value: string, { seconds, secure }: { seconds: number; secure: boolean }): string {
  const more = secure ? '; Secure' : ''
  return `${name}=${value}; Path=/dashboard; Max-Age=${seconds}; HttpOnly; SameSite=Strict${more}`
}

export function cookieOf({ headers }: FastifyRequest, name: string): string | null {
  const pairs = (headers.cookie ?? '').split(/; */).map((pair) => pair.split('=', 2))
  return pairs.find(([key]) => key === name)?.[1] || null
}

export function isSecure(request: FastifyRequest, publicUrl: string): boolean {
  return request.protocol === 'https' || publicUrl.startsWith('https:')
}

function newToken(): string {
  return randomBytes(tokenBytes).toString('base64url')
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

function proofOf(token: string, { key }: ApiKey): string {
  return createHmac('sha256', token).update(`key ${key}`).digest('base64url')
}
