// The items and totals of an order. Unlike the layout's tables this one holds data, so it keeps its role and has a caption.
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
  const captionStyle = { padding: '0 0 4px', ...sized(14, 20, light.second), fontWeight: 'bold' }
  return (
    <Row dir={dir} padding="0 32px 24px">
      <table width="100%" cellPadding={0} cellSpacing={0} border={0} style={{ borderCollapse: 'collapse' }}>
        <caption className="t2" style={{ ...captionStyle, textAlign: dir === 'rtl' ? 'right' : 'left' }}>
          {t.text('items.caption')}
        </caption>
        <tbody>
          {items.map((item, place) => (
            <ItemRow key={place} item={item} first={place === 0} dir={dir} />
          ))}
          {more && <Line line={more} rule={ruled} top={14} bottom={14} dir={dir} />}
          {lines.map((line, place) => (
            <Line key={line[0]} line={line} {...(place === 0 ? { rule: ruled, top: 14 } : {})} dir={dir} />
          ))}
          <tr data-text="skip">
            <td colSpan={2} style={{ fontSize: '1px', lineHeight: '10px' }}>
              {'\u00a0'}
            </td>
          </tr>
          <TotalRow label={t.text('items.total')} total={total} dir={dir} />
          {notes.map((line) => (
            <Line key={line[0]} line={line} dir={dir} />
          ))}
        </tbody>
      </table>
    </Row>
  )
}

const ruled = `1px solid ${light.rule}`

type Dir = { dir: Frame['dir'] }

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

function ItemRow({ item, first, dir }: { item: Item; first: boolean } & Dir) {
  const { name, amount, start, end } = cells(dir, 14, 14)
  const text = { ...sized(16, 22, light.text), ...(first ? {} : { borderTop: ruled }) }
  return (
    <tr data-text="pair">
      <td className="rule" align={start} valign="top" dir="auto" style={{ ...name, ...text, wordBreak: 'break-word' }}>
        {item.imageUrl && <Picture url={item.imageUrl} dir={dir} />}
        <span className="t1" style={{ color: light.text }}>
          {withoutBidiControls(item.name)}
        </span>
        <br />
        <span data-text="aside" className="t2" dir="auto" style={sized(14, 20, light.second)}>
          {item.detail}
        </span>
      </td>
      <td className="rule t1" align={end} valign="top" dir="auto" style={{ ...amount, ...text }}>
        {item.amount}
      </td>
    </tr>
  )
}

/** Decorative: the name is next to it, so screen readers and the plain text skip it. */
function Picture({ url, dir }: { url: string } & Dir) {
  const margin = dir === 'rtl' ? '0 0 0 12px' : '0 12px 0 0'
  const style = { float: dir === 'rtl' ? 'right' : 'left', margin, borderRadius: '4px', border: 0 } as const
  return <img src={url} alt="" width="44" height="44" style={style} />
}

function Line({
  line,
  rule,
  top = 2,
  bottom = 2,
  dir,
}: { line: AmountLine; rule?: string; top?: number; bottom?: number } & Dir) {
  const { name, amount, start, end } = cells(dir, top, bottom)
  const text = { ...sized(15, 22, light.second), ...(rule ? { borderTop: rule } : {}) }
  return (
    <tr data-text="pair">
      <td className="rule t2" align={start} style={{ ...name, ...text }}>
        {line[0]}
      </td>
      <td className="rule t2" align={end} dir="auto" style={{ ...amount, ...text }}>
        {line[1]}
      </td>
    </tr>
  )
}

function TotalRow({ label, total, dir }: { label: string; total: string } & Dir) {
  const { name, amount, start, end } = cells(dir, 12, 2)
  const text = { ...sized(18, 24, light.text), fontWeight: 'bold', borderTop: `2px solid ${light.text}` }
  return (
    <tr data-text="pair">
      <td className="rule2 t1" align={start} style={{ ...name, ...text }}>
        {label}
      </td>
      <td className="rule2 t1" align={end} dir="auto" style={{ ...amount, ...text }}>
        {total}
      </td>
    </tr>
  )
}
