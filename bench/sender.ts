// The load generator: sends signed webhooks over keep-alive connections and measures the latency of each; calls the API.
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { Pool } from 'undici'
import { systemClock } from '../src/clock.ts'
import type { Notifier } from '../src/notifiers/notifier.ts'

const apiKey = 'key-of-the-benchmark'
export const appSecret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`

/** The settings of every benchmarked service; the others keep their defaults. */
export const settings = {
  HOST: '127.0.0.1',
  PORT: '0',
  LOG_LEVEL: 'info',
  APP_WEBHOOK_SECRETS: `bench=${appSecret}`,
  API_KEYS: `bench:operator:${apiKey}`,
  EMAIL_FROM: 'Fernwood <hello@fernwood.example>',
  BRAND_NAME: 'Fernwood',
  INGRESS_RATE_LIMIT: '10000000',
  RESEND_API_KEY: 're_bench',
  RESEND_RATE: '10000',
  TWILIO_RATE: '10000',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: '0'.repeat(32),
  TWILIO_FROM: '+14155550100',
}

export interface Webhooks {
  /** To the webhook of the benchmark's app, or to another path. */
  payloads: { path?: string; body: string; headers: Record<string, string> }[]
}

/** An event of a notifier's sample for another recipient, who has an address for these channels only, and another order. */
export function sampleEvent(
  { on, sample }: Notifier,
  id: string,
  changes: { channels?: string[]; sendAt?: string } = {},
) {
  const { phone, ...person } = sample.recipient
  const isReached = (channel: string) => changes.channels?.includes(channel) ?? true
  const recipient = {
    ...person,
    id: `cus_${id}`,
    email: isReached('email') ? `${id}@customers.example` : undefined,
    phone: isReached('sms') ? phone : undefined,
  }
  const [type] = on
  return { type, data: sample.data, recipient, reference: `ORD-${id}`, ...changes }
}

/** Webhooks with a notifier's sample, each for another recipient and order, signed in advance so that signing is not measured. */
export function signed(notifier: Notifier, count: number, changes: Parameters<typeof sampleEvent>[2] = {}): Webhooks {
  const webhook = new Webhook(appSecret)
  const at = systemClock.now()
  return {
    payloads: Array.from({ length: count }, () => {
      const id = `msg_${randomUUID()}`
      const body = JSON.stringify(sampleEvent(notifier, id, changes))
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': webhook.sign(id, at, body),
      }
      return { body, headers }
    }),
  }
}

export interface Sent {
  perSecond: number
  latenciesMs: number[]
  /** When the last answer was read, by the machine's monotonic clock, which all processes share. */
  lastAnswerMs: number
}

export const nowMs = () => Number(process.hrtime.bigint()) / 1e6

/** Posts all webhooks, one at a time on each connection, to the urls in turn. Throws where one is not answered 200. */
export async function send(urls: string[], { payloads }: Webhooks, connections: number): Promise<Sent> {
  const pools = urls.map((url) => new Pool(url, { connections, pipelining: 1, keepAliveTimeout: 60_000 }))
  const waiting = payloads.values()
  const latenciesMs: number[] = []
  let lastAnswerMs = 0
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async (_, i) => {
      const pool = pools[i % pools.length]
      for (const payload of waiting) {
        const sentAt = performance.now()
        if (pool) await post(pool, payload)
        lastAnswerMs = nowMs()
        latenciesMs.push(performance.now() - sentAt)
      }
    }),
  )
  const perSecond = payloads.length / ((performance.now() - startedAt) / 1000)
  for (const pool of pools) await pool.close()
  return { perSecond, latenciesMs, lastAnswerMs }
}

/**
 * Posts webhooks at a steady rate, whether or not the earlier ones have been answered, and measures each from the time at
 * which it was due: a server that stalls cannot make the load wait.
 */
export async function sendAtRate(url: string, { payloads }: Webhooks, perSecond: number): Promise<number[]> {
  const pool = new Pool(url, { connections: 256, pipelining: 1, keepAliveTimeout: 60_000 })
  const startedAt = performance.now()
  const latenciesMs: number[] = []
  const underWay: Promise<void>[] = []
  for (const [i, payload] of payloads.entries()) {
    const dueAt = startedAt + (i * 1000) / perSecond
    const early = dueAt - performance.now()
    if (early > 0) await wait(early)
    underWay.push(post(pool, payload).then(() => void latenciesMs.push(performance.now() - dueAt)))
  }
  await Promise.all(underWay)
  await pool.close()
  return latenciesMs
}

async function post(
  pool: Pool,
  { path = '/webhooks/apps/bench', body, headers }: Webhooks['payloads'][number],
): Promise<void> {
  const answer = await pool.request({ method: 'POST', path, headers, body })
  const text = await answer.body.text()
  if (answer.statusCode !== 200) throw new Error(`a webhook was answered ${answer.statusCode}: ${text}`)
}

/** Whether a question of the operator's is answered 200. */
export async function isAnswered(url: string, path: string): Promise<boolean> {
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${apiKey}` } })
  await answer.arrayBuffer()
  return answer.ok
}

/** Signs the operator in to the dashboard and answers the session's cookie. */
export async function signIn(url: string): Promise<string> {
  const form = await fetch(`${url}/dashboard/sign-in`)
  const csrf = /name="csrf" value="([^"]+)"/.exec(await form.text())?.[1] ?? ''
  const answer = await fetch(`${url}/dashboard/sign-in`, {
    method: 'POST',
    headers: { cookie: cookiesOf(form), origin: url },
    body: new URLSearchParams({ csrf, key: apiKey }),
    redirect: 'manual',
  })
  if (answer.status !== 303) throw new Error(`the sign-in was answered ${answer.status}`)
  return cookiesOf(answer)
}

const cookiesOf = ({ headers }: Response) =>
  headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')

/** Opens a page of the dashboard. Throws where it is not answered 200. */
export async function openPage(url: string, path: string, cookie: string): Promise<void> {
  const answer = await fetch(`${url}${path}`, { headers: { cookie } })
  await answer.arrayBuffer()
  if (answer.status !== 200) throw new Error(`GET ${path} was answered ${answer.status}`)
}

/** Calls the API as the operator. Throws where it is not answered 2xx. */
export async function api<T>(url: string, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`)
  return JSON.parse(text) as T
}
