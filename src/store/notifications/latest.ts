// Finds the latest notification to an address, whose timeline has what is known of the address alone.
import type { PersonalChannel } from '../../domain/notification.ts'
import { query, type Reader } from '../db.ts'

interface Recipient {
  channel: PersonalChannel
  address: string
  /** Default: whichever provider sent it. */
  provider?: string
}

/** Its id; null if there is none, or retention has removed its address. */
export async function latestNotificationTo(
  db: Reader,
  { channel, address, provider }: Recipient,
): Promise<string | null> {
  const [row] = await query<{ id: string }>(
    db,
    `select id from notifications where lower(address) = lower($1) and channel = $2 and ($3::text is null or provider = $3)
     order by created_at desc, id desc limit 1`,
    [address, channel, provider ?? null],
  )
  return row?.id ?? null
}
