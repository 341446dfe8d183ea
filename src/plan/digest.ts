// The time of a digest has come: what one person was to get at this time becomes one notification, whose words are made of
// all its parts.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import { isPersonal, type NewNotification } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { digestReaderKey } from '../domain/recipient-key.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import { snooze } from '../store/jobs/wake.ts'
import { type Part, partsWith } from '../store/notifications/digests.ts'
import { publishedCopy } from '../store/people/copy.ts'
import { compose } from './compose.ts'
import { digestKey } from './fan-out.ts'
import { type Gathered, storeDigest } from './store-digest.ts'

/** Gathers the digest that a part waits for, if it is due. Safe to call twice, at once even. */
export async function digest(ctx: Ctx, partId: string): Promise<void> {
  for (let gathered: Gathered = 'changed'; gathered === 'changed'; ) {
    const now = ctx.clock.now()
    const parts = await partsWith(ctx.db, partId)
    const part = parts.find(({ id }) => id === partId)
    if (!part) return ctx.log.debug({ stage: 'digest', notification: partId }, 'it waits for no digest')
    if (part.scheduledFor > now)
      return snooze(ctx.db, ctx.jobs, { stage: 'digest', priority: 'normal', id: partId, at: part.scheduledFor })
    gathered = await gatherAll(ctx, part, parts, now)
  }
}

async function gatherAll(ctx: Ctx, { digestKey: key }: Part, all: Part[], now: Date): Promise<Gathered> {
  const expired = all.filter(({ expiresAt }) => expiresAt && expiresAt <= now)
  const parts = all.filter((part) => !expired.includes(part))
  const last = parts.at(-1)
  const digest = last ? await digestOf(ctx, last, parts, now) : null
  const next = last ? nextOf(ctx, last, now) : null
  const gathered = await storeDigest(ctx, { key, digest, parts, expired, next, now })
  const counts = { parts: parts.length, expired: expired.length }
  ctx.log.info({ stage: 'digest', notification: digest?.id, ...counts, gathered }, 'a digest was gathered')
  return gathered
}

/** To the address, and in the language, that its last part has. */
async function digestOf(ctx: Ctx, last: Part, parts: Part[], now: Date): Promise<NewNotification> {
  const { notifier, category, channel, recipientId, to, locale, timezone, priority, whenUnsure, scheduledFor } = last
  const by = notifierOf(ctx, last)
  const references = new Set(parts.map(({ reference }) => reference))
  const planned = {
    ...{ notifier, category, channel, recipientId, to, locale, timezone, priority, whenUnsure, scheduledFor },
    recipientKey: digestReaderKey,
    reference: references.size === 1 ? last.reference : null,
    state: 'pending' as const,
    reason: reason('due'),
    stoppedBy: null,
    quietHours: isPersonal(channel) ? by.quietHours(channel) : null,
    expiresAt: lastExpiry(parts),
  }
  const message = await compose(
    ctx,
    {
      source: last.source,
      notifier: by,
      recipient: last.content.name === null ? {} : { name: last.content.name },
      data: () => last.content.data,
      gathered: parts.map(({ content }) => content.data),
      happenedAt: null,
      planned,
    },
    await publishedCopy(ctx.db, [by]),
  )
  const made = { ...planned, id: uuidv7({ msecs: now.getTime() }), message }
  return message ? made : { ...made, state: 'failed', reason: reason('render_failed') }
}

/** It is of use as long as any of its parts is. */
function lastExpiry(parts: Part[]): Date | null {
  const times = parts.map(({ expiresAt }) => expiresAt?.getTime() ?? Number.POSITIVE_INFINITY)
  const last = Math.max(...times)
  return Number.isFinite(last) ? new Date(last) : null
}

/** The next digest of this person: where parts go that were planned while theirs went out. */
function nextOf(ctx: Ctx, last: Part, now: Date): { key: string; at: Date } | null {
  const at = notifierOf(ctx, last).when?.(last.content.data, { receivedAt: now, timezone: last.timezone })
  return at ? { key: digestKey({ ...last, scheduledFor: at }), at } : null
}

function notifierOf(ctx: Ctx, { eventType, notifier: name }: Part): Notifier {
  const notifier = ctx.notifiersFor(eventType).find((one) => one.name === name)
  if (!notifier) throw new Error(`there is no notifier ${name} for ${eventType}`)
  return notifier
}
