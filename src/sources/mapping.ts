// What a payment vendor's event is mapped to in our words, and the pieces that vendors' mappings share.
import type { EventContent } from '../domain/event.ts'
import type { Money } from '../domain/money.ts'
import type { Reason } from '../domain/notification.ts'
import { type Fields, textOf } from '../wire/json.ts'
import { isLink } from '../wire/link.ts'
import type { Translation } from './source.ts'

export interface Mapped {
  content: Pick<EventContent, 'type' | 'fact' | 'data' | 'recipients'> &
    Partial<Pick<EventContent, 'reference' | 'references' | 'mentions' | 'expiresAt' | 'payment' | 'refund'>>
  fault: Reason | null
}

/** The event with what is told of it. Lacking what a message needs, it is incomplete and kept. */
export function translationOf(event: EventContent, mapped: Mapped | null | undefined): Translation {
  const content = { ...event, ...mapped?.content }
  return mapped?.fault ? { ok: false, kind: 'incomplete', content, fault: mapped.fault } : { ok: true, content }
}

/** An event of which nobody is told, under the vendor's own name. The first reference is the one that is shown. */
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

/** The smallest unit stays as the vendor counts it, whatever the currency's decimals. Null for none, and for nothing to pay. */
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

/** Those that are there, each once. */
export function distinct(names: (string | null)[]): string[] {
  return [...new Set(names.filter((name) => name !== null))]
}
