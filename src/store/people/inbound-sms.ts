// Inbound texts, each stored once, and the suppressions that they set and remove.
import type { Keyword } from '../../domain/keyword.ts'
import type { Tx } from '../db.ts'

export interface Inbound {
  key: string
  from: string
  keyword: Keyword | null
}

/** False for a duplicate. */
export async function insertInbound(tx: Tx, provider: string, { key, keyword }: Inbound, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into inbound_texts (provider, key, received_at, keyword) values ($1, $2, $3, $4) on conflict do nothing`,
    [provider, key, at, keyword],
  )
  return rowCount === 1
}

/** Suppresses a number whose owner opted out at this provider. */
export async function suppressNumber(tx: Tx, provider: string, number: string, at: Date): Promise<void> {
  await tx.query(
    `insert into suppressions (channel, address, reason, source, created_at) values ('sms', lower($1), 'opted_out', $2, $3)
     on conflict do nothing`,
    [number, provider, at],
  )
}

/** Removes only an opt-out that came through this provider: an entry by a person stays. `names`: the number, and its pseudonym. */
export async function unsuppressNumber(tx: Tx, provider: string, names: string[]): Promise<void> {
  await tx.query(
    `delete from suppressions where channel = 'sms' and address = any($1) and reason = 'opted_out' and source = $2`,
    [names.map((name) => name.toLowerCase()), provider],
  )
}
