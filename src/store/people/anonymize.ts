// Removes personal data from rows that are kept: events, notifications and omissions.
import type { StoredCode } from '../../domain/coded.ts'
import { personKeyStart } from '../../domain/recipient-key.ts'
import { query, type Tx, toRecords } from '../db.ts'

/** Replaces personal data in texts. */
export interface Anonymizer {
  always(text: string): string
  /** An app's id of a person. */
  person(id: string): string
  /** An id, a reference or a type. */
  name(name: string): string
  text(text: string): string
}

type AnonymizerOf = (eventId: string) => Anonymizer
const anyKey = (_recipientKey: string) => true
const hashed = /^digest:/

/** The parameters of a reason with every text in them changed. */
export function inParams(change: (text: string) => string, params: StoredCode['params']): StoredCode['params'] {
  return (
    params && JSON.parse(JSON.stringify(params), (_name, value) => (typeof value === 'string' ? change(value) : value))
  )
}

export const orNull = (change: (text: string) => string, text: string | null) => (text === null ? null : change(text))

interface EventRow {
  id: string
  sourceId: string
  type: string
  sourceType: string
  reference: string | null
  referenceNames: string[]
  mentions: string[]
  fact: string | null
  reasonParams: StoredCode['params']
}

export async function anonymizeEvents(tx: Tx, ids: string[], anonymizerOf: (eventId: string) => Anonymizer) {
  const rows = await query<EventRow>(
    tx,
    `select id, source_id, type, source_type, reference, reference_names, mentions, fact, reason_params from events where id = any($1)`,
    [ids],
  )
  const changed = rows.flatMap((row) => {
    const { name, text } = anonymizerOf(row.id)
    const after: EventRow = {
      id: row.id,
      sourceId: name(row.sourceId),
      type: name(row.type),
      sourceType: name(row.sourceType),
      reference: orNull(name, row.reference),
      referenceNames: row.referenceNames.map(name),
      mentions: row.mentions.map(name),
      fact: orNull(name, row.fact),
      reasonParams: inParams(text, row.reasonParams),
    }
    return JSON.stringify(after) === JSON.stringify(row) ? [] : [after]
  })
  if (changed.length === 0) return
  await tx.query(
    `update events e set source_id = c.source_id, type = c.type, source_type = c.source_type, reference = c.reference,
       reference_names = array(select json_array_elements_text(c.reference_names)),
       mentions = array(select json_array_elements_text(c.mentions)), fact = c.fact, reason_params = c.reason_params
     from json_to_recordset($1) as c(id uuid, source_id text, type text, source_type text, reference text, reference_names json,
       mentions json, fact text, reason_params json) where e.id = c.id`,
    [toRecords(changed)],
  )
}

interface NotificationRow {
  id: string
  eventId: string
  channel: string
  eventType: string
  sourceType: string
  recipientId: string | null
  recipientKey: string
  reference: string | null
  reasonParams: StoredCode['params']
  fact: string
  digestKey: string | null
  hasMessage: boolean
}

export interface Notifications {
  of: { eventIds: string[] } | { ids: string[] }
  /** Their addresses are kept for longer. */
  keepsAddresses: boolean
}

export interface Anonymized {
  ids: string[]
  /** How many of them lost their message now, and how many their address. */
  messages: number
  addresses: number
}

/** Of these events, or these alone. Also removes subjects, and addresses. */
export async function anonymizeNotifications(
  tx: Tx,
  { of, keepsAddresses }: Notifications,
  anonymizerOf: (eventId: string) => Anonymizer,
  now: Date,
): Promise<Anonymized> {
  const rows = await query<NotificationRow>(
    tx,
    `select id, event_id, channel, event_type, source_type, recipient_id, recipient_key, reference, reason_params, fact, digest_key,
       content_removed_at is null and forgotten_at is null as has_message
     from notifications where ${'ids' in of ? 'id' : 'event_id'} = any($1)`,
    ['ids' in of ? of.ids : of.eventIds],
  )
  const after = rows.map((row) => {
    const { always, person, name, text } = anonymizerOf(row.eventId)
    return {
      id: row.id,
      eventType: name(row.eventType),
      sourceType: name(row.sourceType),
      recipientId: orNull(person, row.recipientId),
      recipientKey: keyAfter(row, always),
      reference: orNull(name, row.reference),
      reasonParams: inParams(text, row.reasonParams),
      // A digest's fact is a hash of the person.
      fact: hashed.test(row.fact) ? always(row.fact) : name(row.fact),
      digestKey: orNull(always, row.digestKey),
    }
  })
  await tx.query(
    `with c as materialized (
       select * from json_to_recordset($1) as c(id uuid, event_type text, source_type text, recipient_id text,
         recipient_key text, reference text, reason_params json, fact text, digest_key text)),
     details as (
       update notification_details n set address = case when $3 then n.address end, subject = null, event_type = c.event_type,
         source_type = c.source_type, recipient_id = c.recipient_id, recipient_key = c.recipient_key,
         reference = c.reference, fact = c.fact
       from c where n.id = c.id)
     update notification_states n set reason_params = c.reason_params, digest_key = c.digest_key,
       content_removed_at = coalesce(n.content_removed_at, $2), forgotten_at = case when $3 then n.forgotten_at else $2 end
     from c where n.id = c.id`,
    [toRecords(after), now, keepsAddresses],
  )
  return {
    ids: rows.map(({ id }) => id),
    messages: rows.filter(({ hasMessage }) => hasMessage).length,
    addresses: keepsAddresses ? 0 : rows.length,
  }
}

/** The key's pseudonym, so that a person keeps their row. An app's key is its name and stays. */
export function keyAfter(row: { channel: string | null; recipientKey: string }, always: Anonymizer['always']): string {
  const { channel, recipientKey: key } = row
  return channel !== 'callback' && key.startsWith(personKeyStart) ? always(key) : key
}

/** `isOf` chooses among them by the key of their recipient. */
export async function anonymizeOmissions(tx: Tx, eventIds: string[], anonymizerOf: AnonymizerOf, isOf = anyKey) {
  type Row = Record<'eventId' | 'notifier' | 'recipientKey', string> & {
    channel: string | null
    reasonParams: StoredCode['params']
  }
  const rows = await query<Row>(
    tx,
    'select event_id, notifier, channel, recipient_key, reason_params from omissions where event_id = any($1)',
    [eventIds],
  )
  const after = rows
    .filter(({ recipientKey }) => isOf(recipientKey))
    .map((row) => {
      const { always, text } = anonymizerOf(row.eventId)
      return { ...row, keyAfter: keyAfter(row, always), paramsAfter: inParams(text, row.reasonParams) }
    })
  if (after.length === 0) return
  await tx.query(
    `update omissions o set recipient_key = c.key_after, reason_params = c.params_after
     from json_to_recordset($1) as c(event_id uuid, notifier text, channel text, recipient_key text, key_after text,
       params_after json)
     where (o.event_id, o.notifier, o.recipient_key) = (c.event_id, c.notifier, c.recipient_key)
       and o.channel is not distinct from c.channel`,
    [toRecords(after)],
  )
}
