// The context that every stage takes as its first parameter: database, jobs, clock, plug-ins and defaults.
import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { RetentionDays } from './config/config.ts'
import type { Channel, NewNotification, PersonalChannel } from './domain/notification.ts'
import type { Health } from './guard/provider-health.ts'
import type { Rates } from './guard/rate-limits.ts'
import type { Brand } from './i18n/formats.ts'
import type { Notifier } from './notifiers/notifier.ts'
import type { Metrics } from './observe/metrics.ts'
import type { Tracing } from './observe/tracing.ts'
import type { PseudonymOf } from './privacy/pseudonym.ts'
import type { UnsubscribeTokens } from './privacy/unsubscribe-token.ts'
import type { Sandbox } from './providers/index.ts'
import type { Provider } from './providers/provider.ts'
import type { Sources } from './sources/index.ts'
import type { Db } from './store/db.ts'
import type { Jobs } from './store/jobs/jobs.ts'
import type { Reads } from './store/reads.ts'

export interface Ctx {
  db: Db
  /** For the API's reads, which change nothing. */
  reads: Reads
  jobs: Jobs
  health: Health
  rates: Rates
  metrics: Metrics
  tracing: Tracing
  log: Logger
  clock: Clock
  notifiersFor(type: string): Notifier[]
  /** Whether events of this type may supersede notifications and timers of other events. */
  supersedesOthers(type: string): boolean
  sources: Sources
  routes: Record<Channel, Provider[]>
  sandbox: Record<PersonalChannel, Sandbox>
  /** The providers that may carry a notification: those of its channel, or the sandbox alone if it was planned for it. */
  routeOf(n: Pick<NewNotification, 'channel' | 'sandboxed'>): Provider[]
  /** The callback URL of each app that has one. */
  callbackUrls: Record<string, string>
  defaults: Defaults
  schedulesTimezone: string
  retention: RetentionDays
  unsubscribeTokens: UnsubscribeTokens
  pseudonymOf: PseudonymOf
  /** The scope of a source's recipient ids: the source itself with RECIPIENT_IDS=per-app, else the empty string. */
  scopeOf(source: string): string
  /** The base URL of the links in messages, without a trailing slash. */
  publicUrl(): string
}

/** What a message uses where neither the event nor the recipient specifies it. */
export interface Defaults {
  brand: Brand
  locale: string
  timezone: string
  emailFrom: string
  emailReplyTo: string | null
  /** The recipient of alerts for the operator; null turns them off. */
  operatorEmail: string | null
}
