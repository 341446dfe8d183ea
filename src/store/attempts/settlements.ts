// What ends the doubt about an attempt whose outcome was unknown: its settlement, and the look-ups before it. The attempt
// itself stays as it was closed.
import type { Look, Settlement } from '../../domain/attempt.ts'
import type { Tx } from '../db.ts'

/** Settles it as the provider's message of this id. False where that message is another attempt's, by its answer or its settlement. */
export async function claimMessage(tx: Tx, settlement: Settlement & { ref: string }): Promise<boolean> {
  return insert(
    tx,
    settlement,
    'where not exists (select from attempts a where a.provider = s.provider and a.provider_message_id = s.ref)',
  )
}

/** False where the provider's message settles another attempt, or this attempt has been settled meanwhile. */
export async function insertSettlement(tx: Tx, settlement: Settlement): Promise<boolean> {
  return insert(tx, settlement, '')
}

async function insert(tx: Tx, { attempt, verdict, by, ref, at }: Settlement, where: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into settlements (attempt_id, provider, verdict, settled_by, provider_message_id, at)
     select * from (values ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::timestamptz))
       as s(attempt_id, provider, verdict, settled_by, ref, at) ${where}
     on conflict do nothing`,
    [attempt.id, attempt.provider, verdict, by, ref, at],
  )
  return rowCount === 1
}

export async function insertLookUp(tx: Tx, attemptId: string, look: Look, detail: string | null): Promise<void> {
  await tx.query('insert into look_ups (attempt_id, at, answer, detail) values ($1, $2, $3, $4)', [
    attemptId,
    look.at,
    look.answer,
    detail,
  ])
}

/** Whether an attempt of this row, which has `id` and `restarted_after`, is in doubt. */
export function mayHaveBeenTaken(row: string): string {
  return `exists (select from attempts a left join settlements s on s.attempt_id = a.id
    where a.notification_id = ${row}.id and a.number > ${row}.restarted_after and a.outcome = 'unknown'
      and s.verdict is distinct from 'not_taken')`
}
