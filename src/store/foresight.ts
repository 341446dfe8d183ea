// What the rows say of an event that is not one of them: has it come before, has another overtaken it?
// explain.ts asks; accepting and sending ask the same of what is stored.
import { overtaken } from './attempt-rows.ts'
import type { Reader } from './db.ts'
import { type AcceptedEvent, findFirst, type NewEvent } from './events.ts'

/** The event of the same source and id that was stored before; null where it would be the first. */
export async function firstOf(db: Reader, event: NewEvent): Promise<AcceptedEvent | null> {
  const [first] = (await findFirst(db, [event])).values()
  return first ?? null
}

/** Whether an event of one of these types has come that makes needless what this one tells. */
export async function isOvertaken(db: Reader, event: NewEvent, types: readonly string[]): Promise<boolean> {
  const asked = overtaken({ types: '$1::text[]', references: '$2::text[]', occurredAt: '$3::timestamptz' })
  const { rows } = await db.query<{ stale: boolean }>(`select ${asked} as stale`, [
    types,
    event.references,
    event.occurredAt,
  ])
  return rows[0]?.stale ?? false
}
