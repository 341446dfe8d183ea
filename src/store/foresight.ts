// What the rows say of an event that is not one of them: has it come before, has another overtaken it, is what it tells
// told already? explain.ts asks; planning and sending ask the same of what is stored.
import type { NewNotification } from '../notification.ts'
import { overtaken } from './attempt-rows.ts'
import type { Reader } from './db.ts'
import { type AcceptedEvent, findFirst, type NewEvent } from './events.ts'
import { type Omission, toldByOthers } from './plans.ts'

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

/** Of these, those that another event of the same fact has made already, with the reason. */
export async function toldBefore(db: Reader, event: NewEvent, planned: NewNotification[]): Promise<Omission[]> {
  return toldByOthers(db, { ...event, replayedAt: null }, planned)
}
