// Sends callbacks to apps as Standard Webhooks (https://www.standardwebhooks.com): signed with the app's own secrets, under
// the same id on every attempt.
import type { KeyObject } from 'node:crypto'
import type { Outcome } from '../../domain/attempt.ts'
import { type HttpResult, retryAfterMs, type Transport, transport } from '../../wire/http.ts'
import { isPrivateHost, lookupPublic, privateAddress } from '../../wire/public-address.ts'
import { type AppSecret, signStandardWebhook, webhookKey } from '../../wire/standard-webhook.ts'
import { providerOf } from '../kit/provider-of.ts'
import type { Provider } from '../provider.ts'
import { adaptiveTimeout } from './adaptive-timeout.ts'

interface CallbackConfig {
  /** Keyed by app. */
  urls: Record<string, string>
  allowPrivate: boolean
  /** An app may have several, so that they can be rotated. */
  secrets: AppSecret[]
}

interface App {
  url: URL
  keys: KeyObject[]
  wire: Transport
  isRefused: boolean
  withTimeout: ReturnType<typeof adaptiveTimeout>
}

export const callbackName = 'callback'
export const callbackTitle = 'The app'

/** Only the status of an answer is used; the body is not stored. */
const maxBodyBytes = 64 * 1024

export function callback({ urls, allowPrivate, secrets }: CallbackConfig, nowMs: () => number): Provider {
  const apps = new Map(Object.entries(urls).map(([name, url]) => [name, appOf(name, new URL(url))]))

  function appOf(name: string, url: URL): App {
    const keys = secrets.filter((app) => app.name === name).map(({ secret }) => webhookKey(secret, `app ${name}`))
    const lookup = allowPrivate ? {} : { lookup: lookupPublic }
    const wire = transport(url.origin, { maxBodyBytes, ...lookup })
    const isRefused = !allowPrivate && isPrivateHost(url)
    return { url, keys, wire, isRefused, withTimeout: adaptiveTimeout() }
  }

  return providerOf(
    { name: callbackName, channel: 'callback' },
    {
      secrets: secrets.map(({ secret }) => secret),
      limitMs: 10_000,
      repeatable: true,
      async send({ app: name, to, text: body }, { key, traceparent, signal }) {
        const app = apps.get(name)
        if (!app) return rejected('no_callback', `The app ${name} has no callback URL any more.`)
        const { url, keys, wire, withTimeout } = app
        const id = key.replaceAll('.', '_')
        const headers = {
          'content-type': 'application/json',
          'user-agent': 'posthorn',
          ...(traceparent && { traceparent }),
          ...signStandardWebhook(keys, id, body, nowMs()),
        }
        const result: HttpResult = app.isRefused
          ? { kind: 'not-sent', ...privateAddress }
          : await withTimeout(signal, (limit) =>
              wire.send({ method: 'POST', path: url.pathname + url.search, headers, body, signal: limit }),
            )
        const outcome = outcomeOf(result, name, id, nowMs())
        if (url.href === to) return outcome
        const moved = `The callback URL has changed; the call went to the current one, ${url.origin}${url.pathname}.`
        return { ...outcome, text: outcome.text ? `${outcome.text} ${moved}` : moved }
      },
      async close() {
        await Promise.all([...apps.values()].map(({ wire }) => wire.close()))
      },
    },
  )
}

function outcomeOf(result: HttpResult, app: string, id: string, nowMs: number): Outcome {
  if (result.kind === 'not-sent') return deferred(result.code, `The app ${app} could not be reached: ${result.text}`)
  // The status decides, even if the body did not arrive.
  const statusCode = result.statusCode ?? undefined
  if (statusCode && statusCode >= 200 && statusCode < 300) return { kind: 'accepted', ref: id, statusCode }
  if (statusCode === 410)
    return { ...rejected('gone', `The app ${app} does not want this callback any more (410).`), statusCode }
  if (result.kind === 'lost')
    return { ...deferred(result.code, `The answer of the app ${app} is incomplete: ${result.text}`), statusCode }
  const isRedirect = result.statusCode >= 300 && result.statusCode < 400
  const text = `The app ${app} answered ${result.statusCode}${isRedirect ? ', and redirects are not followed' : ''}.`
  const retryAfter = retryAfterMs(result.headers, nowMs)
  return { ...deferred(`http_${result.statusCode}`, text), statusCode, retryAfterMs: retryAfter }
}

/** Apps deduplicate by id, so a lost answer is retried like a failure. A failing app does not count against the others. */
function deferred(code: string, text: string): Extract<Outcome, { kind: 'deferred' }> {
  return { kind: 'deferred', code, text, messageOnly: true }
}

function rejected(code: string, text: string): Outcome {
  return { kind: 'rejected', blame: 'message', code, text }
}
