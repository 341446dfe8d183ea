// An event as it is stored, and with everything its translation is made from.
import type { StoredCode } from './coded.ts'
import type { EventStatus, Priority } from './event.ts'

export interface StoredEvent {
  id: string
  source: string
  sourceId: string
  type: string
  sourceType: string
  status: EventStatus
  reason: StoredCode | null
  reference: string | null
  references: string[]
  fact: string | null
  livemode: boolean | null
  priority: Priority
  receivedAt: Date
  /** When a person last replayed it. */
  replayedAt: Date | null
  /** How many of its recipients have been planned. */
  plannedUpTo: number
  /** How many notifications of other events it has cancelled. */
  stopped: number
  /** Its trace, as the W3C header names it; null if it has none. */
  traceparent: string | null
}

/** An event's enrichment. */
export interface EventEnrichment {
  state: 'open' | 'answered' | 'failed'
  tries: number
  openedAt: Date
  endedAt: Date | null
  found: Record<string, unknown> | null
  /** Why the last try failed. */
  text: string | null
}

/** An event with everything its translation is made from. */
export interface FoundEvent {
  event: StoredEvent
  /** Null if retention has removed it. */
  raw: Buffer | null
  enrichment: EventEnrichment | null
}
