// The settings as they are used, once they are read and found good.
import type { Brand } from '../i18n/formats.ts'
import type { ConfiguredProvider } from '../providers/provider.ts'
import type { Source } from '../sources/source.ts'
import type { AppSecret } from '../wire/standard-webhook.ts'

export type Role = 'producer' | 'viewer' | 'operator'

export interface ApiKey {
  name: string
  role: Role
  key: string
}

export interface Config {
  /** Null: the embedded Postgres under `dataDir`. */
  databaseUrl: string | null
  /** Absolute. */
  dataDir: string
  databaseBackend: 'postgres' | 'citus' | 'yugabytedb' | 'cockroachdb'
  databasePoolSize: number
  roles: { api: boolean; worker: boolean }
  shutdownGraceMs: number
  secretKey: string | null
  host: string
  port: number
  /** Without a slash at its end; null: `http://HOST:PORT`, known once it listens. */
  publicUrl: string | null
  trustProxy: boolean | number | string[]
  logLevel: string
  ingressRateLimit: number
  /** Every vendor that may send events, by its name. */
  sources: ReadonlyMap<string, Source>
  /** Null: one app `demo` with a generated secret (secrets.ts). */
  apps: AppSecret[] | null
  /** Null: one generated operator key (secrets.ts). */
  apiKeys: ApiKey[] | null
  emailFrom: string | null
  emailReplyTo: string | null
  operatorEmail: string | null
  /** By name, those alone that are on. */
  providers: ReadonlyMap<string, ConfiguredProvider>
  /** The routes as named, null where nothing is said: every configured provider in the order of their list. */
  emailProviders: string[] | null
  smsProviders: string[] | null
  /** Most sends a second by provider, over all processes. */
  rates: Record<string, number>
  callbacks: { urls: Record<string, string>; allowPrivate: boolean }
  /** Whether one id of a recipient is one person in all apps. */
  recipientIds: 'shared' | 'per-app'
  defaultLocale: string
  defaultTimezone: string
  schedulesTimezone: string
  otlpEndpoint: string | null
  retentionDays: number
  brand: Brand
}
