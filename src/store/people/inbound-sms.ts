// Texts that came in, each once, and the suppressions that they set and lift.
import type { Tx } from '../db.ts'

export interface Inbound {
  key: string
  from: string
  keyword: 'stop' | 'start' | 'help' | null
}

/** False where it was told before. */
export async function insertInbound(tx: Tx, provider: string, { key, keyword }: Inbound, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into inbound_texts (provider, key, received_at, keyword) values ($1, $2, $3, $4) on conflict do nothing`,
    [provider, key, at, keyword],
  )
  return rowCount === 1
}

/** Nobody may text this number: its owner said so to this provider. */
export async function suppressNumber(tx: Tx, provider: string, number: string, at: Date): Promise<void> {
  await tx.query(
    `insert into suppressions (channel, address, reason, source, created_at) values ('sms', lower($1), 'opted_out', $2, $3)
     on conflict do nothing`,
    [number, provider, at],
  )
}

/** Lifts only what a word to this provider had set: what a person put on the list stays. */
export async function unsuppressNumber(tx: Tx, provider: string, number: string): Promise<void> {
  await tx.query(
    `delete from suppressions where channel = 'sms' and address = lower($1) and reason = 'opted_out' and source = $2`,
    [number, provider],
  )
}
