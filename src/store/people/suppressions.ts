// The suppression list, as operators read and change it. An address may be on it for several reasons.
import type { PersonalChannel } from '../../domain/notification.ts'
import { type Db, query } from '../db.ts'
import type { Page } from '../newest.ts'
import { firstSuppression } from './first-suppression.ts'

export interface SuppressionRow {
  id: string
  channel: PersonalChannel
  address: string
  reason: string
  source: string
  createdAt: Date
}

const columns = 'id, channel, address, reason, source, created_at'

/**
 * Every reason of every address, or of these alone, the newest first; returns one row more than the limit if there is a next
 * page. Addresses must be in lower case.
 */
export async function listSuppressions(
  db: Db,
  { limit, after }: Page,
  addresses: string[] | null,
): Promise<SuppressionRow[]> {
  const ofThese = addresses ? `channel in ('email', 'sms') and address = any($4) and` : ''
  return query<SuppressionRow>(
    db,
    `select ${columns} from suppressions where ${ofThese} ($1::timestamptz is null or (created_at, id) < ($1, $2::uuid))
     order by created_at desc, id desc limit $3`,
    [after?.at ?? null, after?.id ?? null, limit + 1, ...(addresses ? [addresses] : [])],
  )
}

/** `address` must be in lower case. */
export async function findSuppression(
  db: Db,
  channel: PersonalChannel,
  address: string,
): Promise<SuppressionRow | null> {
  const rows = await query<SuppressionRow>(db, firstSuppression(columns, { channel: '$1', address: '$2' }), [
    channel,
    address,
  ])
  return rows[0] ?? null
}

/** Adds a reason, or replaces the one that the same source gave before. */
export async function putSuppression(db: Db, entry: Omit<SuppressionRow, 'id'>): Promise<SuppressionRow> {
  const rows = await query<SuppressionRow>(
    db,
    `insert into suppressions (channel, address, reason, source, created_at) values ($1, $2, $3, $4, $5)
     on conflict (channel, address, kind, source) do update set reason = excluded.reason, created_at = excluded.created_at
     returning ${columns}`,
    [entry.channel, entry.address, entry.reason, entry.source, entry.createdAt],
  )
  if (!rows[0]) throw new Error('a suppression was inserted but not returned')
  return rows[0]
}

/** Removes the reason that is shown, whoever gave it, and leaves the others. False: the address was not on the list. */
export async function removeSuppression(db: Db, channel: PersonalChannel, address: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `delete from suppressions where channel = $1 and address = $2
       and kind = (${firstSuppression('kind', { channel: '$1', address: '$2' })})`,
    [channel, address],
  )
  return rowCount !== null && rowCount > 0
}
