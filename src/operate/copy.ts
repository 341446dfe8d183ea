// Publishes and reverts an operator's copy, each in one transaction; of two concurrent changes one is refused.
import type { Ctx } from '../context.ts'
import { transaction } from '../store/db.ts'
import {
  lockVersions,
  markPublished,
  markReplaced,
  markRestored,
  markReverted,
  type Place,
} from '../store/people/copy.ts'

/** What was read before the change, and who makes it. */
interface Change<Seen> {
  seen: Seen
  by: string
}

/** Publishes the draft and returns its version number. Null: the draft is not the revision that was seen, or is gone. */
export async function publishCopy(
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
  place: Place,
  { seen, by }: Change<string>,
): Promise<number | null> {
  return transaction(db, async (tx) => {
    const versions = await lockVersions(tx, place)
    const draft = versions.find(({ state, revision }) => state === 'draft' && revision === seen)
    if (!draft) return null
    const version = 1 + Math.max(0, ...versions.map((one) => one.version ?? 0))
    const current = versions.find(({ state }) => state === 'published')
    if (current) await markReplaced(tx, current.id)
    await markPublished(tx, draft.id, version, { by, at: clock.now() })
    return version
  })
}

/**
 * Restores the previous version, or our own copy, and returns the version that it reverted. Null if none is published, or
 * not the version that was seen (undefined skips the check).
 */
export async function revertCopy(
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
  place: Place,
  { seen, by }: Change<number | undefined>,
): Promise<number | null> {
  return transaction(db, async (tx) => {
    const versions = await lockVersions(tx, place)
    const current = versions.find(({ state }) => state === 'published')
    if (!current || (seen !== undefined && current.version !== seen)) return null
    const before = versions.findLast(({ state }) => state === 'replaced')
    await markReverted(tx, current.id, { by, at: clock.now() })
    if (before) await markRestored(tx, before.id)
    return current.version
  })
}
