// Loads the settings from the environment and reports all faults at once.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { allVendors } from '../providers/index.ts'
import type { ConfiguredProvider } from '../providers/provider.ts'
import { oneOrMore } from '../settings/lists.ts'
import { type Env, type Fault, type Reader, settingReader } from '../settings/reader.ts'
import * as value from '../settings/values.ts'
import { configureSources } from '../sources/index.ts'
import { backends } from '../store/backends.ts'
import { nearestName } from '../wire/nearest-name.ts'
import type { Config } from './config.ts'
import { apiKeys, appSecrets, callbackUrls } from './lists.ts'
import * as place from './places.ts'
import { retention } from './retention.ts'
import { routes, sendsRealEmail } from './routes.ts'
import { settings } from './table.ts'
import { tracingSettings } from './tracing.ts'

/** `doubts`: values that are taken and most likely mistakes, such as a key of another shape than its vendor documents. */
export type LoadedConfig = ({ ok: true; config: Config } | { ok: false; faults: Fault[] }) & { doubts: Fault[] }

/** `misspelt` are names in the `.env` file that are near a setting. They are no faults: the file may serve other programs. */
type LoadedSettings = LoadedConfig & { misspelt: Fault[] }

/** The settings of the process's environment, which overrides a `.env` file in `directory`, or every fault. */
export function loadSettings(directory = process.cwd()): LoadedSettings {
  const file = readEnvFile(resolve(directory, '.env'))
  // An empty variable overrides the file's value.
  const loaded = loadConfig({ ...file.env, ...process.env })
  const misspelt = misspeltIn(Object.keys(file.env))
  if (!file.fault) return { ...loaded, misspelt }
  return { ok: false, faults: [file.fault, ...(loaded.ok ? [] : loaded.faults)], doubts: loaded.doubts, misspelt }
}

function misspeltIn(names: string[]): Fault[] {
  const known = Object.keys(settings)
  return names.flatMap((name) => {
    const setting = name.replace(/_FILE$/, '')
    const near = known.includes(setting) ? null : nearestName(setting, known)
    // `REDIS_HOST` is another program's, and not a misspelt `HOST`.
    if (near === null || name.split('_').includes(near)) return []
    return [{ name, text: `in .env is not a setting; did you mean ${near}?` }]
  })
}

function readEnvFile(path: string): { env: Env; fault?: Fault } {
  try {
    return { env: parseEnv(readFileSync(path, 'utf8')) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    if (code === 'ENOENT' || code === 'EISDIR') return { env: {} }
    return { env: {}, fault: { name: '.env', text: `cannot be read (${code}); make ${path} readable or remove it` } }
  }
}

/** The settings in `env`, or every fault. Pure except for `readFile`, which reads `_FILE`s. */
export function loadConfig(env: Env, readFile = (path: string) => readFileSync(path, 'utf8')): LoadedConfig {
  const reader = settingReader(env, readFile)
  const { read } = reader
  const providers = configuredProviders(reader)
  const named = routes(reader, providers)
  const apps = appSecrets(reader)
  const allowPrivate = read('CALLBACKS_ALLOW_PRIVATE', value.boolean) ?? false

  const config: Config = {
    ...processSettings(reader),
    ...httpSettings(reader),
    providers,
    rates: providerRates(reader),
    ...named,
    sources: configureSources(reader),
    apps,
    apiKeys: apiKeys(reader, apps),
    emailFrom: read('EMAIL_FROM', value.mailbox),
    emailReplyTo: read('EMAIL_REPLY_TO', value.mailbox),
    operatorEmail: read('OPERATOR_EMAIL', value.emailAddress),
    heartbeatUrl: read('HEARTBEAT_URL', value.webUrl),
    callbacks: { urls: callbackUrls(reader, apps, allowPrivate), allowPrivate },
    recipientIds: read('RECIPIENT_IDS', value.oneOf('shared', 'per-app')) ?? 'shared',
    defaultLocale: read('DEFAULT_LOCALE', value.locale) ?? 'en',
    defaultTimezone: read('DEFAULT_TIMEZONE', value.timezone) ?? 'UTC',
    schedulesTimezone: read('SCHEDULES_TIMEZONE', value.timezone) ?? 'UTC',
    brand: {
      name: reader.text('BRAND_NAME') ?? 'Posthorn',
      color: read('BRAND_COLOR', value.color) ?? '#1f3a5f',
      logoUrl: read('BRAND_LOGO_URL', value.webUrl),
      address: reader.text('BRAND_ADDRESS'),
    },
  }

  if (sendsRealEmail(reader, named.emailProviders) && !reader.given('EMAIL_FROM')) {
    reader.fault(
      'EMAIL_FROM',
      'is missing, and an email provider is on; give a sender such as Acme <hello@example.com>',
    )
  }
  if (config.databaseBackend !== 'postgres' && !reader.given('DATABASE_URL')) {
    reader.fault(
      'DATABASE_BACKEND',
      `is ${config.databaseBackend}, and the embedded database is Postgres; give its DATABASE_URL`,
    )
  }
  const { faults, doubts } = reader
  return faults.length > 0 ? { ok: false, faults, doubts } : { ok: true, config, doubts }
}

function configuredProviders(reader: Reader): ReadonlyMap<string, ConfiguredProvider> {
  const found = new Map<string, ConfiguredProvider>()
  for (const vendor of allVendors) {
    const configured = vendor.configure(reader)
    if (configured) found.set(vendor.name, configured)
  }
  return found
}

function providerRates({ read }: Reader): Record<string, number> {
  return Object.fromEntries(
    allVendors.map(({ name, rate, rateSetting }) => [name, read(rateSetting, value.rate) ?? rate]),
  )
}

function processSettings(reader: Reader) {
  const { read, text, fault } = reader
  const named = (text('POSTHORN_ROLES') ?? 'api,worker').split(',').map((role) => role.trim().toLowerCase())
  if (named.some((role) => role !== 'api' && role !== 'worker'))
    fault('POSTHORN_ROLES', 'has an unknown role; give api, worker or api,worker')
  return {
    databaseUrl: read('DATABASE_URL', place.databaseUrl),
    databaseReadUrl: read('DATABASE_READ_URL', place.databaseUrl),
    dataDir: read('DATA_DIR', place.folder) ?? resolve('.data'),
    databaseBackend: read('DATABASE_BACKEND', value.oneOf(...backends)) ?? 'postgres',
    databasePoolSize: read('DATABASE_POOL_SIZE', value.integer(5, 100)) ?? 10,
    roles: { api: named.includes('api'), worker: named.includes('worker') },
    shutdownGraceMs: (read('SHUTDOWN_GRACE_SECONDS', value.integer(1, 3600)) ?? 20) * 1000,
    secretKeys: oneOrMore(reader, 'SECRET_KEY', value.secret(16)),
    logLevel: read('LOG_LEVEL', value.oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent')) ?? 'info',
    tracing: tracingSettings(reader),
    retention: retention(reader),
  }
}

function httpSettings({ read, given }: Reader) {
  return {
    host: read('HOST', place.hostName) ?? '127.0.0.1',
    port: read('PORT', value.integer(0, 65_535)) ?? 3000,
    portIsSet: given('PORT'),
    publicUrl: read('PUBLIC_URL', value.baseUrl),
    trustProxy: read('TRUST_PROXY', value.trustProxy) ?? false,
    ingressRateLimit: read('INGRESS_RATE_LIMIT', value.integer(1, 10_000_000)) ?? 6000,
  }
}
