// Texts that came in, each once, and what they change: the suppression of the number they came from.
import { type Db, transaction } from '../db.ts'

export interface Inbound {
  key: string
  from: string
  keyword: 'stop' | 'start' | 'help' | null
}

/** False where it was told before. START lifts only what a STOP to this provider had set: what a person put on the list stays. */
export async function keepInbound(
  db: Db,
  provider: string,
  { key, from, keyword }: Inbound,
  at: Date,
): Promise<boolean> {
  return transaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `insert into inbound_texts (provider, key, received_at, keyword) values ($1, $2, $3, $4) on conflict do nothing`,
      [provider, key, at, keyword],
    )
    if (rowCount === 0) return false
    if (keyword === 'stop')
      await tx.query(
        `insert into suppressions (channel, address, reason, source, created_at) values ('sms', lower($1), 'opted_out', $2, $3)
         on conflict do nothing`,
        [from, provider, at],
      )
    if (keyword === 'start')
      await tx.query(
        `delete from suppressions where channel = 'sms' and address = lower($1) and reason = 'opted_out' and source = $2`,
        [from, provider],
      )
    return true
  })
}
