// How a command speaks to a running service: where it is, with which key, and what is said where nobody answers.
import type { Config, Role } from '../config/config.ts'
import { accessOf } from '../start.ts'

/** Known by its message alone: no bug, and no stack for people. */
export interface Failure {
  text: string
}

export interface Asking {
  /** Without a slash at its end. */
  url: string
  key: string
}

/** `given` goes before the settings, by which a service of this machine would listen. The first of `roles` that has a key asks. */
export async function whomToAsk(config: Config, given: string | undefined, roles: Role[]): Promise<Asking | Failure> {
  const url = given ?? config.publicUrl ?? `http://${hostOf(config)}:${config.port}`
  if (!/^https?:\/\/./.test(url)) return { text: `${url} is no URL; give one such as http://127.0.0.1:3000.` }
  const { apiKeys } = await accessOf({ ...config, roles: { ...config.roles, api: true } })
  const key = roles.flatMap((role) => apiKeys.filter((one) => one.role === role))[0]?.key
  if (!key) return { text: `API_KEYS has no key with the role ${roles.join(' or ')}.` }
  return { url: url.replace(/\/+$/, ''), key }
}

/** Where everybody listens is no place to call. */
function hostOf({ host }: Config): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

export async function ask(
  { url, key }: Asking,
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
    return { text: `No Posthorn answers at ${url}. Start one with npm start, or say where it is with --url.` }
  }
}
