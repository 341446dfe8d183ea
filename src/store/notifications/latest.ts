// Finds the latest notification to an address, whose timeline has what is known of the address alone.
import type { PersonalChannel } from '../../domain/notification.ts'
import { query, type Reader } from '../db.ts'

interface Recipient {
  channel: PersonalChannel
  address: string
  /** Default: whichever provider sent it. */
  provider?: string
}

/** A shared address may have any number; what a provider reports of it is about a late one. */
const lookedAt = 1000

/** Its id; null if there is none among the latest thousand, or retention has removed its address. */
export async function latestNotificationTo(
  db: Reader,
  { channel, address, provider }: Recipient,
): Promise<string | null> {
  const [row] = await query<{ id: string }>(
    db,
    `select d.id from (
       select id, channel, created_at from notification_details where lower(address) = lower($1)
       order by created_at desc, id desc limit ${lookedAt}) d
     join notification_states s on s.id = d.id
     where d.channel = $2 and ($3::text is null or s.provider = $3) order by d.created_at desc, d.id desc limit 1`,
    [address, channel, provider ?? null],
  )
  return row?.id ?? null
}
