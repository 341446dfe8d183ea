// The environment variables and their descriptions, in the order of `.env.example`.
import { allVendors } from '../providers/index.ts'
import { vendorSources } from '../sources/index.ts'

export const settings: Record<string, string> = {
  DATABASE_URL: 'Postgres to use, postgres://… (unset: an embedded Postgres under DATA_DIR)',
  DATABASE_READ_URL: 'a read replica of it for lists and searches, postgres://… (unset: the same database)',
  DATA_DIR: 'folder of the embedded database and the generated secrets (.data)',
  DATABASE_BACKEND: 'what DATABASE_URL names: postgres; experimental: citus, yugabytedb, cockroachdb (postgres)',
  DATABASE_POOL_SIZE: 'connections of each process, 5 to 100 (10)',
  POSTHORN_ROLES: 'what this process does: api, worker or both (api,worker)',
  SHUTDOWN_GRACE_SECONDS: 'seconds that work in flight may take to finish on SIGTERM (20)',
  SECRET_KEY:
    'signs unsubscribe links, the same in every process; new,old while it is replaced (unset: generated once, stored in Postgres)',
  HOST: 'address that HTTP listens on (127.0.0.1)',
  PORT: 'port that HTTP listens on, 0 for any free one (3000)',
  PUBLIC_URL: 'base URL of links in messages and of provider callbacks (http://HOST:PORT)',
  TRUST_PROXY:
    'proxies to trust for client addresses: a number of hops, or addresses and CIDR blocks; true trusts anybody (off)',
  LOG_LEVEL: 'trace, debug, info, warn, error, fatal or silent (info)',
  INGRESS_RATE_LIMIT: 'maximum of webhooks per minute from one address to one source (6000)',
  OTEL_EXPORTER_OTLP_ENDPOINT:
    'collector that gets traces by OTLP over HTTP, such as http://localhost:4318 (unset: none)',
  OTEL_EXPORTER_OTLP_HEADERS: 'headers of these requests, name=value pairs, such as the collector’s key',
  OTEL_SERVICE_NAME: 'name of this service in traces (posthorn)',
  OTEL_RESOURCE_ATTRIBUTES: 'further attributes of this service in traces, name=value pairs',
  OTEL_TRACES_SAMPLER:
    'always_on, always_off or traceidratio, or one of them after parentbased_, which follows the sender’s trace (parentbased_always_on)',
  OTEL_TRACES_SAMPLER_ARG: 'share of the traces that a sampler by ratio keeps, 0 to 1 (1)',
  RETENTION_DAYS: 'days after which message bodies and addresses are removed from finished rows (90)',
  RETENTION_DAYS_MESSAGES: 'the same for rendered messages alone (RETENTION_DAYS)',
  RETENTION_DAYS_EVENTS: 'the same for the bodies of events and of providers’ reports alone (RETENTION_DAYS)',
  RETENTION_DAYS_ADDRESSES: 'the same for addresses alone (RETENTION_DAYS)',
  RETENTION_DAYS_AUDIT:
    'days after which finished notifications are removed with their attempts and timelines, 30 or more (never)',
  RETENTION_DAYS_ACCESS_LOG: 'days after which entries of the access log are removed (never)',

  ...Object.fromEntries(vendorSources.flatMap(({ lines }) => Object.entries(lines))),
  ORDER_METADATA_KEYS: 'further keys, comma separated, of the order’s name in a payment’s metadata or notes',
  APP_WEBHOOK_SECRETS: 'name=whsec_… pairs; a name may repeat (unset: app demo with a generated secret)',
  API_KEYS:
    'name:role:key triples, role producer, viewer or operator; name:producer:test:key for the sandbox only (unset: one generated operator key)',
  APP_CALLBACKS: 'name=https://… pairs: URLs that get the status changes of an app’s notifications',
  CALLBACKS_ALLOW_PRIVATE: 'allow callbacks to private addresses and plain http (false)',

  EMAIL_FROM: 'default sender, address or Name <address>; required once a real email provider is set',
  EMAIL_REPLY_TO: 'reply address of emails',
  OPERATOR_EMAIL: 'address that gets operator alerts',
  HEARTBEAT_URL: 'requested by GET once a minute while all is well',
  EMAIL_PROVIDERS: 'the email route: providers in order (unset: every configured one; none: sandbox)',
  SMS_PROVIDERS: 'the SMS route: providers in order (unset: every configured one; none: sandbox)',

  ...Object.fromEntries(allVendors.flatMap(({ lines }) => Object.entries(lines))),

  RECIPIENT_IDS: 'shared: the same recipient id means the same person in all apps; or per-app (shared)',
  DEFAULT_LOCALE: 'locale of events that do not set one (en)',
  DEFAULT_TIMEZONE: 'timezone of events that do not set one (UTC)',
  SCHEDULES_TIMEZONE: 'timezone of the built-in schedules (UTC)',
  BRAND_NAME: 'sender’s name in emails and SMS (Posthorn)',
  BRAND_COLOR: 'accent color of emails, #rrggbb',
  BRAND_LOGO_URL: 'logo in emails, an http(s) URL',
  BRAND_ADDRESS: 'postal address at the foot of emails',
}
