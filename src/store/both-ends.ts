// Reads the first and the latest rows of each notification, so that one with thousands costs no more than another.
import { query, type Reader } from './db.ts'

/** A row with the id of its notification. */
export type OfNotification<Row> = Row & { ofId: string }

interface Wanted {
  table: 'attempts' | 'receipts' | 'timeline_entries'
  /** The row itself is `r`. */
  columns: string
  /** The columns by which rows follow each other. */
  order: string[]
}

/** The rows of these notifications, oldest first: at most `atEachEnd` at each end, or all where `atEachEnd` is null. */
export async function rowsAtBothEnds<Row>(
  db: Reader,
  notificationIds: string[],
  atEachEnd: number | null,
  { table, columns, order }: Wanted,
): Promise<OfNotification<Row>[]> {
  const inOrder = (direction: 'asc' | 'desc') => order.map((column) => `${column} ${direction}`).join(', ')
  const end = (direction: 'asc' | 'desc') =>
    `(select id from ${table} where notification_id = n.id order by ${inOrder(direction)} limit $2)`
  return query<OfNotification<Row>>(
    db,
    `select n.id as of_id, ${columns} from unnest($1::uuid[]) as n(id)
     cross join lateral (select * from ${table} where ${
       atEachEnd === null
         ? '$2::integer is null and notification_id = n.id'
         : `id = any(array(${end('asc')} union ${end('desc')}))`
     }) as r
     order by n.id, ${order.map((column) => `r.${column}`).join(', ')}`,
    [notificationIds, atEachEnd],
  )
}
