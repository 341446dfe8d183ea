// Who would get what from an event: one prospect for each notifier, recipient and channel, and why one would not be
// sent; fan-out-apps.ts adds the apps. Pure. drafts.ts makes notifications of them, replay.ts counts them; compose.ts
// finds their words.
import { createHash } from 'node:crypto'
import type { Ctx } from '../context.ts'
import type { EventContent, Recipient } from '../domain/event.ts'
import { isPersonal, type NewNotification, type PersonalChannel, type Reason } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { type Notifier, tellsRecipients } from '../notifiers/notifier.ts'
import type { Translation } from '../sources/source.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import type { Addressed, Barred, Prospect } from './candidate.ts'
import { appProspects } from './fan-out-apps.ts'
import { timingOf } from './timing.ts'

/** Why no notification can be made of an event; null where some can. */
export function faultOf(translation: Translation, notifiers: Notifier[]): Reason | null {
  if (notifiers.length === 0) return reason('no_notifier')
  if (!translation.ok) return translation.kind === 'incomplete' ? translation.fault : badData(translation)
  const { data, recipients } = translation.content
  if (recipients.length === 0 && notifiers.some(tellsRecipients)) return reason('no_recipient')
  for (const { schema, audience } of notifiers)
    for (const recipient of audience === 'operator' || recipients.length === 0 ? [{}] : recipients) {
      const parsed = schema.safeParse({ ...data, ...recipient.data })
      if (!parsed.success)
        return reason('bad_data', `${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}.`)
    }
  return null
}

/** An app's, kept when nobody listened to its type. */
function badData({ detail, errors: [first] = [] }: Extract<Translation, { kind: 'refused' }>): Reason {
  return reason('bad_data', first ? `${first.path}: ${first.message}.` : detail)
}

/** Everybody whom these notifiers may write to, of the recipients `from` up to `to`. */
export function peopleOf(
  ctx: Ctx,
  notifiers: Notifier[],
  content: EventContent,
  [from, to]: [number, number] = [0, content.recipients.length],
): Recipient[] {
  const operators = notifiers.some(({ audience }) => audience === 'operator') ? [operatorOf(ctx)] : []
  return [...content.recipients.slice(from, to), ...operators]
}

function operatorOf({ defaults }: Ctx): Recipient {
  return defaults.operatorEmail ? { email: defaults.operatorEmail } : {}
}

/**
 * Of the recipients `from` up to `to`, in their order; with the first of them the operator and the apps. `barred` knows
 * of them all.
 */
export function prospectsOf(
  ctx: Ctx,
  event: StoredEvent,
  content: EventContent,
  barred: Barred,
  [from, to]: [number, number] = [0, content.recipients.length],
): Prospect[] {
  const part = content.recipients.slice(from, to)
  const toPeople = ctx.notifiersFor(event.type).flatMap((notifier) => {
    const isForOperator = notifier.audience === 'operator'
    const told = !isForOperator ? part : from === 0 ? [operatorOf(ctx)] : []
    return told.flatMap((recipient, i) =>
      notifier.channels
        .filter(isPersonal)
        .map((channel) => prospect(ctx, event, notifier, content, recipient, from + i, channel, barred)),
    )
  })
  return from === 0 ? [...toPeople, ...appProspects(ctx, event, content)] : toPeople
}

function prospect(
  ctx: Ctx,
  event: StoredEvent,
  notifier: Notifier,
  content: EventContent,
  recipient: Recipient,
  index: number,
  channel: PersonalChannel,
  barred: Barred,
): Prospect {
  const now = ctx.clock.now()
  const to = (channel === 'email' ? recipient.email : recipient.phone) ?? null
  const timezone = recipient.timezone ?? ctx.defaults.timezone
  const data = { ...content.data, ...recipient.data }
  const { state, reason: why, ...times } = timingOf({ event, content, notifier, channel, data, timezone }, now)
  const base = {
    notifier: notifier.name,
    category: notifier.category,
    channel,
    recipientId: recipient.id ?? null,
    recipientKey: recipientKey(event, recipient, to, index),
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
  const never = whyNotSent(ctx, notifier, base, barred)
  const planned = never ? { ...base, state: 'suppressed' as const, reason: never } : { ...base, state, reason: why }
  const gathers = notifier.digest && planned.state === 'scheduled'
  return {
    notifier,
    recipient,
    data,
    happenedAt: content.occurredAt,
    planned: gathers ? { ...planned, digest: partOf(event, planned, recipient.name ?? null, data) } : planned,
  }
}

/** It becomes a part of what this person gets from this sender at that time. */
function partOf(
  { source }: StoredEvent,
  planned: Omit<Gathers, 'source'>,
  name: string | null,
  data: Record<string, unknown>,
): NewNotification['digest'] {
  return { key: digestKey({ ...planned, source }), part: { name, data } }
}

interface Gathers extends Pick<NewNotification, 'notifier' | 'channel' | 'recipientId' | 'to' | 'scheduledFor'> {
  source: string
}

/** Names a digest, and tells nobody whose it is. */
export function digestKey({ source, notifier, channel, recipientId, to, scheduledFor }: Gathers): string {
  const parts = [source, notifier, channel, recipientId, to?.toLowerCase(), scheduledFor?.toISOString()]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

function whyNotSent(ctx: Ctx, { audience }: Notifier, about: Addressed, barred: Barred): Reason | null {
  if (!about.to)
    return reason('no_address', audience === 'operator' ? 'This goes to OPERATOR_EMAIL, which is not set.' : undefined)
  if (ctx.routes[about.channel].length === 0) return reason('no_provider')
  return barred({ ...about, to: about.to })
}

/**
 * Who it is, within one fact. Of a fact that several events tell (a payment), there is one person to tell, whatever
 * address each event knows; without an address the next event may still tell them. Else one id at one address with
 * data of their own is one person.
 */
function recipientKey(event: StoredEvent, recipient: Recipient, to: string | null, index: number): string {
  if (event.fact) return to ? 'customer' : 'nobody'
  const own = recipient.data
    ? createHash('sha256').update(JSON.stringify(recipient.data)).digest('base64url').slice(0, 16)
    : ''
  return to || recipient.id ? [recipient.id ?? '', to?.toLowerCase() ?? '', own].join('|') : `nobody:${index}`
}
