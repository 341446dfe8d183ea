// Sends a command's requests to a running service, by the typed client.
import { type Posthorn, posthorn, type Schemas } from '../../clients/typescript/index.ts'
import { accessOf } from '../config/access.ts'
import type { Config, Role } from '../config/config.ts'
import { isFields } from '../wire/json.ts'
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

/** An answer of the client: data, or the problem. */
interface Answered<T> {
  data?: T
  error?: unknown
}

/** What the service answers, or what it refuses and why. */
export async function ask<T>(
  { url, key }: RunningService,
  call: (api: Posthorn) => Promise<Answered<T>>,
): Promise<{ body: T } | Failure> {
  try {
    const { data, error } = await call(posthorn({ url, key }))
    if (data !== undefined) return { body: data }
    return isProblem(error) ? { text: problemText(error) } : noPosthorn(url)
  } catch {
    return noPosthorn(url)
  }
}

/** Posts a signed webhook, which needs no API key. */
export async function postWebhook<T>(
  url: string,
  path: string,
  { headers, body }: { headers: Record<string, string>; body: Buffer },
): Promise<{ body: T } | Failure> {
  try {
    const response = await fetch(url + path, { method: 'POST', headers, body: new Uint8Array(body) })
    const answer: unknown = await response.json()
    if (response.ok) return { body: answer as T }
    return isProblem(answer) ? { text: problemText(answer) } : noPosthorn(url)
  } catch {
    return noPosthorn(url)
  }
}

function noPosthorn(url: string): Failure {
  return {
    text: `No Posthorn answers at ${url}. Start it with npm start; or give the URL that reaches it from here, such as --url http://127.0.0.1:3000.`,
  }
}

type Problem = Schemas['Problem']

function isProblem(error: unknown): error is Problem {
  return isFields(error) && typeof error.status === 'number' && typeof error.detail === 'string'
}

function problemText({ status, detail, errors = [] }: Problem): string {
  return [`${status} ${detail}`, ...errors.map(({ path, message }) => `  ${path} ${message}`)].join('\n')
}
