// Tells whether the database can be used right now, for the readiness probe.
import { setTimeout as wait } from 'node:timers/promises'
import { type Db, query } from './db.ts'

/** Shorter than the limit of a statement: a probe must know sooner. */
const answerTimeoutMs = 3000

/** Whether the database can currently read our tables and is not read-only. */
export async function answers(db: Db): Promise<boolean> {
  const asked = query<{ writable: boolean }>(
    db,
    `select current_setting('transaction_read_only') = 'off' as writable, exists (select from events)`,
  ).then(
    ([row]) => row?.writable === true,
    () => false,
  )
  return Promise.race([asked, wait(answerTimeoutMs, false, { ref: false })])
}
