// The items and totals of an order. Unlike the layout's tables this one holds data, so it keeps its role and has a caption and
// row headers.
import type { CSSProperties } from 'react'
import { Row } from './blocks.tsx'
import type { Frame } from './frame.ts'
import { withoutBidiControls } from './isolate.ts'
import { sized } from './styles.ts'
import { light } from './tokens.ts'

export interface Item {
  name: string
  /** `2 × £14.50` */
  detail: string
  amount: string
  imageUrl?: string | null
}

export type AmountLine = [label: string, amount: string]

interface ItemsTableProps {
  frame: Frame
  items: Item[]
  /** The number of items that are not shown, and their total. */
  more?: AmountLine | null
  /** The lines between the items and the total. */
  lines: AmountLine[]
  total: string
  /** What the total includes, below it. */
  notes: AmountLine[]
}

export function ItemsTable({ frame, items, more, lines, total, notes }: ItemsTableProps) {
  const { dir, t } = frame
  const pictured = items.some(({ imageUrl }) => imageUrl)
  const at = { dir, span: pictured ? 2 : undefined }
  const captionStyle = { padding: '0 0 4px', ...sized(14, 20, light.second), fontWeight: 'bold' }
  return (
    <Row dir={dir} padding="0 32px 24px">
      <table width="100%" cellPadding={0} cellSpacing={0} border={0} style={{ borderCollapse: 'collapse' }}>
        <caption className="t2" style={{ ...captionStyle, textAlign: dir === 'rtl' ? 'right' : 'left' }}>
          {t.text('items.caption')}
        </caption>
        <tbody>
          {items.map((item, place) => (
            <ItemRow key={place} item={item} first={place === 0} {...at} />
          ))}
          {more && <Line line={more} rule={ruled} top={14} bottom={14} {...at} />}
          {lines.map((line, place) => (
            <Line key={line[0]} line={line} {...(place === 0 ? { rule: ruled, top: 14 } : {})} {...at} />
          ))}
          <tr data-text="skip">
            <td colSpan={pictured ? 3 : 2} style={{ fontSize: '1px', lineHeight: '10px' }}>
              {'\u00a0'}
            </td>
          </tr>
          <TotalRow label={t.text('items.total')} total={total} {...at} />
          {notes.map((line) => (
            <Line key={line[0]} line={line} {...at} />
          ))}
        </tbody>
      </table>
    </Row>
  )
}

const ruled = `1px solid ${light.rule}`

interface Place {
  dir: Frame['dir']
  /** How many columns the label of an amount has, where the items have pictures. */
  span: number | undefined
}

/** The padding of a line's two cells, with the gap between them in either direction. */
function cells(dir: Frame['dir'], top: number, bottom: number) {
  const name = dir === 'rtl' ? `${top}px 0 ${bottom}px 16px` : `${top}px 16px ${bottom}px 0`
  const start: 'left' | 'right' = dir === 'rtl' ? 'right' : 'left'
  const end: 'left' | 'right' = dir === 'rtl' ? 'left' : 'right'
  return {
    name: { padding: name },
    amount: { padding: `${top}px 0 ${bottom}px`, whiteSpace: 'nowrap' as const },
    start,
    end,
  }
}

function ItemRow({ item, first, dir, span }: { item: Item; first: boolean } & Place) {
  const { name, amount, start, end } = cells(dir, 14, 14)
  const rule = first ? {} : { borderTop: ruled }
  const text = { ...sized(16, 22, light.text), ...rule }
  return (
    <tr data-text="pair">
      {span && <Picture item={item} rule={rule} />}
      <th
        {...rowHeader}
        className="rule"
        align={start}
        dir="auto"
        style={{ ...name, ...text, ...plain, verticalAlign: 'top', wordBreak: 'break-word' }}
      >
        <span className="t1" style={{ color: light.text }}>
          {withoutBidiControls(item.name)}
        </span>
        <br />
        <span data-text="aside" className="t2" dir="auto" style={sized(14, 20, light.second)}>
          {item.detail}
        </span>
      </th>
      <td className="rule t1" align={end} valign="top" dir="auto" style={{ ...amount, ...text }}>
        {item.amount}
      </td>
    </tr>
  )
}

/** A label at the start of its row, in the weight of the text. */
const rowHeader = { scope: 'row' } as const
const plain = { fontWeight: 'normal' } as const

/**
 * A cell of a fixed width, also for an item without a picture, so that nothing moves where pictures are blocked. The name is
 * next to it, so screen readers and the plain text skip it.
 */
function Picture({ item, rule }: { item: Item; rule: CSSProperties }) {
  const box = { display: 'block', borderRadius: '4px', border: 0, overflow: 'hidden', objectFit: 'cover' } as const
  return (
    <td
      data-text="skip"
      aria-hidden="true"
      className="rule"
      valign="top"
      width="60"
      style={{ width: '60px', padding: '16px 0', ...rule }}
    >
      {item.imageUrl ? (
        <img
          className="box t2"
          src={item.imageUrl}
          alt={withoutBidiControls(item.name)}
          width="48"
          height="48"
          style={{ ...box, backgroundColor: light.box, ...sized(10, 12, light.second) }}
        />
      ) : (
        '\u00a0'
      )}
    </td>
  )
}

function Line({
  line,
  rule,
  top = 2,
  bottom = 2,
  dir,
  span,
}: { line: AmountLine; rule?: string; top?: number; bottom?: number } & Place) {
  const { name, amount, start, end } = cells(dir, top, bottom)
  const text = { ...sized(15, 22, light.second), ...(rule ? { borderTop: rule } : {}) }
  return (
    <tr data-text="pair">
      <th {...rowHeader} className="rule t2" align={start} colSpan={span} style={{ ...name, ...text, ...plain }}>
        {line[0]}
      </th>
      <td className="rule t2" align={end} dir="auto" style={{ ...amount, ...text }}>
        {line[1]}
      </td>
    </tr>
  )
}

function TotalRow({ label, total, dir, span }: { label: string; total: string } & Place) {
  const { name, amount, start, end } = cells(dir, 12, 2)
  const text = { ...sized(18, 24, light.text), fontWeight: 'bold', borderTop: `2px solid ${light.text}` }
  return (
    <tr data-text="pair">
      <th {...rowHeader} className="rule2 t1" align={start} colSpan={span} style={{ ...name, ...text }}>
        {label}
      </th>
      <td className="rule2 t1" align={end} dir="auto" style={{ ...amount, ...text }}>
        {total}
      </td>
    </tr>
  )
}
