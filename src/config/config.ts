// The validated settings.
import type { Brand } from '../i18n/formats.ts'
import type { TracingSettings } from '../observe/tracing.ts'
import type { ConfiguredProvider } from '../providers/provider.ts'
import type { Source } from '../sources/source.ts'
import type { AppSecret } from '../wire/standard-webhook.ts'

export type Role = 'producer' | 'viewer' | 'operator'

export interface ApiKey {
  name: string
  role: Role
  /** Of a producer: its events go to the sandbox only. */
  isTest: boolean
  key: string
}

/** How many days each class of data is kept; null for ever. */
export interface RetentionDays {
  /** Rendered messages and their subjects. */
  messages: number
  /** Bodies of events, and of providers' reports. */
  events: number
  addresses: number
  /** Notifications with their attempts, receipts and timelines. */
  audit: number | null
  accessLog: number | null
}

export interface Config {
  /** Null for the embedded Postgres under `dataDir`. */
  databaseUrl: string | null
  /** A replica for lists and searches; null for none. */
  databaseReadUrl: string | null
  /** An absolute path. */
  dataDir: string
  databaseBackend: 'postgres' | 'citus' | 'yugabytedb' | 'cockroachdb'
  databasePoolSize: number
  roles: { api: boolean; worker: boolean }
  shutdownGraceMs: number
  /** The first signs, all verify; null for one that is generated. */
  secretKeys: [string, ...string[]] | null
  host: string
  port: number
  /** False if `port` is the default. */
  portIsSet: boolean
  /** Without a trailing slash; null for `http://HOST:PORT`, which is known once the server listens. */
  publicUrl: string | null
  trustProxy: boolean | number | string[]
  logLevel: string
  ingressRateLimit: number
  /** Every vendor of events, keyed by name. */
  sources: ReadonlyMap<string, Source>
  /** Null for one app, `demo`, with a generated secret. */
  apps: AppSecret[] | null
  /** Null for one generated operator key. */
  apiKeys: ApiKey[] | null
  emailFrom: string | null
  emailReplyTo: string | null
  operatorEmail: string | null
  heartbeatUrl: string | null
  /** The providers that are on, keyed by name. */
  providers: ReadonlyMap<string, ConfiguredProvider>
  /** The provider names of the route; null for the default route. */
  emailProviders: string[] | null
  smsProviders: string[] | null
  /** The maximum of sends per second over all processes, keyed by provider. */
  rates: Record<string, number>
  callbacks: { urls: Record<string, string>; allowPrivate: boolean }
  /** `shared`: the same recipient id means the same person in all apps. */
  recipientIds: 'shared' | 'per-app'
  defaultLocale: string
  defaultTimezone: string
  schedulesTimezone: string
  retention: RetentionDays
  /** Null for none. */
  tracing: TracingSettings | null
  brand: Brand
}
