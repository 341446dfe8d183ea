// Pauses and resumes a provider, independently of its circuit, and records who did it.
import type { Ctx } from '../context.ts'
import { transaction } from '../store/db.ts'
import { recordChange, setPaused } from '../store/providers/changes.ts'

/** False: it was paused, or not paused, already. */
export async function pauseProvider(
  { db }: Pick<Ctx, 'db'>,
  provider: string,
  paused: boolean,
  by: string,
): Promise<boolean> {
  return transaction(db, async (tx) => {
    if (!(await setPaused(tx, provider, paused, by))) return false
    await recordChange(tx, { provider, what: paused ? 'paused' : 'resumed', changedBy: by, inputs: {} })
    return true
  })
}
