// Copies of the rows that an event or a notification leaves: sent from a client as batches, to measure what Postgres can
// commit, or made by the server, to fill a database. The tables are found by the rows, so that this knows no schema.
import { createHash } from 'node:crypto'
import type pg from 'pg'

export interface TemplateRow {
  schema: string
  table: string
  /** Without those that the database generates. */
  columns: { name: string; type: string }[]
  /** The row as JSON. */
  row: string
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** The rows of our tables and of the job queue that name this id. */
export async function rowsAbout(pool: pg.Pool, id: string): Promise<TemplateRow[]> {
  const { rows: tables } = await pool.query<{ schema: string; table: string; columns: TemplateRow['columns'] }>(
    `select /* bench */ n.nspname as schema, c.relname as table,
       json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       and a.attgenerated = '' and a.attidentity = ''
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('posthorn', 'posthorn_jobs')
     group by 1, 2 order by min(c.oid::bigint)`,
  )
  const found: TemplateRow[] = []
  for (const { schema, table, columns } of tables) {
    const { rows } = await pool.query<{ row: string }>(
      `select /* bench */ row_to_json(t)::text as row from "${schema}"."${table}" t where t::text like $1`,
      [`%${id}%`],
    )
    found.push(...rows.map(({ row }) => ({ schema, table, columns, row })))
  }
  return found
}

/** The ids that a copy replaces: all that the rows name, except those they share with others. */
export function idsIn(rows: TemplateRow[], shared: string[]): string[] {
  const all = new Set(rows.flatMap(({ row }) => row.match(uuid) ?? []))
  return [...all].filter((id) => !shared.includes(id))
}

/** The row as its copy of this number has it. */
export function copyOf({ row }: TemplateRow, ids: string[], number: number): string {
  return ids.reduce((text, id) => text.replaceAll(id, copiedId(id, number)), row)
}

/** Begins with the same time, as our ids do. */
function copiedId(id: string, number: number): string {
  const hash = createHash('md5').update(`${id}${number}`).digest('hex')
  return `${id.slice(0, 13)}-7${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20)}`
}

/** The same in SQL, for copy `g`, with the time that it is earlier. */
function copiedIdSql(id: string, apartMs: number): string {
  const hash = `md5('${id}' || g)`
  const time = `lpad(to_hex(${BigInt(`0x${id.replaceAll('-', '').slice(0, 12)}`)} - g * ${Math.floor(apartMs)}::bigint), 12, '0')`
  return `(${time} || '7' || substr(${hash}, 14, 3) || '8' || substr(${hash}, 18))::uuid::text`
}

/** The column of the copy in SQL: most are the template's as they are, and only what contains an id is written anew. */
function copiedColumnSql(
  { row }: TemplateRow,
  { name, type }: TemplateRow['columns'][number],
  ids: string[],
  apartMs: number,
): string {
  const column = `r."${name}"`
  if (type.startsWith('timestamp')) return `${column} - g * interval '${apartMs} ms'`
  const text = JSON.stringify((JSON.parse(row) as Record<string, unknown>)[name])
  const contained = ids.filter((id) => text.includes(id))
  if (contained.length === 0) return column
  const copied = contained.reduce(
    (sql, id) => `replace(${sql}, '${id}', ${copiedIdSql(id, apartMs)})`,
    `${column}::text`,
  )
  return `(${copied})::${type}`
}

/** Creates empty tables like those of the rows, with their indexes, in a schema `ceiling`. */
export async function createLike(pool: pg.Pool, rows: TemplateRow[]): Promise<void> {
  await pool.query('create schema if not exists ceiling')
  for (const { schema, table } of rows)
    await pool.query(
      `create table if not exists ceiling."${table}" (like "${schema}"."${table}" including all excluding statistics)`,
    )
}

/** The statement that inserts rows like this one, given as a JSON array, into the table of the schema `ceiling`. */
export function insertOf({ table, columns }: TemplateRow): string {
  const names = columns.map(({ name }) => `"${name}"`).join(', ')
  return `insert into ceiling."${table}" (${names}) select ${names} from json_populate_recordset(null::ceiling."${table}", $1)`
}

/**
 * Inserts copies of the rows, number `from` to `until`, into their own tables, the last number first. Each has its times
 * `apartMs` before those of the number below it: the rows and index entries come in the order of time, as real ones do.
 */
export async function fill(
  pool: pg.Pool,
  rows: TemplateRow[],
  ids: string[],
  { from, until, apartMs }: { from: number; until: number; apartMs: number },
): Promise<void> {
  const client = await pool.connect()
  try {
    // Without the checks of foreign keys: the copies refer to each other as their templates do.
    await client.query('set session_replication_role = replica')
    for (const template of rows) {
      const { schema, table, columns, row } = template
      const names = columns.map(({ name }) => `"${name}"`).join(', ')
      const values = columns.map((column) => copiedColumnSql(template, column, ids, apartMs))
      await client.query(
        `insert /* bench */ into "${schema}"."${table}" (${names}) select ${values.join(', ')}
         from json_populate_record(null::"${schema}"."${table}", $1::json) r, generate_series($2::int, $3::int, -1) g
         on conflict do nothing`,
        [row, until - 1, from],
      )
    }
  } finally {
    await client.query('reset session_replication_role')
    client.release()
  }
}
