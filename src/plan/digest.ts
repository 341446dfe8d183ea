// Makes a due digest: one notification composed from all parts that a recipient was to get at this time.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import { isPersonal, type NewNotification } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { digestReaderKey } from '../domain/recipient-key.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import { transaction } from '../store/db.ts'
import { snooze } from '../store/jobs/wake.ts'
import { type Part, partsWith } from '../store/notifications/digests.ts'
import { publishedCopy } from '../store/people/copy.ts'
import { compose } from './compose.ts'
import { digestKey } from './fan-out.ts'
import { type DigestResult, storeDigest } from './store-digest.ts'

/** Makes the digest that a part waits for, if it is due. Idempotent, also when called concurrently. */
export async function digest(ctx: Ctx, partId: string): Promise<void> {
  for (let gathered: DigestResult = 'changed'; gathered === 'changed'; ) {
    const now = ctx.clock.now()
    const parts = await partsWith(ctx.db, partId)
    const part = parts.find(({ id }) => id === partId)
    if (!part) return ctx.log.debug({ stage: 'digest', notification: partId }, 'no digest to make')
    const { scheduledFor: at } = part
    if (at > now)
      return transaction(ctx.db, (tx) => snooze(tx, ctx.jobs, { stage: 'digest', priority: 'normal', id: partId, at }))
    gathered = await makeDigest(ctx, part, parts, now)
  }
}

async function makeDigest(ctx: Ctx, { digestKey: key }: Part, all: Part[], now: Date): Promise<DigestResult> {
  const expired = all.filter(({ expiresAt }) => expiresAt && expiresAt <= now)
  const parts = all.filter((part) => !expired.includes(part))
  const last = parts.at(-1)
  const digest = last ? await digestOf(ctx, last, parts, now) : null
  const next = last ? nextOf(ctx, last, now) : null
  const gathered = await storeDigest(ctx, { key, digest, parts, expired, next, now })
  const ms = ctx.clock.now().getTime() - now.getTime()
  const counts = { parts: parts.length, expired: expired.length }
  ctx.log.info({ stage: 'digest', notification: digest?.id, ...counts, gathered, ms }, 'digest made')
  return gathered
}

/** Takes address and locale from its last part. */
async function digestOf(ctx: Ctx, last: Part, parts: Part[], now: Date): Promise<NewNotification> {
  const by = notifierOf(ctx, last)
  const references = new Set(parts.map(({ reference }) => reference))
  const planned = {
    notifier: last.notifier,
    category: last.category,
    channel: last.channel,
    recipientId: last.recipientId,
    to: last.to,
    locale: last.locale,
    timezone: last.timezone,
    priority: last.priority,
    whenUnsure: last.whenUnsure,
    scheduledFor: last.scheduledFor,
    sandboxed: last.sandboxed,
    recipientKey: digestReaderKey,
    reference: references.size === 1 ? last.reference : null,
    state: 'pending' as const,
    reason: reason('due'),
    stoppedBy: null,
    quietHours: isPersonal(last.channel) ? by.quietHours(last.channel) : null,
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

/** A digest expires with the last of its parts; null where one of them does not expire. */
function lastExpiry(parts: Part[]): Date | null {
  const times = parts.map(({ expiresAt }) => expiresAt?.getTime() ?? Number.POSITIVE_INFINITY)
  const last = Math.max(...times)
  return Number.isFinite(last) ? new Date(last) : null
}

/** The recipient's next digest, for parts that were planned while this one was being sent. */
function nextOf(ctx: Ctx, last: Part, now: Date): { key: string; at: Date } | null {
  const at = notifierOf(ctx, last).when?.(last.content.data, { receivedAt: now, timezone: last.timezone })
  return at ? { key: digestKey({ ...last, scheduledFor: at }), at } : null
}

function notifierOf(ctx: Ctx, { eventType, notifier: name }: Part): Notifier {
  const notifier = ctx.notifiersFor(eventType).find((one) => one.name === name)
  if (!notifier) throw new Error(`no notifier ${name} for ${eventType}`)
  return notifier
}
