// Operators' copy by notifier and locale: a draft, the published version and earlier ones. Every change is guarded, so that
// of two concurrent ones one succeeds and the other is refused.
import { query, type Reader, type Tx, toJson } from '../db.ts'

export type CopyState = 'draft' | 'published' | 'replaced' | 'reverted'

/** One version of the copy, or the draft. */
export interface CopyRow {
  locale: string
  /** Null: a draft. */
  version: number | null
  state: CopyState
  messages: Record<string, string>
  /** Different after each change of a draft. */
  revision: string
  draftedBy: string
  draftedAt: Date
  publishedBy: string | null
  publishedAt: Date | null
  revertedBy: string | null
  revertedAt: Date | null
}

/** The published copy of a notifier, by locale. */
export type Copy = (notifier: string) => Record<string, { version: number; messages: Record<string, string> }>

/** The currently published copy of these notifiers. */
export async function publishedCopy(db: Reader, notifiers: { name: string }[]): Promise<Copy> {
  const rows = await query<{
    notifier: string
    locale: string
    version: number
    messages: Record<string, string>
  }>(
    db,
    `select notifier, locale, version, messages from copy_versions where notifier = any($1) and state = 'published'`,
    [notifiers.map(({ name }) => name)],
  )
  const of = Map.groupBy(rows, ({ notifier }) => notifier)
  return (notifier) =>
    Object.fromEntries((of.get(notifier) ?? []).map(({ locale, version, messages }) => [locale, { version, messages }]))
}

const columns = `locale, version, state, messages, revision, drafted_by, drafted_at,
  published_by, published_at, reverted_by, reverted_at`

/** The draft of a notifier and locale, then its versions, the newest first. */
export async function copyHistory(db: Reader, notifier: string, locale: string): Promise<CopyRow[]> {
  return query<CopyRow>(
    db,
    `select ${columns} from copy_versions where notifier = $1 and locale = $2 order by version desc nulls first`,
    [notifier, locale],
  )
}

/** What there is of a notifier's copy in a locale. `version`: the published one, null for none. */
export interface CopyPlace {
  locale: string
  version: number | null
  hasDraft: boolean
}

/** The locales that have a draft of this notifier or ever had a version, in alphabetical order. */
export async function copyPlaces(db: Reader, notifier: string): Promise<CopyPlace[]> {
  return query<CopyPlace>(
    db,
    `select locale, max(version) filter (where state = 'published') as version, bool_or(state = 'draft') as has_draft
     from copy_versions where notifier = $1 group by locale order by locale`,
    [notifier],
  )
}

/** The copy as if every draft of this notifier were published, for previews. A draft's version is 0. */
export async function draftedCopy(db: Reader, notifier: string): Promise<ReturnType<Copy>> {
  const rows = await query<{ locale: string; version: number; messages: Record<string, string> }>(
    db,
    `select distinct on (locale) locale, coalesce(version, 0) as version, messages from copy_versions
     where notifier = $1 and state in ('draft', 'published') order by locale, copy_versions.version desc nulls first`,
    [notifier],
  )
  return Object.fromEntries(rows.map(({ locale, version, messages }) => [locale, { version, messages }]))
}

export interface Place {
  notifier: string
  locale: string
}

export interface Act {
  by: string
  at: Date
}

export interface Draft {
  messages: Record<string, string>
  /** The revision that it was based on, null for no draft; undefined skips the check. */
  basedOn: string | null | undefined
}

/** Stores a draft in place of the previous one. False: the draft has changed since. */
export async function putDraft(
  db: Reader,
  { notifier, locale }: Place,
  { messages, basedOn }: Draft,
  { by, at }: Act,
): Promise<boolean> {
  const insert = `insert into copy_versions (notifier, locale, state, messages, drafted_by, drafted_at)
    values ($1, $2, 'draft', $3, $4, $5) on conflict (notifier, locale) where state = 'draft'`
  const change = 'messages = $3, drafted_by = $4, drafted_at = $5, revision = default'
  const values = [notifier, locale, toJson(messages), by, at]
  const draft = `notifier = $1 and locale = $2 and state = 'draft'`
  const { rowCount } =
    basedOn === undefined
      ? await db.query(`${insert} do update set ${change}`, values)
      : basedOn === null
        ? await db.query(`${insert} do nothing`, values)
        : await db.query(`update copy_versions set ${change} where ${draft} and revision::text = $6`, [
            ...values,
            basedOn,
          ])
  return rowCount === 1
}

export type CopyVersion = Pick<CopyRow, 'version' | 'state' | 'revision'> & { id: string }

/** Locks all versions, the draft last, in one order, so that a concurrent publish and revert cannot deadlock. */
export async function lockVersions(tx: Tx, { notifier, locale }: Place): Promise<CopyVersion[]> {
  return query<CopyVersion>(
    tx,
    `select id, version, state, revision from copy_versions where notifier = $1 and locale = $2
     order by version nulls last for update`,
    [notifier, locale],
  )
}

export async function markPublished(tx: Tx, id: string, version: number, { by, at }: Act): Promise<void> {
  await tx.query(
    `update copy_versions set state = 'published', version = $2, published_by = $3, published_at = $4 where id = $1`,
    [id, version, by, at],
  )
}

export async function markReplaced(tx: Tx, id: string): Promise<void> {
  await tx.query(`update copy_versions set state = 'replaced' where id = $1`, [id])
}

export async function markReverted(tx: Tx, id: string, { by, at }: Act): Promise<void> {
  await tx.query(`update copy_versions set state = 'reverted', reverted_by = $2, reverted_at = $3 where id = $1`, [
    id,
    by,
    at,
  ])
}

/** Publishes a replaced version again. */
export async function markRestored(tx: Tx, id: string): Promise<void> {
  await tx.query(`update copy_versions set state = 'published' where id = $1`, [id])
}
