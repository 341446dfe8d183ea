// Settlements of attempts with an unknown outcome, and the look-ups before them; the attempt's own row never changes.
import type { LookUpAnswer, Settlement } from '../../domain/attempt.ts'
import type { Tx } from '../db.ts'

/** Settles an attempt as the provider's message of this id. False if that message belongs to another attempt. */
export async function claimMessage(tx: Tx, settlement: Settlement & { ref: string }): Promise<boolean> {
  return insert(
    tx,
    settlement,
    'where not exists (select from attempts a where a.provider = s.provider and a.provider_message_id = s.ref)',
  )
}

/** False if the provider's message settles another attempt, or this attempt is already settled. */
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

export async function insertLookUp(
  tx: Tx,
  attemptId: string,
  look: LookUpAnswer,
  detail: string | null,
): Promise<void> {
  await tx.query('insert into look_ups (attempt_id, at, answer, detail) values ($1, $2, $3, $4)', [
    attemptId,
    look.at,
    look.answer,
    detail,
  ])
}

/** SQL: whether an attempt of this row, which has `id` and `restarted_after`, may have been taken. */
export function mayHaveBeenTaken(row: string): string {
  return `exists (select from attempts a left join settlements s on s.attempt_id = a.id
    where a.notification_id = ${row}.id and a.number > ${row}.restarted_after and a.outcome = 'unknown'
      and s.verdict is distinct from 'not_taken')`
}
