// What vendors' mappings of events share.
import type { EventContent } from '../domain/event.ts'
import type { Money } from '../domain/money.ts'
import type { Reason } from '../domain/reason.ts'
import { type Fields, textOf } from '../wire/json.ts'
import { isLink } from '../wire/link.ts'
import type { Translation } from './source.ts'

/** A vendor's event as one of ours. */
export interface Mapped {
  content: Pick<EventContent, 'type' | 'fact' | 'data' | 'recipients'> &
    Partial<Pick<EventContent, 'reference' | 'references' | 'mentions' | 'expiresAt' | 'payment' | 'refund'>>
  /** Why the event is incomplete. */
  fault: Reason | null
}

/** Why an event of a mapped type needs no message. */
export interface Silent {
  silent: Reason
}

export function isSilent(mapped: Mapped | Silent): mapped is Silent {
  return 'silent' in mapped
}

/** The event with the mapped content. It is incomplete if it lacks what a message needs. */
export function translationOf(
  event: EventContent,
  mapped: Mapped | Silent | null | undefined,
): Exclude<Translation, { kind: 'refused' }> {
  if (mapped && isSilent(mapped)) return { ok: false, kind: 'silent', content: event, reason: mapped.silent }
  const content = { ...event, ...mapped?.content }
  return mapped?.fault ? { ok: false, kind: 'incomplete', content, fault: mapped.fault } : { ok: true, content }
}

/** An event that notifies nobody, under the vendor's name for it. The first reference is the one that is shown. */
export function unmapped(
  source: string,
  event: Pick<EventContent, 'sourceType' | 'references' | 'livemode' | 'occurredAt'>,
): EventContent {
  return {
    ...event,
    type: `${source}:${event.sourceType}`,
    reference: event.references[0] ?? null,
    recipients: [],
    data: {},
    sendAt: null,
    expiresAt: null,
    priority: null,
    fact: null,
  }
}

/** In the vendor's smallest unit of the currency. Null if the amount is missing, invalid or not positive. */
export function moneyOf(amount: unknown, currency: unknown): Money | null {
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount <= 0) return null
  if (typeof currency !== 'string' || !/^[a-z]{3}$/i.test(currency)) return null
  return { amount, currency: currency.toLowerCase() }
}

export function withoutNulls(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))
}

export function linkOf(value: unknown): string | null {
  const link = textOf(value, 2_000)
  return link && /^https:/i.test(link) && isLink(link) ? link : null
}

/** Removes nulls and duplicates. */
export function distinct(names: (string | null)[]): string[] {
  return [...new Set(names.filter((name) => name !== null))]
}
