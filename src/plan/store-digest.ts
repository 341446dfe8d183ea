// Stores a digest and ends its parts, or moves them to the next digest, within the transaction that holds their locks.
import type { Ctx } from '../context.ts'
import { digestFact } from '../domain/fact.ts'
import type { NewNotification } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { entry } from '../domain/timeline.ts'
import type { Tx } from '../store/db.ts'
import { jobOf } from '../store/jobs/wake.ts'
import {
  addToTimelines,
  endParts,
  firstIds,
  moveParts,
  type Part,
  type Waiting,
} from '../store/notifications/digests.ts'
import { insertContents, insertNotifications } from '../store/notifications/insert.ts'
import { noWrites, write } from '../store/writes.ts'

/** A digest of many parts names only the first. */
const maxNamed = 20

interface ToStore {
  key: string
  digest: NewNotification
  /** All of its parts, and those that it was composed of. */
  waiting: Waiting
  parts: [Part, ...Part[]]
  /** The next digest, for parts whose own digest was made without them. */
  next: { key: string; at: Date } | null
  now: Date
}

/** `late`: it was made before; the parts wait for the next. */
type DigestResult = 'made' | 'late'

export async function storeDigest(
  ctx: Ctx,
  tx: Tx,
  { key, digest, waiting: { ids, count }, parts, next, now }: ToStore,
): Promise<DigestResult> {
  const [{ eventId: id, eventType: type, sourceType, source }] = parts
  const event = { id, type, sourceType, source, fact: digestFact(key) }
  const made = await insertNotifications(tx, [{ event, notifications: [digest] }], now)
  if (!made.has(digest.id)) {
    if (!next) throw new Error('a digest has no next time')
    await moveParts(tx, ids, next)
    // The job of one part makes the digest of all; where that part is cancelled, the sweep finds the others.
    const newJobs = parts.map((part) => jobOf({ ...part, collects: true }, next.at))
    await ctx.jobs.enqueue(tx, newJobs)
    return 'late'
  }
  await insertContents(tx, [digest])
  await endParts(tx, ids, { state: 'digested', why: reason('digested', { digest: digest.id }), at: now })
  await addToTimelines(tx, ids, now, entry('digested', { digest: digest.id }))
  const named = entry('digest_made', { count, parts: await firstIds(tx, ids, maxNamed) })
  const newJobs = digest.state === 'pending' ? [jobOf(digest)] : []
  await write(tx, ctx.jobs, { ...noWrites(), entries: [{ notificationId: digest.id, at: now, entry: named }], newJobs })
  return 'made'
}
