// Makes a due digest: one notification composed from all parts that a recipient was to get at this time.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import { isPersonal, type NewNotification } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { digestReaderKey } from '../domain/recipient-key.ts'
import { inTurnIfTried, maxTries, type TriedBefore, tryOrGiveUp } from '../guard/tries.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import { oneByOne } from '../store/batch.ts'
import { isDatabaseAway, type Tx, transaction } from '../store/db.ts'
import { snooze } from '../store/jobs/wake.ts'
import {
  beginDigest,
  type DigestTry,
  digestWith,
  endDigestTry,
  endParts,
  latestParts,
  lockDigest,
  lockParts,
  type Part,
  type Waiting,
} from '../store/notifications/digests.ts'
import { publishedCopy } from '../store/people/copy.ts'
import { compose } from './compose.ts'
import { digestKey } from './fan-out.ts'
import { storeDigest } from './store-digest.ts'

/** What a digest is composed of at most: its latest parts. All are counted and ended. */
const bounds = { most: 500, bytes: 1 << 20 }

/** How long a worker may take for a digest before another may try it. */
const digestTimeoutMs = 30_000

const oneRetryAtATime = oneByOne()

/**
 * Makes the digest that a part waits for, if it is due and no other worker makes it. Idempotent, also when called
 * concurrently. A part that is stored meanwhile waits for the sweep. A digest whose making failed, or ended the process, five
 * times is given up, and so are its parts.
 */
export async function digest(ctx: Ctx, partId: string): Promise<void> {
  const now = ctx.clock.now()
  const found = await digestWith(ctx.db, partId)
  if (!found) return ctx.log.debug({ stage: 'digest', notification: partId }, 'no digest to make')
  const { key, at } = found
  if (at > now)
    return transaction(ctx.db, (tx) =>
      snooze(tx, ctx.jobs, { stage: 'digest', priority: 'normal', id: partId, at }, now),
    )
  const until = new Date(now.getTime() + digestTimeoutMs)
  const begin = (which: TriedBefore) => beginDigest(ctx.db, key, { which, now, until })
  await inTurnIfTried(oneRetryAtATime, begin, async (started) => {
    if (started) await tryDigest(ctx, found, started)
    else ctx.log.debug({ stage: 'digest', notification: partId }, 'no digest to make')
  })
}

async function tryDigest(
  ctx: Ctx,
  { key, at }: { key: string; at: Date },
  { partId, tries }: DigestTry,
): Promise<void> {
  const inLock = (work: (tx: Tx) => Promise<void>) =>
    transaction(ctx.db, async (tx) => {
      if (await lockDigest(tx, key)) await work(tx)
    })
  await tryOrGiveUp({
    tries,
    async work() {
      try {
        await inLock((tx) => makeDigest(ctx, tx, key, ctx.clock.now()))
      } catch (error) {
        await endDigestTry(ctx.db, partId, at, isDatabaseAway(error)).catch(() => {})
        throw error
      }
    },
    uncount: async () => {},
    giveUp: () => inLock((tx) => giveUp(ctx, tx, key)),
  })
}

async function giveUp(ctx: Ctx, tx: Tx, key: string): Promise<void> {
  const at = ctx.clock.now()
  const { ids, count, expired, expiredCount } = await lockParts(tx, key, at)
  const why = reason('delivery_failed')
  if (expiredCount > 0) await endParts(tx, expired, { state: 'expired', why: reason('expired'), at })
  await endParts(tx, ids, { state: 'failed', why, at })
  ctx.log.error({ stage: 'digest', parts: count, tries: maxTries, reason: why.code }, 'digest given up')
}

async function makeDigest(ctx: Ctx, tx: Tx, key: string, now: Date): Promise<void> {
  const waiting = await lockParts(tx, key, now)
  if (waiting.expiredCount > 0)
    await endParts(tx, waiting.expired, { state: 'expired', why: reason('expired'), at: now })
  const [first, ...others] = waiting.count > 0 ? await latestParts(tx, waiting.ids, bounds) : []
  const counts = { parts: waiting.count, expired: waiting.expiredCount }
  if (!first) return ctx.log.info({ stage: 'digest', ...counts }, 'no digest to make')
  const last = others.at(-1) ?? first
  const parts: [Part, ...Part[]] = [first, ...others]
  const digest = await digestOf(ctx, tx, last, { parts, waiting, now })
  const gathered = await storeDigest(ctx, tx, { key, digest, waiting, parts, next: nextOf(ctx, last, now), now })
  const ms = ctx.clock.now().getTime() - now.getTime()
  ctx.log.info({ stage: 'digest', notification: digest.id, ...counts, gathered, ms }, 'digest made')
}

interface Gathered {
  parts: Part[]
  waiting: Waiting
  now: Date
}

/** Takes address and locale from its last part. */
async function digestOf(ctx: Ctx, tx: Tx, last: Part, { parts, waiting, now }: Gathered): Promise<NewNotification> {
  const by = notifierOf(ctx, last)
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
    reference: waiting.hasOneReference ? last.reference : null,
    state: 'pending' as const,
    reason: reason('due'),
    stoppedBy: null,
    quietHours: isPersonal(last.channel) ? by.quietHours(last.channel) : null,
    expiresAt: waiting.expiresAt,
  }
  const message = await compose(
    ctx,
    {
      source: last.source,
      notifier: by,
      recipient: last.content.name === null ? {} : { name: last.content.name },
      data: () => last.content.data,
      gathered: { parts: parts.map(({ content }) => content.data), left: waiting.count - parts.length },
      happenedAt: null,
      planned,
    },
    await publishedCopy(tx, [by]),
  )
  const made = { ...planned, id: uuidv7({ msecs: now.getTime() }), message }
  return message ? made : { ...made, state: 'failed', reason: reason('render_failed') }
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
