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

/**
 * The leading columns of the index that have a value narrow it down. Each combination of the others that occurs is read by
 * itself: with the columns (source, status), a search by status reads as many lists as there are sources.
 */
function partOf(
  { name, at }: Table,
  { index, from = name, conditions }: Walk,
  { kinds, newest }: { kinds: string; newest: string },
) {
  const { columns, where: ofIndex, table = name } = index ?? { columns: [] }
  const all = ofIndex ? [holds(ofIndex), ...conditions] : conditions
  const fixedTo = (column: string) => conditions.find(({ on, value }) => value && on[0] === column)?.value
  const firstFree = columns.findIndex((column) => fixedTo(column) === undefined)
  const free = firstFree < 0 ? [] : columns.slice(firstFree)
  if (free.length === 0) return { rows: `select ${at}, id from ${from} ${where(all)} ${newest}` }

  const ofKind = all.filter(({ on }) => on.length > 0 && on.every((column) => free.includes(column)))
  const ofRow = all.filter((condition) => !ofKind.includes(condition))
  const fixed = columns.slice(0, firstFree)
  const values = fixed.map(fixedTo)
  // The order of all columns and the comparison of rows leave the planner no other index to read.
  const pick = (after: Condition[]) =>
    `select ${columns.join(', ')} from ${table} ${where(ofIndex ? [holds(ofIndex), ...after] : after)} order by ${columns.join(', ')} limit 1`
  const first = pick(fixed.length > 0 ? [holds(`(${fixed.join(', ')}) >= (${values.join(', ')})`)] : [])
  const next = pick([
    holds(`(${columns.join(', ')}) > (${[...values, ...free.map((column) => `k.${column}`)].join(', ')})`),
  ])
  const isPrefix = where(fixed.map((column) => holds(`next.${column} = ${fixedTo(column)}`)))
  const picked = `select ${free.map((column) => `next.${column}`).join(', ')} from`
  const ofOne = [...ofRow, ...free.map((column) => equals(column, `k.${column}`))]
  return {
    // Jumps along the index from one combination to the next.
    kinds: `${kinds} as (${picked} (${first}) as next ${isPrefix}
      union all ${picked} ${kinds} k cross join lateral (${next}) as next ${isPrefix})`,
    rows: `select one.${at}, one.id from ${kinds} k
      cross join lateral (select ${at}, id from ${from} ${where(ofOne)} ${newest}) as one ${where(ofKind)} ${newest}`,
  }
}

function where(conditions: Condition[]): string {
  return conditions.length > 0 ? `where ${conditions.map(({ sql }) => sql).join(' and ')}` : ''
}
