// Stores a digest and ends its parts, or moves them to the next digest, in one transaction.
import type { Ctx } from '../context.ts'
import { digestFact } from '../domain/fact.ts'
import type { NewNotification } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { entry } from '../domain/timeline.ts'
import { transaction } from '../store/db.ts'
import { jobOf } from '../store/jobs/wake.ts'
import { endParts, lockParts, moveParts, type Part } from '../store/notifications/digests.ts'
import { insertMessages, insertNotifications } from '../store/notifications/insert.ts'
import { noWrites, type Writes, write } from '../store/writes.ts'

/** A digest of many parts names only the first. */
const maxNamed = 20

interface ToStore {
  key: string
  /** Null where every part has expired. */
  digest: NewNotification | null
  parts: Part[]
  expired: Part[]
  /** The next digest, for parts whose own digest was made without them. */
  next: { key: string; at: Date } | null
  now: Date
}

/** `changed`: the waiting parts are no longer those it was made of. `late`: it was made before; the parts wait for the next. */
export type DigestResult = 'made' | 'changed' | 'late'

/** Stores the digest and its parts' ends, or nothing. Of two concurrent calls, the second finds no waiting parts. */
export async function storeDigest(
  ctx: Ctx,
  { key, digest, parts, expired, next, now }: ToStore,
): Promise<DigestResult> {
  return transaction(ctx.db, async (tx) => {
    const waiting = await lockParts(tx, key)
    const expected = idsOf([...parts, ...expired]).sort()
    if (JSON.stringify(waiting) !== JSON.stringify(expected)) return 'changed'
    await endParts(tx, idsOf(expired), 'expired', reason('expired'))
    const [first] = parts
    if (!digest || !first) return 'made'
    const { eventId: id, eventType: type, sourceType, source } = first
    const event = { id, type, sourceType, source, fact: digestFact(key) }
    const made = await insertNotifications(tx, [{ event, notifications: [digest] }], now)
    if (!made.has(digest.id)) {
      if (!next) throw new Error('a digest has no next time')
      await moveParts(tx, idsOf(parts), next)
      const newJobs = parts.map((part) => jobOf({ ...part, collects: true }, next.at))
      await ctx.jobs.enqueue(tx, newJobs)
      return 'late'
    }
    await insertMessages(tx, [digest])
    await endParts(tx, idsOf(parts), 'digested', reason('digested', { digest: digest.id }))
    const newJobs = digest.state === 'pending' ? [jobOf(digest)] : []
    await write(tx, ctx.jobs, { ...noWrites(), entries: entriesOf(digest, parts, now), newJobs })
    return 'made'
  })
}

function idsOf(parts: Part[]): string[] {
  return parts.map(({ id }) => id)
}

function entriesOf(digest: NewNotification, parts: Part[], at: Date): Writes['entries'] {
  const ids = idsOf(parts)
  const digested = entry('digested', { digest: digest.id })
  const made = entry('digest_made', { count: ids.length, parts: ids.slice(0, maxNamed) })
  return [
    ...ids.map((notificationId) => ({ notificationId, at, entry: digested })),
    { notificationId: digest.id, at, entry: made },
  ]
}
