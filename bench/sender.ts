// The load generator: sends signed webhooks over keep-alive connections and measures the latency of each.
import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { Pool } from 'undici'
import { systemClock } from '../src/clock.ts'
import type { Notifier } from '../src/notifiers/notifier.ts'

export const appSecret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`

/** The settings of every benchmarked service; the others keep their defaults. */
export const settings = {
  HOST: '127.0.0.1',
  PORT: '0',
  LOG_LEVEL: 'info',
  APP_WEBHOOK_SECRETS: `bench=${appSecret}`,
  API_KEYS: 'bench:operator:key-of-the-benchmark',
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
  payloads: { body: string; headers: Record<string, string> }[]
}

/** Webhooks with a notifier's sample, each for another recipient and order, signed in advance so that signing is not measured. */
export function signed(notifier: Notifier, count: number): Webhooks {
  const webhook = new Webhook(appSecret)
  const at = systemClock.now()
  return {
    payloads: Array.from({ length: count }, () => {
      const id = `msg_${randomUUID()}`
      const recipient = { ...notifier.sample.recipient, id: `cus_${id}`, email: `${id}@customers.example` }
      const body = JSON.stringify({ ...notifier.sample, recipient, reference: `ORD-${id.slice(4, 12)}` })
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
  lastAnswerNs: bigint
}

/** Posts all webhooks, one at a time on each connection. Throws where one is not answered 200. */
export async function send(url: string, { payloads }: Webhooks, connections: number): Promise<Sent> {
  const pool = new Pool(url, { connections, pipelining: 1, keepAliveTimeout: 60_000 })
  const waiting = payloads.values()
  const latenciesMs: number[] = []
  let lastAnswerNs = 0n
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (const { body, headers } of waiting) {
        const sentAt = performance.now()
        const answer = await pool.request({ method: 'POST', path: '/webhooks/apps/bench', headers, body })
        const text = await answer.body.text()
        lastAnswerNs = process.hrtime.bigint()
        if (answer.statusCode !== 200) throw new Error(`a webhook was answered ${answer.statusCode}: ${text}`)
        latenciesMs.push(performance.now() - sentAt)
      }
    }),
  )
  const perSecond = payloads.length / ((performance.now() - startedAt) / 1000)
  await pool.close()
  return { perSecond, latenciesMs, lastAnswerNs }
}
