// A table with its head, or the line that stands in its place where it has no rows.
import type { ReactNode } from 'react'

/** `num`: a column of numbers; `act`: one of buttons or links, whose head is for screen readers alone. */
type Head = string | { num: string } | { act: string }

interface TableProps<T> {
  heads: Head[]
  rows: T[]
  /** Makes the `<tr>` of a row. */
  row(one: T, i: number): ReactNode
  /** A few short columns, which stay a table on a phone. */
  keep?: boolean
  /** Says that there are no rows, and what would bring some. */
  empty?: string
}

export function Table<T>({ heads, rows, row, keep, empty }: TableProps<T>) {
  if (rows.length === 0 && empty) return <p className="in quiet">{empty}</p>
  return (
    <table className={keep ? 'table keep' : 'table'}>
      <thead>
        <tr>{heads.map(headCell)}</tr>
      </thead>
      <tbody>{rows.map(row)}</tbody>
    </table>
  )
}

function headCell(head: Head) {
  if (typeof head === 'string')
    return (
      <th scope="col" key={head}>
        {head}
      </th>
    )
  if ('num' in head)
    return (
      <th scope="col" className="num" key={head.num}>
        {head.num}
      </th>
    )
  return (
    <th scope="col" key={head.act}>
      <span className="vh">{head.act}</span>
    </th>
  )
}
