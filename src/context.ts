// What every stage is given first: the rows, the alarms, the time, and what is plugged in.
// Made once, in create-context.ts.
import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { Channel } from './domain/notification.ts'
import type { Health } from './guard/provider-health.ts'
import type { Rates } from './guard/rate-limits.ts'
import type { Brand } from './i18n/formats.ts'
import type { Notifier } from './notifiers/notifier.ts'
import type { PseudonymOf } from './privacy/pseudonym.ts'
import type { UnsubscribeTokens } from './privacy/unsubscribe-token.ts'
import type { Provider } from './providers/provider.ts'
import type { LookUp, Translate } from './sources/source.ts'
import type { Db } from './store/db.ts'
import type { Jobs } from './store/jobs/jobs.ts'

export interface Ctx {
  db: Db
  jobs: Jobs
  health: Health
  rates: Rates
  log: Logger
  clock: Clock
  notifiersFor(type: string): Notifier[]
  /** Whether events of this type may make needless what others have brought about. */
  stopsOthers(type: string): boolean
  /** How to read an event's raw body again, by the source it is stored under. */
  translator(source: string): Translate
  /** How to ask a source for what an event leaves open; null where it cannot be asked. */
  lookUp(source: string): LookUp | null
  routes: Record<Channel, Provider[]>
  /** Where each app that has a callback wants it. */
  callbackUrls: Record<string, string>
  defaults: Defaults
  /** By whose clock the built-in schedules run, and how old bodies and addresses may be. */
  schedules: { timezone: string; retentionDays: number }
  unsubscribeTokens: UnsubscribeTokens
  pseudonymOf: PseudonymOf
  /** Whose ids of people a source's are: its own where apps do not share them, else everybody's, which is empty. */
  scopeOf(source: string): string
  /** Base of the links in messages, without a slash at its end. */
  publicUrl(): string
}

/** What a message falls back to where neither the event nor the recipient says. */
export interface Defaults {
  brand: Brand
  locale: string
  timezone: string
  emailFrom: string
  emailReplyTo: string | null
  /** Who gets what only the operator is told. */
  operatorEmail: string | null
}
