// Sends a command's requests to a running service.
import type { Config, Role } from '../config/config.ts'
import { accessOf } from '../start.ts'

/** An expected failure, to be printed without a stack. */
export interface Failure {
  text: string
}

export interface RunningService {
  /** Without a trailing slash. */
  url: string
  key: string
}

/** What the options `--url` and `--key`, or their variables, give. */
export interface Given {
  url?: string
  key?: string
}

/**
 * The URL is the one that is given, else that of a service with these settings. The key is the one that is given, else the
 * first one of the first of `roles`.
 */
export async function serviceFor(config: Config, given: Given, roles: Role[]): Promise<RunningService | Failure> {
  const url = (given.url ?? config.publicUrl ?? urlOf(config)).replace(/\/+$/, '')
  if (!/^https?:\/\/./.test(url)) return { text: `${url} is not a URL; give one such as http://127.0.0.1:3000.` }
  if (given.key) return { url, key: given.key }
  const { apiKeys } = await accessOf({ ...config, roles: { ...config.roles, api: true } })
  const key = roles.flatMap((role) => apiKeys.filter((one) => one.role === role))[0]?.key
  if (!key) return { text: `API_KEYS has no key with the role ${roles.join(' or ')}; give one with --key.` }
  return { url, key }
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

export async function request(
  { url, key }: RunningService,
  path: string,
  init: { method: string; headers?: Record<string, string>; body?: Buffer },
): Promise<{ status: number; body: unknown } | Failure> {
  try {
    const response = await fetch(url + path, {
      ...init,
      body: init.body ? new Uint8Array(init.body) : undefined,
      headers: { ...init.headers, authorization: `Bearer ${key}` },
    })
    return { status: response.status, body: await response.json() }
  } catch {
    return { text: `No Posthorn answers at ${url}. Start it with npm start, or give its URL with --url.` }
  }
}
