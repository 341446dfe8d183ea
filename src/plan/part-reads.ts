// Reads what the drafts of a part depend on: who must not get which messages, and the published copy.
import type { Ctx } from '../context.ts'
import type { Recipient } from '../domain/event.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import type { Ineligible } from '../policy/eligibility.ts'
import { batcher } from '../store/batch.ts'
import { isDatabaseAway } from '../store/db.ts'
import { type Copy, publishedCopy } from '../store/people/copy.ts'
import { onOneConnection, together } from '../store/together.ts'
import { ineligibleOf } from './eligibility.ts'

interface PartReads {
  ineligible: Ineligible
  copy: Copy
}

/** Reads it for these people and notifiers, as it is now. */
export type ReadPart = (part: { people: Recipient[]; notifiers: Notifier[] }) => Promise<PartReads>

/** Parts that are drafted at the same time share statements, and each gets the answer for all of them. */
export function makeReadPart(ctx: Ctx): ReadPart {
  return batcher(
    async (parts: Parameters<ReadPart>[0][]) => {
      const people = parts.flatMap((part) => part.people)
      const notifiers = [...new Set(parts.flatMap((part) => part.notifiers))]
      const { pseudonymOf } = ctx
      const [ineligible, copy] = await onOneConnection(ctx.db, (db) =>
        together(ineligibleOf({ db, pseudonymOf }, people, notifiers), publishedCopy(db, notifiers)),
      )
      return parts.map(() => ({ ineligible, copy }))
    },
    { maxItems: 50, isShared: isDatabaseAway },
  )
}
