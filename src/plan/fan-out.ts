// Who would get what from an event: one candidate for each notifier, recipient and channel, and why one would not be sent.
import { createHash } from 'node:crypto'
import type { Ctx } from '../context.ts'
import type { EventContent, Recipient } from '../domain/event.ts'
import { isPersonal, type NewNotification, type PersonalChannel, type Reason } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { customerKey, personKey, strangerKey, unknownCustomerKey } from '../domain/recipient-key.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import type { Range } from '../store/events/plans.ts'
import type { Addressed, Candidate, Ineligible } from './candidate.ts'
import { fanOutToApps } from './fan-out-apps.ts'
import { timingOf } from './timing.ts'

/** Everybody whom these notifiers may write to, of the recipients `from` up to `upTo`. */
export function peopleOf(
  ctx: Ctx,
  notifiers: Notifier[],
  content: EventContent,
  [from, upTo]: Range = [0, content.recipients.length],
): Recipient[] {
  const operators = notifiers.some(({ audience }) => audience === 'operator') ? [operatorOf(ctx)] : []
  return [...content.recipients.slice(from, upTo), ...operators]
}

function operatorOf({ defaults }: Ctx): Recipient {
  return defaults.operatorEmail ? { email: defaults.operatorEmail } : {}
}

interface Source {
  event: StoredEvent
  content: EventContent
  /** Knows of all recipients that are asked for. */
  ineligible: Ineligible
}

/**
 * Of the recipients `from` up to `upTo`, in their order; with the first of them the operator and the apps. One by one, so
 * that an event for many need not be held in memory as a whole.
 */
export function* fanOut(
  ctx: Ctx,
  source: Source,
  [from, upTo]: Range = [0, source.content.recipients.length],
): Generator<Candidate> {
  const { event, content } = source
  for (const notifier of ctx.notifiersFor(event.type)) {
    const isForOperator = notifier.audience === 'operator'
    const part = !isForOperator ? content.recipients.slice(from, upTo) : from === 0 ? [operatorOf(ctx)] : []
    for (const [i, recipient] of part.entries())
      yield* toRecipient(ctx, { ...source, notifier, recipient, at: from + i })
  }
  if (from === 0) yield* fanOutToApps(ctx, event, content)
}

interface Asked extends Source {
  notifier: Notifier
  recipient: Recipient
  /** The place in the event's list. */
  at: number
}

function* toRecipient(ctx: Ctx, asked: Asked): Generator<Candidate> {
  const { event, content, notifier, recipient } = asked
  const ownData = recipient.data ? hashOf(recipient.data).slice(0, 16) : null
  const data = () => (recipient.data ? { ...content.data, ...recipient.data } : content.data)
  // Put together once while they are planned, and not kept with the candidates.
  let merged: Record<string, unknown> | undefined
  const once = () => {
    merged ??= data()
    return merged
  }
  for (const channel of notifier.channels.filter(isPersonal)) {
    const planned = plannedOf(ctx, { ...asked, channel, ownData, data: once })
    yield { source: event.source, notifier, recipient, data, happenedAt: content.occurredAt, planned }
  }
}

interface AskedOnChannel extends Asked {
  channel: PersonalChannel
  ownData: string | null
  data: Candidate['data']
}

function plannedOf(ctx: Ctx, asked: AskedOnChannel): Candidate['planned'] {
  const { event, content, notifier, recipient, channel, data } = asked
  const to = (channel === 'email' ? recipient.email : recipient.phone) ?? null
  const timezone = recipient.timezone ?? ctx.defaults.timezone
  const now = ctx.clock.now()
  const { state, reason: why, ...times } = timingOf({ event, content, notifier, channel, data, timezone }, now)
  const base = {
    notifier: notifier.name,
    category: notifier.category,
    channel,
    recipientId: recipient.id ?? null,
    recipientKey: recipientKey(asked, to),
    to,
    locale: recipient.locale ?? ctx.defaults.locale,
    timezone,
    reference: event.reference,
    priority: content.priority ?? notifier.priority,
    whenUnsure: notifier.whenUnsure(channel),
    stoppedBy: notifier.stoppedBy,
    quietHours: notifier.quietHours(channel),
    ...times,
  }
  const never = whyNotSent(ctx, asked, base)
  const planned = never ? { ...base, state: 'suppressed' as const, reason: never } : { ...base, state, reason: why }
  if (!notifier.digest || planned.state !== 'scheduled') return planned
  // It becomes a part of what this person gets from this sender at that time.
  const part = { name: recipient.name ?? null, data: data() }
  return { ...planned, digest: { key: digestKey({ ...planned, source: event.source }), part } }
}

interface Gathers extends Pick<NewNotification, 'notifier' | 'channel' | 'recipientId' | 'to' | 'scheduledFor'> {
  source: string
}

/** Names a digest, and tells nobody whose it is. */
export function digestKey({ source, notifier, channel, recipientId, to, scheduledFor }: Gathers): string {
  return hashOf([source, notifier, channel, recipientId, to?.toLowerCase(), scheduledFor?.toISOString()])
}

function whyNotSent(ctx: Ctx, { event, notifier, ineligible }: Asked, about: Addressed): Reason | null {
  if (!about.to) {
    const isForOperator = notifier.audience === 'operator'
    return reason('no_address', isForOperator ? 'This goes to OPERATOR_EMAIL, which is not set.' : undefined)
  }
  if (ctx.routes[about.channel].length === 0) return reason('no_provider')
  return ineligible({ ...about, to: about.to, source: event.source })
}

/**
 * Of a fact that several events tell (a payment), there is one person to tell, whatever address each event knows; without
 * an address the next event may still tell them.
 */
function recipientKey({ event, recipient, at, ownData }: AskedOnChannel, to: string | null): string {
  if (event.fact) return to ? customerKey : unknownCustomerKey
  return to || recipient.id ? personKey({ id: recipient.id ?? null, address: to, ownData }) : strangerKey(at)
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url')
}
