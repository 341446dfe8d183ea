// The access log: who revealed masked addresses or searched by one, and whose addresses they were.
import { type Db, query, type Reader, toRecords } from '../db.ts'
import { type Anonymizer, oneByOne } from './anonymize.ts'

export interface Access {
  at: Date
  keyName: string
  what: string
  subject: string
  whose: string[]
}

/** To be called before anything is shown. */
export async function recordAccess(db: Reader, { at, keyName, what, subject, whose }: Access): Promise<void> {
  await db.query('insert into access_log (at, key_name, what, subject, whose) values ($1, $2, $3, $4, $5)', [
    at,
    keyName,
    what,
    subject,
    whose,
  ])
}

/** Removes the oldest entries before a time, at most `limit`, and returns how many. Ids are in the order of time. */
export async function removeAccesses(db: Db, before: Date, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `with oldest as materialized (select id, at from access_log order by id limit $2)
     delete from access_log l using oldest o where l.id = o.id and o.at < $1`,
    [before, limit],
  )
  return rowCount ?? 0
}

/** Removes whose addresses were seen, but not who saw them and when. Returns how many entries it changed, at most `limit`. */
export async function anonymizeAccessLog(db: Db, before: Date, limit: number, { always }: Anonymizer): Promise<number> {
  const rows = await query<{ id: string; whose: string[] }>(
    db,
    'select id, whose from access_log where forgotten_at is null and at < $1 order by at limit $2',
    [before, limit],
  )
  const after = await oneByOne(rows, async ({ id, whose }) => ({ id, whose: await oneByOne(whose, always) }))
  await db.query(
    `update access_log l set whose = array(select json_array_elements_text(c.whose)), forgotten_at = now()
     from json_to_recordset($1) as c(id bigint, whose json) where l.id = c.id and l.forgotten_at is null`,
    [toRecords(after)],
  )
  return rows.length
}
