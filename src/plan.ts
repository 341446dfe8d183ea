// Second stage: an event's row becomes notifications with frozen messages, and their alarms for deliver.ts.
// The raw body is translated and its data checked again: the row, not the request, is what is planned.
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { renderEmail } from '../emails/_parts/render.ts'
import type { Ctx } from './ctx.ts'
import type { EventContent, Recipient } from './event.ts'
import type { Channel, Message, NewNotification, Reason } from './notification.ts'
import type { Notifier } from './notifiers/notifier.ts'
import { reason } from './reason.ts'
import { smsText } from './sms-text.ts'
import { findEvent, type StoredEvent } from './store/events.ts'
import { endPlan, type Omission, type PlannedPart, storePlannedPart } from './store/plans.ts'
import { suppressedAddresses } from './store/suppressions.ts'
import { voiceFor } from './voice.ts'

/** Recipients planned in one transaction: an event for many does not hold the others up, and resumes where it died. */
const recipientsAtOnce = 50

/** Tells mail programs that nobody sits at the other end (RFC 3834; the second is Exchange's). */
const emailHeaders = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' }

/** Plans an accepted event to its end. Called twice, at once even, it makes nothing twice. */
export async function plan(ctx: Ctx, eventId: string): Promise<void> {
  const startedAt = ctx.clock.now()
  const found = await findEvent(ctx.db, eventId)
  if (found?.event.status !== 'accepted') return
  const { event, raw } = found
  const translation = ctx.translator(event.source)(raw)
  const notifiers = ctx.notifiersFor(event.type)
  const fault = faultOf(translation, notifiers)
  if (fault || !translation.ok) {
    await endPlan(ctx.db, event.id, fault?.code === 'no_notifier' ? 'ignored' : 'failed', fault ?? reason('bad_data'))
    ctx.log.warn({ stage: 'plan', event: event.id, type: event.type, reason: fault?.code }, 'event not planned')
    return
  }
  const { recipients } = translation.content
  let made = 0
  for (let from = 0; from < recipients.length; from += recipientsAtOnce) {
    const part = await planPart(ctx, event, notifiers, translation.content, from, from + recipientsAtOnce)
    made += await storePlannedPart(ctx.db, ctx.jobs, event, part, ctx.clock.now())
    await setImmediate()
  }
  await endPlan(ctx.db, event.id, 'planned', null)
  const ms = ctx.clock.now().getTime() - startedAt.getTime()
  ctx.log.info({ stage: 'plan', event: event.id, type: event.type, notifications: made, ms }, 'event planned')
}

function faultOf(translation: ReturnType<ReturnType<Ctx['translator']>>, notifiers: Notifier[]): Reason | null {
  if (notifiers.length === 0) return reason('no_notifier')
  if (!translation.ok)
    return translation.kind === 'incomplete' ? translation.fault : reason('bad_data', translation.detail)
  const { data, recipients } = translation.content
  if (recipients.length === 0) return reason('no_recipient')
  for (const { schema } of notifiers)
    for (const recipient of recipients) {
      const parsed = schema.safeParse({ ...data, ...recipient.data })
      if (!parsed.success)
        return reason('bad_data', `${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}.`)
    }
  return null
}

async function planPart(
  ctx: Ctx,
  event: StoredEvent,
  notifiers: Notifier[],
  content: EventContent,
  from: number,
  to: number,
): Promise<PlannedPart> {
  const part = content.recipients.slice(from, to)
  const suppressed = await suppressedAddresses(ctx.db, part)
  const notifications = new Map<string, NewNotification>()
  const omissions: Omission[] = []
  for (const notifier of notifiers)
    for (const [i, recipient] of part.entries())
      for (const channel of notifier.channels) {
        const planned = await planOne(ctx, event, notifier, content, recipient, from + i, channel, suppressed)
        const key = `${notifier.name} ${channel} ${planned.recipientKey}`
        if (notifications.has(key))
          omissions.push({
            notifier: notifier.name,
            channel,
            recipientKey: planned.recipientKey,
            reason: reason('same_recipient'),
          })
        else notifications.set(key, planned)
      }
  return { notifications: [...notifications.values()], omissions }
}

async function planOne(
  ctx: Ctx,
  event: StoredEvent,
  notifier: Notifier,
  content: EventContent,
  recipient: Recipient,
  index: number,
  channel: Channel,
  suppressed: Map<string, string>,
): Promise<NewNotification> {
  const now = ctx.clock.now()
  const to = (channel === 'email' ? recipient.email : recipient.phone) ?? null
  const locale = recipient.locale ?? ctx.defaults.locale
  const timezone = recipient.timezone ?? ctx.defaults.timezone
  const expiresAt = content.expiresAt ?? after(content.sendAt ?? event.receivedAt, notifier.expiresInMs)
  const later = content.sendAt && content.sendAt > now ? content.sendAt : null
  const base = {
    id: uuidv7({ msecs: now.getTime() }),
    notifier: notifier.name,
    category: notifier.category,
    channel,
    recipientId: recipient.id ?? null,
    recipientKey: recipientKey(event, recipient, to, index),
    to,
    locale,
    timezone,
    reference: event.reference,
    priority: content.priority ?? notifier.priority,
    whenUnsure: notifier.whenUnsure(channel),
    scheduledFor: content.sendAt,
    expiresAt,
    message: null,
  }
  const never = whyNotSent(ctx, channel, to, suppressed)
  if (never) return { ...base, state: 'suppressed', reason: never }
  if (expiresAt && expiresAt <= now) return { ...base, state: 'expired', reason: reason('expired') }
  const data = { ...content.data, ...recipient.data }
  const message = await render(ctx, notifier, data, { ...recipient, locale, timezone }, channel, to ?? '')
  if (!message) return { ...base, state: 'failed', reason: reason('render_failed') }
  return later
    ? { ...base, state: 'scheduled', reason: reason('send_at'), message }
    : { ...base, state: 'pending', reason: reason('due'), message }
}

function whyNotSent(ctx: Ctx, channel: Channel, to: string | null, suppressed: Map<string, string>): Reason | null {
  if (!to) return reason('no_address')
  if (ctx.routes[channel].length === 0) return reason('no_provider')
  const because = suppressed.get(`${channel}:${to.toLowerCase()}`)
  return because ? reason('suppressed_address', `On the list as: ${because}.`) : null
}

/**
 * Who it is, within one fact. Of a fact that several events tell (a payment), there is one person to tell, whatever
 * address each event knows; without an address the next event may still tell them. Else one id at one address with
 * data of their own is one person.
 */
function recipientKey(event: StoredEvent, recipient: Recipient, to: string | null, index: number): string {
  if (event.fact) return to ? 'customer' : `nobody:${event.id}`
  const own = recipient.data
    ? createHash('sha256').update(JSON.stringify(recipient.data)).digest('base64url').slice(0, 16)
    : ''
  return to || recipient.id ? [recipient.id ?? '', to?.toLowerCase() ?? '', own].join('|') : `nobody:${index}`
}

async function render(
  ctx: Ctx,
  notifier: Notifier,
  data: Record<string, unknown>,
  recipient: Recipient & { locale: string; timezone: string },
  channel: Channel,
  to: string,
): Promise<Message | null> {
  const { brand, emailFrom, emailReplyTo } = ctx.defaults
  const { locale, timezone } = recipient
  const name = recipient.name ?? null
  const voice = voiceFor({ name, locale, timezone, brand, replyTo: emailReplyTo })
  try {
    if (channel === 'sms') return { channel, to, ...smsText(brand.name, notifier.sms(data, voice)) }
    const { subject, element } = notifier.email(data, voice)
    const { html, text } = await renderEmail(element)
    return {
      channel,
      to,
      toName: name,
      from: emailFrom,
      replyTo: emailReplyTo,
      subject,
      html,
      text,
      headers: emailHeaders,
    }
  } catch (error) {
    const fault = error instanceof Error ? error.name : 'unknown'
    ctx.log.error({ stage: 'plan', notifier: notifier.name, channel, fault }, 'a message could not be rendered')
    return null
  }
}

function after(start: Date, ms: number | null): Date | null {
  return ms === null ? null : new Date(start.getTime() + ms)
}
