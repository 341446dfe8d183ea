// Reads stored texts that may name a person: Postgres chooses them by patterns, in parts, so that no statement runs into its time
// limit and memory holds a few megabytes.
import { bySize } from '../by-size.ts'
import { query, type Reader } from '../db.ts'

export interface StoredText {
  id: string
  raw: Buffer
}

/** A table's texts in the order of their ids. */
export interface Texts {
  /** A statement that returns `id` and the number of `bytes` of the next $2 texts after the id $1. */
  next: string
  /** One that returns `id` and `raw` of the ids $1. */
  read: string
  first: string
  idType: 'uuid' | 'bigint'
}

type ReadById = Pick<Texts, 'read' | 'idType'>

const firstUuid = '00000000-0000-0000-0000-000000000000'

export const eventBodies: Texts = {
  next: `select event_id as id, octet_length(raw) as bytes from event_bodies where event_id > $1 order by event_id limit $2`,
  read: `select event_id as id, raw from event_bodies where event_id = any($1)`,
  first: firstUuid,
  idType: 'uuid',
}

/** Those of events that are being planned and take long: others have been planned by the time that anybody asks again. */
export const bodiesPlannedForLong: Texts = {
  ...eventBodies,
  next: `select e.id, b.bytes from events e cross join lateral (
      select octet_length(raw) as bytes from event_bodies where event_id = e.id offset 0) b
    where e.due_at is not null and (e.planned_up_to > 0 or b.bytes > 65536) and e.id > $1 order by e.id limit $2`,
}

export const reportBodies: Texts = {
  next: `select report_id as id, octet_length(raw) as bytes from report_bodies where report_id > $1 order by report_id limit $2`,
  read: `select report_id as id, raw from report_bodies where report_id = any($1)`,
  first: firstUuid,
  idType: 'uuid',
}

/** Why operators suppressed addresses, in their own words. */
export const operatorReasons: Texts = {
  next: `select id, octet_length(reason) as bytes from suppressions where kind = 'operator' and id > $1 order by id limit $2`,
  read: `select id, convert_to(reason, 'UTF8') as raw from suppressions where kind = 'operator' and id = any($1)`,
  first: firstUuid,
  idType: 'uuid',
}

/** Whose data was seen, by the entries of the access log after this one. */
export function accessesAfter(id: string): Texts {
  return {
    next: `select id, 1000 as bytes from access_log where id > $1 order by id limit $2`,
    read: `select id, convert_to(array_to_string(whose, E'\\n'), 'UTF8') as raw from access_log where id = any($1)`,
    first: id,
    idType: 'bigint',
  }
}

/** The content of notifications, which is only read by their ids. */
const contents: ReadById = {
  read: `select notification_id as id, convert_to(content::text, 'UTF8') as raw from (
    select notification_id, content from messages union all select notification_id, content from digest_parts) c
    where notification_id = any($1)`,
  idType: 'uuid',
}

const textsAtOnce = 5_000
/** A part ends with the text that makes it at least as long. */
const bytesAtOnce = 8_388_608
/** A message has some tens of kilobytes. */
const contentsAtOnce = 200
const readAtOnce = 4_194_304

/** The ids of all texts that match one of the patterns. */
export async function* matchingTexts(db: Reader, texts: Texts, patterns: string[]): AsyncGenerator<string[]> {
  for (let after = texts.first; ; ) {
    const next = await query<{ id: string; bytes: number }>(db, texts.next, [after, textsAtOnce])
    for (const part of bySize(next, bytesAtOnce)) yield await matchingOf(db, texts, part, patterns)
    after = next.at(-1)?.id ?? after
    if (next.length < textsAtOnce) return
  }
}

/** The same of the contents of these notifications. Without patterns it is all that have one. */
export async function* matchingContents(db: Reader, ids: string[], patterns: string[]): AsyncGenerator<string[]> {
  for (let from = 0; from < ids.length; from += contentsAtOnce)
    yield await matchingOf(db, contents, ids.slice(from, from + contentsAtOnce), patterns)
}

/** Each text, of which memory holds a few at a time. */
export async function* readTexts(db: Reader, { read }: Pick<Texts, 'read'>, ids: string[]): AsyncGenerator<StoredText> {
  const sizes = await query<{ id: string; bytes: number }>(
    db,
    `select id, octet_length(raw) as bytes from (${read}) t order by id`,
    [ids],
  )
  for (const part of bySize(sizes, readAtOnce)) yield* await query<StoredText>(db, `${read} order by 1`, [part])
}

export function readContents(db: Reader, ids: string[]): AsyncGenerator<StoredText> {
  return readTexts(db, contents, ids)
}

async function matchingOf(
  db: Reader,
  { read, idType }: ReadById,
  ids: string[],
  patterns: string[],
): Promise<string[]> {
  // As bytes, each of which is a character of this encoding, as a body need not be UTF-8. None holds a zero.
  const rows = await query<{ id: string }>(
    db,
    `select id from (${read.replace('$1', `$1::${idType}[]`)}) t
     where $2::text[] = '{}' or lower(convert_from(raw, 'LATIN1') collate "C") ~ any($2::text[])`,
    [ids, patterns.map((pattern) => Buffer.from(pattern).toString('latin1'))],
  )
  return rows.map(({ id }) => id)
}
