// Reads what is stored about a person outside of their notifications.
import { type Db, query } from '../db.ts'
import { emailDigest } from '../events/payments.ts'
import type { Person } from './person.ts'
import type { SuppressionRow } from './suppressions.ts'
import { eventBodies, readTexts } from './texts.ts'

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

const eventsAtOnce = 100

/** In the order of their ids, which is that of their times. Memory holds a few megabytes of bodies, or one larger body. */
export async function* personalEvents(db: Db, ids: string[]): AsyncGenerator<PersonalEvent> {
  const sorted = [...ids].sort()
  for (let from = 0; from < sorted.length; from += eventsAtOnce) {
    const part = sorted.slice(from, from + eventsAtOnce)
    const rows = await query<Omit<PersonalEvent, 'raw'>>(
      db,
      'select id, source, type, received_at from events where id = any($1) order by id',
      [part],
    )
    const bodies = readTexts(db, eventBodies, part)
    let body = await bodies.next()
    for (const row of rows) {
      while (!body.done && body.value.id < row.id) body = await bodies.next()
      yield { ...row, raw: !body.done && body.value.id === row.id ? body.value.raw : null }
    }
  }
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
