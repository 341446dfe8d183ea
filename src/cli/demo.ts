// `npm run demo`: starts the service with the embedded database and the sandbox, sends it signed webhooks over HTTP, and
// prints the resulting notifications.
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Posthorn, posthorn, type Schemas } from '../../clients/typescript/index.ts'
import { systemClock } from '../clock.ts'
import { accessOf } from '../config/access.ts'
import type { ApiKey, Config } from '../config/config.ts'
import { openLog } from '../log.ts'
import { vendors } from '../providers/index.ts'
import { settingReader } from '../settings/reader.ts'
import { configureSources, vendorSources } from '../sources/index.ts'
import { type Running, start } from '../start.ts'
import type { AppSecret } from '../wire/standard-webhook.ts'
import { demoWebhooks, type Webhook } from './demo-webhooks.ts'
import { urlOf } from './running.ts'
import { stopSignals } from './stop-signals.ts'
import { bold, dim } from './styles.ts'

const settleTimeoutMs = 20_000
const final = new Set(['sent', 'suppressed', 'failed', 'expired'])

/** Keeps running unless `--exit` is given. Throws where a webhook is not answered with the expected status. */
export async function demo(configured: Config, { exit }: { exit?: boolean }): Promise<void> {
  const { apps, apiKeys } = await accessOf({ ...configured, apps: null, apiKeys: null })
  const config = demoConfig(configured, apps, apiKeys)
  const secret = apps.find((app) => app.name === 'demo')?.secret
  const key = apiKeys.find(({ role }) => role === 'operator')?.key
  if (!secret || !key) throw new Error('the demo needs its own app and key')

  print(
    `${bold('Posthorn demo')}: signed webhooks come in, messages go out to the sandbox. Nothing leaves this machine.\n`,
  )
  const running = await startSomewhere(config)
  let stopping: Promise<void> | undefined
  const stop = async () => {
    // npm and a terminal both pass on Ctrl-C.
    stopping ??= running.stop()
    await stopping
    process.exit(0)
  }
  for (const signal of stopSignals) process.on(signal, stop)

  print(`${bold('What came in')}\n`)
  const events: string[] = []
  const client = posthorn({ url: running.url, key })
  for (const webhook of demoWebhooks(secret, systemClock.now())) {
    const id = await send(running.url, webhook)
    if (id && !events.includes(id)) events.push(id)
  }

  print(`\n${bold('What went out')} (times in UTC)\n`)
  for (const id of events) for (const shown of await settledNotifications(client, id)) printNotification(shown)

  print(`${bold('Where to look next')}\n`)
  if (exit) print('  start it again           npm run demo: it stays up, and prints its URL for the commands below')
  for (const line of hints(exit ? urlOf(configured) : running.url, key)) print(line)
  if (exit) return await stop()
  print(`\nStill running at ${running.url}. Ctrl-C stops it.`)
}

/** Where to look up what the demo has made. */
function hints(url: string, key: string): string[] {
  return [
    `  the key, to begin with   export KEY=${key}`,
    `  a preview of an email    curl -H "Authorization: Bearer $KEY" "${url}/v1/notifiers/order-shipped/preview?format=text"`,
    `  everything for Ada       curl -H "Authorization: Bearer $KEY" "${url}/v1/notifications?recipient=ada@example.com"`,
    `  the API, described       ${url}/docs`,
    `  the dashboard            ${url}/dashboard: sign in with the key above`,
    `  real providers           set ${firstSettings().join(' or ')}, and so on: see .env.example, then npm start`,
  ]
}

/** Whatever is configured, the demo sends nothing, calls no vendor, and has its own database, with only its own messages. */
function demoConfig(config: Config, apps: AppSecret[], apiKeys: ApiKey[]): Config {
  return {
    ...config,
    databaseUrl: null,
    databaseReadUrl: null,
    dataDir: path.join(config.dataDir, 'demo'),
    databaseBackend: 'postgres',
    roles: { api: true, worker: true },
    apps,
    apiKeys,
    sources: configureSources(settingReader(demoEnv(), () => '')),
    callbacks: { urls: {}, allowPrivate: false },
    heartbeatUrl: null,
    tracing: null,
    emailProviders: ['sandbox'],
    smsProviders: ['sandbox'],
  }
}

/** Only the secrets that the vendors' demo webhooks are signed with. */
function demoEnv(): Record<string, string> {
  return Object.assign({}, ...vendorSources.map(({ demo }) => demo?.env))
}

/** The first setting of each channel's first provider. */
function firstSettings(): string[] {
  return [vendors.email, vendors.sms].flatMap(([first]) => Object.keys(first?.lines ?? {}).slice(0, 1))
}

/** Listens on the configured port, or on a free one where that is taken. */
async function startSomewhere(config: Config): Promise<Running> {
  const options = { log: openLog('warn'), print: () => {} }
  try {
    return await start(config, options)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    print(`Port ${config.port} is taken; using a free one.\n`)
    return start({ ...config, port: 0 }, options)
  }
}

async function send(url: string, { title, path, headers, body, expected }: Webhook): Promise<string | null> {
  const response = await fetch(url + path, { method: 'POST', headers, body })
  const answer = (await response.json()) as { id?: string; duplicate?: boolean; detail?: string }
  const words = answer.id ? (answer.duplicate ? 'duplicate, not processed again' : 'stored') : (answer.detail ?? '')
  print(`  ${title.padEnd(46)} POST ${path.padEnd(20)} ${response.status} ${words}`)
  if (response.status !== expected) throw new Error(`${path} answered ${response.status}, not ${expected}`)
  return answer.id ?? null
}

/** Resolves with the event's notifications once all have ended; throws after `settleTimeoutMs`. */
async function settledNotifications(client: Posthorn, eventId: string): Promise<Schemas['NotificationAudit'][]> {
  for (let waitedMs = 0; waitedMs < settleTimeoutMs; waitedMs += 50) {
    const { data: event } = await client.GET('/v1/events/{id}', { params: { path: { id: eventId } } })
    if (event && event.status !== 'accepted' && event.notifications.every(({ state }) => final.has(state)))
      return Promise.all(event.notifications.map(({ id }) => notificationOf(client, id)))
    await wait(50)
  }
  throw new Error(`event ${eventId} did not complete within ${settleTimeoutMs / 1000} s`)
}

async function notificationOf(client: Posthorn, id: string): Promise<Schemas['NotificationAudit']> {
  const params = { path: { id }, query: { include: 'message' } } as const
  const { data, error } = await client.GET('/v1/notifications/{id}', { params })
  if (!data) throw new Error(`notification ${id} cannot be read: ${error.detail}`)
  return data
}

function printNotification(n: Schemas['NotificationAudit']): void {
  const what = n.subject ?? n.message?.text ?? n.reason?.text ?? ''
  print(`  ${bold(n.state)} ${n.channel} to ${n.to ?? 'nobody'}, by ${n.notifier}`)
  print(`  ${what}`)
  for (const { at, what, detail } of n.timeline)
    print(`    ${at.slice(11, 23)}  ${what}${detail ? ` ${dim(detail)}` : ''}`)
  print('')
}

function print(line: string): void {
  console.log(line)
}
