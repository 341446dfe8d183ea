// Operators' copy by notifier and locale: a draft, the published version and earlier ones. Every change is guarded, so that
// of two concurrent ones one succeeds and the other is refused.
import { type Db, type Reader, type Tx, toJson, transaction } from '../db.ts'

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
  const { rows } = await db.query<{
    notifier: string
    locale: string
    version: number
    messages: Record<string, string>
  }>(`select notifier, locale, version, messages from copy_versions where notifier = any($1) and state = 'published'`, [
    notifiers.map(({ name }) => name),
  ])
  const of = Map.groupBy(rows, ({ notifier }) => notifier)
  return (notifier) =>
    Object.fromEntries((of.get(notifier) ?? []).map(({ locale, version, messages }) => [locale, { version, messages }]))
}

const columns = `locale, version, state, messages, revision, drafted_by as "draftedBy", drafted_at as "draftedAt",
  published_by as "publishedBy", published_at as "publishedAt", reverted_by as "revertedBy", reverted_at as "revertedAt"`

/** The draft of a notifier and locale, then its versions, the newest first. */
export async function copyHistory(db: Reader, notifier: string, locale: string): Promise<CopyRow[]> {
  const { rows } = await db.query<CopyRow>(
    `select ${columns} from copy_versions where notifier = $1 and locale = $2 order by version desc nulls first`,
    [notifier, locale],
  )
  return rows
}

/** The copy as if every draft of this notifier were published, for previews. A draft's version is 0. */
export async function draftedCopy(db: Reader, notifier: string): Promise<ReturnType<Copy>> {
  const { rows } = await db.query<{ locale: string; version: number; messages: Record<string, string> }>(
    `select distinct on (locale) locale, coalesce(version, 0) as version, messages from copy_versions
     where notifier = $1 and state in ('draft', 'published') order by locale, version desc nulls first`,
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

/**
 * Stores a draft in place of the previous one. `seen` is the revision that it was based on, null for no draft; undefined
 * skips the check. False: the draft has changed since.
 */
export async function putDraft(
  db: Reader,
  { notifier, locale }: Place,
  messages: Record<string, string>,
  seen: string | null | undefined,
  { by, at }: Act,
): Promise<boolean> {
  const insert = `insert into copy_versions (notifier, locale, state, messages, drafted_by, drafted_at)
    values ($1, $2, 'draft', $3, $4, $5) on conflict (notifier, locale) where state = 'draft'`
  const change = 'messages = $3, drafted_by = $4, drafted_at = $5, revision = default'
  const values = [notifier, locale, toJson(messages), by, at]
  const draft = `notifier = $1 and locale = $2 and state = 'draft'`
  const { rowCount } =
    seen === undefined
      ? await db.query(`${insert} do update set ${change}`, values)
      : seen === null
        ? await db.query(`${insert} do nothing`, values)
        : await db.query(`update copy_versions set ${change} where ${draft} and revision::text = $6`, [...values, seen])
  return rowCount === 1
}

/** Publishes the draft and returns its version number. Null: the draft is not the revision that was seen, or is gone. */
export async function publishDraft(db: Db, place: Place, seen: string, { by, at }: Act): Promise<number | null> {
  return transaction(db, async (tx) => {
    const rows = await lockAll(tx, place)
    const draft = rows.find(({ state, revision }) => state === 'draft' && revision === seen)
    if (!draft) return null
    const version = 1 + Math.max(0, ...rows.map((row) => row.version ?? 0))
    await tx.query(`update copy_versions set state = 'replaced' where id = any($1) and state = 'published'`, [
      rows.map(({ id }) => id),
    ])
    await tx.query(
      `update copy_versions set state = 'published', version = $2, published_by = $3, published_at = $4 where id = $1`,
      [draft.id, version, by, at],
    )
    return version
  })
}

/**
 * Restores the previous version, or our own copy, and returns the version that it reverted. Null if none is published, or
 * not the version that was seen (undefined skips the check).
 */
export async function revertCopy(
  db: Db,
  place: Place,
  seen: number | undefined,
  { by, at }: Act,
): Promise<number | null> {
  return transaction(db, async (tx) => {
    const rows = await lockAll(tx, place)
    const current = rows.find(({ state }) => state === 'published')
    if (!current || (seen !== undefined && current.version !== seen)) return null
    const before = rows.findLast(({ state }) => state === 'replaced')
    await tx.query(`update copy_versions set state = 'reverted', reverted_by = $2, reverted_at = $3 where id = $1`, [
      current.id,
      by,
      at,
    ])
    if (before) await tx.query(`update copy_versions set state = 'published' where id = $1`, [before.id])
    return current.version
  })
}

/** Locks all versions in one order, so that a concurrent publish and revert cannot deadlock. */
async function lockAll(
  tx: Tx,
  { notifier, locale }: Place,
): Promise<{ id: string; version: number | null; state: CopyState; revision: string }[]> {
  const { rows } = await tx.query(
    `select id, version, state, revision from copy_versions where notifier = $1 and locale = $2
     order by version nulls last for update`,
    [notifier, locale],
  )
  return rows
}
