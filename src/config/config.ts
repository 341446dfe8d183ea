// The settings as the rest of the house reads them.
import type { Brand } from '../i18n/formats.ts'
import type { Source } from '../sources/source.ts'
import type { AppSecret } from '../wire/standard-webhook.ts'

export type Role = 'producer' | 'viewer' | 'operator'

export interface ApiKey {
  name: string
  role: Role
  key: string
}

export interface ResendConfig {
  apiKey: string
  webhookSecret: string | null
  baseUrl: string
}
export interface SendgridConfig {
  apiKey: string
  /** Public, base64 of its DER. */
  webhookKey: string | null
  baseUrl: string
}
export interface MailgunConfig {
  apiKey: string
  domain: string
  signingKey: string | null
  baseUrl: string
}
export interface SmtpConfig {
  url: string
}
export interface TwilioConfig {
  accountSid: string
  authToken: string
  from: string | null
  messagingServiceSid: string | null
  baseUrl: string
}
export interface VonageConfig {
  apiKey: string
  apiSecret: string
  from: string
  signatureSecret: string | null
  baseUrl: string
}
export interface Msg91Config {
  authKey: string
  sender: string | null
  flowId: string
  /** Flow ids by notifier, before `flowId`. */
  flows: Record<string, string>
  receiptToken: string | null
  baseUrl: string
}
export interface Fast2smsConfig {
  apiKey: string
  /** There on the DLT routes. */
  sender: string | null
  route: 'q' | 'dlt' | 'dlt_manual'
  /** The template's id at Fast2SMS, there on the route `dlt`. */
  messageId: string | null
  receiptToken: string | null
  baseUrl: string
}

/** By provider's name; null is off. */
export interface ProviderConfigs {
  resend: ResendConfig | null
  sendgrid: SendgridConfig | null
  mailgun: MailgunConfig | null
  smtp: SmtpConfig | null
  twilio: TwilioConfig | null
  vonage: VonageConfig | null
  msg91: Msg91Config | null
  fast2sms: Fast2smsConfig | null
}

export interface Config extends ProviderConfigs {
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
  /** The routes as named, null where nothing is said: every configured provider in the contract's order. */
  emailProviders: string[] | null
  smsProviders: string[] | null
  /** Most sends a second by provider, over all processes. */
  rates: Record<string, number>
  callbacks: { urls: Record<string, string>; allowPrivate: boolean }
  defaultLocale: string
  defaultTimezone: string
  schedulesTimezone: string
  otlpEndpoint: string | null
  retentionDays: number
  brand: Brand
}
