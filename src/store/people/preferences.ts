// People's preferences for messages that they may opt out of, by recipient id or address; the latest one that applies to a
// message counts.
import { query, type Reader, toJson } from '../db.ts'

/** Whether a person gets `product` messages, by channel. */
export interface Preferences {
  email: boolean
  sms: boolean
}
export type PreferredChannel = keyof Preferences
export const preferredChannels: PreferredChannel[] = ['email', 'sms']

/** A change of preference for `product` messages on one channel. */
export interface PreferenceChange {
  channel: PreferredChannel
  allowed: boolean
  recipientId: string | null
  /** The app whose id it is, if apps do not share recipient ids. */
  app?: string
  address: string | null
}

/** Stores changes of preferences, made by `by`; a repeat counts as the latest. */
export async function savePreferences(db: Reader, words: PreferenceChange[], by: string, at: Date): Promise<void> {
  if (words.length === 0) return
  const rows = words.flatMap(({ channel, allowed, recipientId, app = '', address }) => [
    ...(recipientId === null ? [] : [{ kind: 'id', app, subject: recipientId, channel, allowed }]),
    ...(address === null ? [] : [{ kind: 'address', app: '', subject: address.toLowerCase(), channel, allowed }]),
  ])
  // In one order, so that two concurrent changes cannot deadlock.
  await db.query(
    `insert into preferences (kind, app, subject, category, channel, allowed, said_by, said_at)
     select kind, app, subject, 'product', channel, allowed, $2, $3
     from json_to_recordset($1) as w(kind text, app text, subject text, channel text, allowed boolean) order by subject, kind, app, channel
     on conflict (subject, kind, app, category, channel)
     do update set allowed = excluded.allowed, said_by = excluded.said_by, said_at = excluded.said_at, sequence = default`,
    [toJson(rows), by, at],
  )
}

/** Who set a preference by a receipt of this provider. */
export function byReceiptOf(provider: string): string {
  return `a receipt of ${provider}`
}

/** Saves what a recipient chose by a provider's own unsubscribe, if the message's category allows an opt-out. */
export async function saveChoice(
  tx: Reader,
  notificationId: string,
  { provider, allowed, at, scopeOf }: { provider: string; allowed: boolean; at: Date; scopeOf(source: string): string },
): Promise<void> {
  const rows = await query<Omit<PreferenceChange, 'allowed' | 'app'> & { source: string }>(
    tx,
    `select channel, source, recipient_id, address from notification_details where id = $1 and category = 'product'`,
    [notificationId],
  )
  const words = rows.map(({ source, ...row }) => ({ ...row, app: scopeOf(source), allowed }))
  await savePreferences(tx, words, byReceiptOf(provider), at)
}

/** SQL: the latest preference for a message described by these expressions. Reads no row for a transactional one. */
export function latestPreference(
  of: Record<'recipientId' | 'source' | 'address' | 'category' | 'channel', string>,
): string {
  return `select p.allowed, p.said_by, p.said_at from preferences p
    where ${of.category} <> 'transactional' and p.subject in (${of.recipientId}, ${of.address})
      and p.subject = case p.kind when 'id' then ${of.recipientId} else ${of.address} end
      and p.app in ('', ${of.source}) and p.category = ${of.category} and p.channel = ${of.channel}
    order by p.sequence desc limit 1`
}

/** The addresses that an id was last sent to, in lower case; null where none is known. */
export async function lastAddressesOf(
  db: Reader,
  recipientId: string,
  app: string,
): Promise<Record<PreferredChannel, string | null>> {
  const rows = await query<{ channel: PreferredChannel; address: string }>(
    db,
    `select c.channel, known.address from unnest($3::text[]) as c(channel) cross join lateral (
       select lower(n.address) as address from notification_details n
       where n.recipient_id = $1 and ($2 = '' or n.source = $2) and n.channel = c.channel and n.address is not null
       order by n.created_at desc, n.id desc limit 1) as known`,
    [recipientId, app, preferredChannels],
  )
  return { email: null, sms: null, ...Object.fromEntries(rows.map(({ channel, address }) => [channel, address])) }
}
