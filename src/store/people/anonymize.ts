// Removes personal data from rows that are kept: events and notifications.
import type { StoredCode } from '../../domain/coded.ts'
import { personKeyStart } from '../../domain/recipient-key.ts'
import { query, type Tx, toRecords } from '../db.ts'

/** What a text becomes. Each may take a while, and lets others have their turn. */
export type Change = (text: string) => Promise<string>

/** Replaces personal data in texts. */
export interface Anonymizer {
  always: Change
  /** An app's id of a person. */
  person: Change
  /** An id, a reference or a type. */
  name: Change
  text: Change
}

export type AnonymizerOf = (eventId: string) => Anonymizer
const hashed = /^digest:/

/** The parameters of a reason with every text in them changed. */
export async function inParams(change: Change, params: StoredCode['params']): Promise<StoredCode['params']> {
  if (!params) return params
  const written = JSON.stringify(params)
  const texts = new Set<string>()
  JSON.parse(written, (_name, value) => {
    if (typeof value === 'string') texts.add(value)
  })
  const after = new Map(await oneByOne([...texts], async (text) => [text, await change(text)] as const))
  return JSON.parse(written, (_name, value) => (typeof value === 'string' ? after.get(value) : value))
}

export const orNull = async (change: Change, text: string | null) => (text === null ? null : change(text))

/** Given beside the records, which Postgres takes for 100 however few they are, and might read a whole table for. */
export const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)

/** In their order, each once the one before it is done: at the same time, thousands would wait for each other. */
export async function oneByOne<One, After>(all: One[], change: (one: One) => Promise<After>): Promise<After[]> {
  const after: After[] = []
  for (const one of all) after.push(await change(one))
  return after
}

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
  const changed: EventRow[] = []
  for (const row of rows) {
    const { name, text } = anonymizerOf(row.id)
    const after: EventRow = {
      id: row.id,
      sourceId: await name(row.sourceId),
      type: await name(row.type),
      sourceType: await name(row.sourceType),
      reference: await orNull(name, row.reference),
      referenceNames: await oneByOne(row.referenceNames, name),
      mentions: await oneByOne(row.mentions, name),
      fact: await orNull(name, row.fact),
      reasonParams: await inParams(text, row.reasonParams),
    }
    if (JSON.stringify(after) !== JSON.stringify(row)) changed.push(after)
  }
  if (changed.length === 0) return
  await tx.query(
    `update events e set source_id = c.source_id, type = c.type, source_type = c.source_type, reference = c.reference,
       reference_names = array(select json_array_elements_text(c.reference_names)),
       mentions = array(select json_array_elements_text(c.mentions)), fact = c.fact, reason_params = c.reason_params
     from json_to_recordset($1) as c(id uuid, source_id text, type text, source_type text, reference text, reference_names json,
       mentions json, fact text, reason_params json) where e.id = c.id and e.id = any($2)`,
    [toRecords(changed), idsOf(changed)],
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
  const after = await oneByOne(rows, async (row) => {
    const { always, person, name, text } = anonymizerOf(row.eventId)
    return {
      id: row.id,
      eventType: await name(row.eventType),
      sourceType: await name(row.sourceType),
      recipientId: await orNull(person, row.recipientId),
      recipientKey: await keyAfter(row, always),
      reference: await orNull(name, row.reference),
      reasonParams: await inParams(text, row.reasonParams),
      // A digest's fact is a hash of the person.
      fact: await (hashed.test(row.fact) ? always : name)(row.fact),
      digestKey: await orNull(always, row.digestKey),
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
       from c where n.id = c.id and n.id = any($4))
     update notification_states n set reason_params = c.reason_params, digest_key = c.digest_key,
       content_removed_at = coalesce(n.content_removed_at, $2), forgotten_at = case when $3 then n.forgotten_at else $2 end
     from c where n.id = c.id and n.id = any($4)`,
    [toRecords(after), now, keepsAddresses, idsOf(after)],
  )
  return {
    ids: idsOf(rows),
    messages: rows.filter(({ hasMessage }) => hasMessage).length,
    addresses: keepsAddresses ? 0 : rows.length,
  }
}

/** The key's pseudonym, so that a person keeps their row. An app's key is its name and stays. */
export async function keyAfter(row: { channel: string | null; recipientKey: string }, always: Change): Promise<string> {
  const { channel, recipientKey: key } = row
  return channel !== 'callback' && key.startsWith(personKeyStart) ? always(key) : key
}
