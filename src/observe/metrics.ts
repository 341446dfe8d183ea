// The metrics of this process, in the format of Prometheus: counters of what it did, and gauges of what all processes share,
// which are read from the database when they are asked for.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Outcome } from '../domain/attempt.ts'
import type { EventStatus, Priority } from '../domain/event.ts'
import { type Channel, channels, type State } from '../domain/notification.ts'
import type { Db } from '../store/db.ts'
import { queues } from '../store/jobs/queues.ts'
import { type Observed, observe } from '../store/observations.ts'
import { shared } from './shared.ts'

export interface Metrics {
  accepted(source: string, event: { duplicate: boolean; status: EventStatus }): void
  planned(notifications: { channel: Channel; state: State }[]): void
  attempted(attempt: { channel: Channel; provider: string; outcome: Outcome['kind']; ms: number }): void
  /** `ms`: since the event was received, or since the time for which the message was planned. */
  handedOver(notification: { channel: Channel; priority: Priority; ms: number }): void
  receipts(provider: string, fresh: number): void
  /**
   * Made once for all who ask within a second. Never throws: without a database, what it would say is left out, and
   * `posthorn_database_up` is 0.
   */
  text(): Promise<string>
  contentType: string
}

interface MetricsOptions {
  /** The connections that answer questions, which have a short time limit. */
  db: Db
  routes: Record<Channel, string[]>
}

/** Scrapers that ask within this time get the same answer. */
const textKeptMs = 1000
/** What is read from the database is kept for this long. */
const readKeptMs = 5000
const callSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const handoverSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 900, 3600]

export function metricsOf({ db, routes }: MetricsOptions): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'posthorn_' })
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers })
  const events = counter('posthorn_events_accepted_total', 'Events stored, without duplicates.', ['source', 'status'])
  const duplicates = counter('posthorn_events_duplicate_total', 'Events refused as duplicates.', ['source'])
  const planned = counter('posthorn_notifications_planned_total', 'Notifications made.', ['channel', 'state'])
  const attempts = counter('posthorn_attempts_total', 'Calls to providers.', ['channel', 'provider', 'outcome'])
  const receipts = counter('posthorn_receipts_total', 'New receipts of providers.', ['provider'])
  const calls = new Histogram({
    name: 'posthorn_provider_call_seconds',
    help: 'How long calls to providers took.',
    labelNames: ['channel', 'provider'],
    buckets: callSeconds,
    registers,
  })
  const handovers = new Histogram({
    name: 'posthorn_handover_seconds',
    help: 'From the receipt of the event, or the planned time, until a provider accepted the message.',
    labelNames: ['channel', 'priority'],
    buckets: handoverSeconds,
    registers,
  })
  const show = sharedGauges(registers, routes)
  const names = queues.map(({ name }) => name)
  const read = shared(() => observe(db, names, channels), readKeptMs)
  const text = shared(async () => {
    show(await read().catch(() => null))
    return registry.metrics()
  }, textKeptMs)
  return {
    contentType: registry.contentType,
    accepted: (source, { duplicate, status }) =>
      duplicate ? duplicates.inc({ source }) : events.inc({ source, status }),
    planned(notifications) {
      for (const { channel, state } of notifications) planned.inc({ channel, state })
    },
    attempted({ channel, provider, outcome, ms }) {
      attempts.inc({ channel, provider, outcome })
      calls.observe({ channel, provider }, ms / 1000)
    },
    handedOver({ channel, priority, ms }) {
      handovers.observe({ channel, priority }, ms / 1000)
    },
    receipts: (provider, fresh) => receipts.inc({ provider }, fresh),
    text,
  }
}

function sharedGauges(registers: Registry[], routes: Record<Channel, string[]>): (seen: Observed | null) => void {
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name, help, labelNames, registers })
  const up = gauge('posthorn_database_up', 'Whether the database answered this request: 1 or 0.', [])
  const ofQueue: ('queue' | 'channel')[] = ['queue', 'channel']
  const ready = gauge('posthorn_queue_ready', 'Jobs that are due and not begun, at most 10000.', ofQueue)
  const active = gauge('posthorn_queue_active', 'Jobs in progress.', ofQueue)
  const failed = gauge('posthorn_queue_failed', 'Jobs out of retries.', ofQueue)
  const oldest = gauge('posthorn_queue_oldest_seconds', 'How long the oldest ready job has been due.', ofQueue)
  const work = gauge('posthorn_work_oldest_seconds', 'How long the oldest due work has waited.', ['stage'])
  const unconfirmed = gauge('posthorn_notifications_unconfirmed', 'Notifications in doubt, at most 10000.', ['channel'])
  const outbox = gauge('posthorn_callbacks_outbox', 'Status changes that wait to become callbacks, at most 10000.', [])
  const retrying = gauge('posthorn_callbacks_retrying', 'Callbacks that failed and are tried again, at most 10000.', [])
  const ofProvider: ('channel' | 'provider')[] = ['channel', 'provider']
  const open = gauge(
    'posthorn_circuit_open',
    'Whether the provider is not called because it fails: 1 or 0.',
    ofProvider,
  )
  const paused = gauge('posthorn_provider_paused', 'Whether a person has paused the provider: 1 or 0.', ofProvider)
  const all = [ready, active, failed, oldest, work, unconfirmed, outbox, retrying, open, paused]
  const channelOf = new Map(
    queues.map(({ name, stage }) => [name, channels.find((channel) => channel === stage) ?? '']),
  )
  return (seen) => {
    up.set(seen ? 1 : 0)
    if (!seen) {
      for (const one of all) one.reset()
      // A gauge without labels is 0 after a reset, which nobody has seen.
      for (const one of [outbox, retrying]) one.remove()
      return
    }
    for (const queue of seen.queues) {
      const labels = { queue: queue.name, channel: channelOf.get(queue.name) ?? '' }
      ready.set(labels, queue.ready)
      active.set(labels, queue.active)
      failed.set(labels, queue.failed)
      oldest.set(labels, queue.oldestSeconds)
    }
    work.set({ stage: 'plan' }, seen.waiting.planSeconds)
    work.set({ stage: 'deliver' }, seen.waiting.deliverSeconds)
    // More workers do not help here.
    work.set({ stage: 'await_provider' }, seen.waiting.providerSeconds)
    for (const [channel, count] of Object.entries(seen.waiting.unconfirmed)) unconfirmed.set({ channel }, count)
    outbox.set(seen.waiting.outbox)
    retrying.set(seen.waiting.callbacksRetrying)
    for (const channel of channels)
      for (const provider of routes[channel]) {
        const state = seen.providers.find((one) => one.provider === provider)
        open.set({ channel, provider }, state?.isOpen ? 1 : 0)
        paused.set({ channel, provider }, state?.isPaused ? 1 : 0)
      }
  }
}
