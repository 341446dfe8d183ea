// SQL that reads a page of a table's rows, newest first, from indexes that have them in that order: a page costs the same
// however many rows the table has, and however few of them match.
import type { Add } from './parameters.ts'

export interface Table {
  name: string
  /** Its time; rows of one time are ordered by their ids. */
  at: string
}

/** An index whose last columns are the time and the id. */
export interface Index {
  /** Default: the table of the search. */
  table?: string
  /** The columns before those. Few combinations of them may occur that agree in those to which a search gives a value. */
  columns: string[]
  /** The condition of a partial index. */
  where?: string
}

/** A condition on the rows and the columns that it compares; `value` if its only column must equal that. */
export interface Condition {
  sql: string
  on: string[]
  value?: string
}

/** A way to find rows; a row may be found in one way only. Without an index, the planner chooses one. */
export interface Walk {
  index?: Index
  /** What it reads, with the time and the id of the index's table. Default: the table of the search. */
  from?: string
  conditions: Condition[]
}

export interface Page {
  limit: number
  /** The place of the last row before the page. */
  after: { at: Date; id: string } | null
}

export const equals = (column: string, value: string): Condition => ({
  sql: `${column} = ${value}`,
  on: [column],
  value,
})
export const holds = (sql: string, on: string[] = []): Condition => ({ sql, on })

const firstId = '00000000-0000-0000-0000-000000000000'

/** The conditions of a time range and of a page, in the form that an index on the time and the id serves. */
export function within(
  { at }: Table,
  { since, until, after }: { since?: Date; until?: Date } & Pick<Page, 'after'>,
  add: Add,
): Condition[] {
  return [
    ...(since ? [holds(`(${at}, id) >= (${add(since)}, '${firstId}')`, [at])] : []),
    ...(until ? [holds(`${at} < ${add(until)}`, [at])] : []),
    ...(after ? [holds(`(${at}, id) < (${add(after.at)}, ${add(after.id)})`, [at])] : []),
  ]
}

/** A `with` clause whose relation `page` has the ids of the first `limit` rows that the walks find. */
export function withPage(table: Table, walks: Walk[], limit: number): string {
  const newest = `order by ${table.at} desc, id desc limit ${limit}`
  const parts = walks.map((walk, i) => partOf(table, walk, { kinds: `kinds_${i}`, newest }))
  const found = parts.map(({ rows }) => `(${rows})`).join(' union all ')
  const kinds = parts.flatMap((part) => part.kinds ?? [])
  return `with recursive ${[...kinds, `page as (select ${table.at}, id from (${found}) as found ${newest})`].join(', ')}`
}

interface Part {
  rows: string
  /** A relation that `rows` reads. */
  kinds?: string
}

/**
 * The leading columns of the index that have a value narrow it down. Each combination of the others that occurs is read by
 * itself: with the columns (source, status), a search by status reads as many lists as there are sources.
 */
function partOf(
  { name, at }: Table,
  { index, from = name, conditions }: Walk,
  { kinds, newest }: { kinds: string; newest: string },
): Part {
  const all = index?.where ? [holds(index.where), ...conditions] : conditions
  const { fixed, free } = columnsOf(index, conditions)
  if (!index || free.length === 0) return { rows: `select ${at}, id from ${from} ${where(all)} ${newest}` }

  const isOfKind = ({ on }: Condition) => on.length > 0 && on.every((column) => free.includes(column))
  const ofKind = all.filter(isOfKind)
  const ofRow = all.filter((condition) => !isOfKind(condition))
  const ofOneKind = [...ofRow, ...free.map((column) => equals(column, `k.${column}`))]
  return {
    kinds: `${kinds} as (${combinations({ table: name, ...index }, { fixed, free }, kinds)})`,
    rows: `select one.${at}, one.id from ${kinds} k
      cross join lateral (select ${at}, id from ${from} ${where(ofOneKind)} ${newest}) as one ${where(ofKind)} ${newest}`,
  }
}

interface Columns {
  /** The leading columns that have a value. */
  fixed: { column: string; value: string }[]
  free: string[]
}

function columnsOf({ columns }: Index = { columns: [] }, conditions: Condition[]): Columns {
  const fixed: Columns['fixed'] = []
  for (const column of columns) {
    const value = conditions.find(({ on, value }) => value && on[0] === column)?.value
    if (value === undefined) break
    fixed.push({ column, value })
  }
  return { fixed, free: columns.slice(fixed.length) }
}

/** A recursive query of the combinations of the free columns, which jumps along the index from one to the next. */
function combinations({ table, columns, where: ofIndex }: Index, { fixed, free }: Columns, itself: string): string {
  const values = fixed.map(({ value }) => value)
  const list = columns.join(', ')
  // The order of all columns and the comparison of rows leave the planner no other index to read.
  const firstWhere = (conditions: Condition[]) =>
    `select ${list} from ${table} ${where(ofIndex ? [holds(ofIndex), ...conditions] : conditions)} order by ${list} limit 1`
  const fixedList = fixed.map(({ column }) => column).join(', ')
  const first = firstWhere(fixed.length > 0 ? [holds(`(${fixedList}) >= (${values.join(', ')})`)] : [])
  const next = firstWhere([holds(`(${list}) > (${[...values, ...free.map((column) => `k.${column}`)].join(', ')})`)])
  const isWithin = where(fixed.map(({ column, value }) => holds(`next.${column} = ${value}`)))
  const picked = `select ${free.map((column) => `next.${column}`).join(', ')} from`
  return `${picked} (${first}) as next ${isWithin}
      union all ${picked} ${itself} k cross join lateral (${next}) as next ${isWithin}`
}

function where(conditions: Condition[]): string {
  return conditions.length > 0 ? `where ${conditions.map(({ sql }) => sql).join(' and ')}` : ''
}
