// Sends a command's requests to a running service.

import { accessOf } from '../config/access.ts'
import type { Config, Role } from '../config/config.ts'
import type { Failure } from './output.ts'

export interface RunningService {
  /** Without a trailing slash. */
  url: string
  key: string
}

/** What the options `--url` and `--key`, or their variables, give. */
export interface Given {
  url?: string
  key?: string
  json?: boolean
}

/**
 * The URL is the one that is given, else that of a service with these settings. The key is the one that is given, else the
 * first one of the first of `roles`.
 */
export async function serviceFor(config: Config, given: Given, roles: Role[]): Promise<RunningService | Failure> {
  const url = urlFor(config, given)
  if (typeof url !== 'string') return url
  if (given.key) return { url, key: given.key }
  const { apiKeys } = await accessOf({ ...config, roles: { ...config.roles, api: true } })
  const key = roles.flatMap((role) => apiKeys.filter((one) => one.role === role))[0]?.key
  if (!key) return { text: `API_KEYS has no key with the role ${roles.join(' or ')}; give one with --key.` }
  return { url, key }
}

/** The base URL that is given, else that of a service with these settings; without a trailing slash. */
export function urlFor(config: Config, given: Given): string | Failure {
  const url = (given.url ?? config.publicUrl ?? urlOf(config)).replace(/\/+$/, '')
  return /^https?:\/\/./.test(url) ? url : { text: `${url} is not a URL; give one such as http://127.0.0.1:3000.` }
}

/** The URL of a service with these settings on this machine. */
export function urlOf(config: Config): string {
  return `http://${hostOf(config)}:${config.port}`
}

/** A wildcard address can be listened on, but not called. */
function hostOf({ host }: Config): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

interface Problem {
  status: number
  detail: string
  errors?: { path: string; message: string }[]
}

export interface Request {
  method?: string
  headers?: Record<string, string>
  body?: Buffer
}

/** The answer's body, or what the service refuses and why. */
export async function ask<T>(
  service: RunningService,
  path: string,
  request: Request = {},
): Promise<{ body: T } | Failure> {
  const headers = { ...request.headers, authorization: `Bearer ${service.key}` }
  return post<T>(service.url, path, { method: 'GET', ...request, headers })
}

/** The same with a body as JSON. */
export function askJson<T>(service: RunningService, path: string, body: object, headers: Record<string, string> = {}) {
  return ask<T>(service, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(body)),
  })
}

/** Without an API key: a webhook has a signature. */
export async function post<T>(
  url: string,
  path: string,
  { method = 'POST', headers, body }: Request,
): Promise<{ body: T } | Failure> {
  try {
    const response = await fetch(url + path, { method, headers, body: body && new Uint8Array(body) })
    const answer: unknown = await response.json()
    return response.ok ? { body: answer as T } : { text: problemText(answer as Problem) }
  } catch {
    return { text: `No Posthorn answers at ${url}. Start it with npm start, or give its URL with --url.` }
  }
}

function problemText({ status, detail, errors = [] }: Problem): string {
  return [`${status} ${detail}`, ...errors.map(({ path, message }) => `  ${path} ${message}`)].join('\n')
}
