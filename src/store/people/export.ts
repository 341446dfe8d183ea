// Reads what is stored about a person outside of their notifications.
import { type Db, query } from '../db.ts'
import { emailDigest } from '../events/payments.ts'
import type { Person } from './person.ts'
import type { SuppressionRow } from './suppressions.ts'

export interface PersonalEvent {
  id: string
  source: string
  type: string
  receivedAt: Date
  raw: Buffer | null
}

export interface PersonalRows {
  suppressions: SuppressionRow[]
  preferences: { subject: string; app: string; channel: string; allowed: boolean; saidBy: string; saidAt: Date }[]
  payments: { outcome: string; names: string[]; orders: string[]; amount: number; currency: string; at: Date }[]
  accesses: { at: Date; keyName: string; what: string }[]
}

/** In the order of their ids, which is that of their times. */
export async function personalEvents(db: Db, ids: string[]): Promise<PersonalEvent[]> {
  return query(
    db,
    `select e.id, e.source, e.type, e.received_at, b.raw from events e left join event_bodies b on b.event_id = e.id
     where e.id = any($1) order by e.id`,
    [ids],
  )
}

export async function personalRows(
  db: Db,
  { ids, addresses, eventIds }: Person & { eventIds: string[] },
  pseudonyms: string[],
): Promise<PersonalRows> {
  const names = [...ids, ...addresses, ...pseudonyms]
  return {
    suppressions: await query(
      db,
      'select id, channel, address, reason, source, created_at from suppressions where address = any($1) order by created_at',
      [names],
    ),
    preferences: await query(
      db,
      'select subject, app, channel, allowed, said_by, said_at from preferences where subject = any($1) order by sequence',
      [names],
    ),
    payments: await query(
      db,
      `select outcome, names, orders, amount::double precision as amount, currency, at from payments
       where email_digest = any($1) or fact in (select fact from events where id = any($2) and fact is not null) order by at`,
      [addresses.map(emailDigest), eventIds],
    ),
    accesses: await query(db, 'select at, key_name, what from access_log where whose && $1 order by id', [
      [...ids, ...addresses],
    ]),
  }
}
