// What became of a notifier's messages over the last 30 days, by the copy that they were rendered from.
import type { Ctx } from '../../context.ts'
import { type CopyCount, copyCounts } from '../../store/dashboard/copy-counts.ts'
import { Panel } from '../kit/parts.tsx'
import { channelText } from '../kit/provider-looks.tsx'
import { Table } from '../kit/table.tsx'

const shownDays = 30
const dayMs = 86_400_000

/** Whole days of UTC, as older counts are kept by days. */
export function copyFiguresOf(reads: Ctx['reads'], notifier: string, now: Date): Promise<CopyCount[]> {
  const since = new Date((Math.floor(now.getTime() / dayMs) - shownDays) * dayMs)
  return reads.search((db) => copyCounts(db, notifier, since))
}

export function CopyFigures({ rows }: { rows: CopyCount[] }) {
  return (
    <Panel
      id="figures"
      title="What became of its messages"
      aside={<span className="faint small">last {shownDays} days</span>}
    >
      <Table
        heads={['Wording', { num: 'Sent' }, { num: 'Delivered' }, { num: 'Opened' }, { num: 'Clicked' }]}
        rows={rows}
        row={figureRow}
        empty="None was sent in this time."
      />
      {rows.length > 0 && (
        <footer>
          A message counts once, when it is first reported as opened; what a mail filter or a privacy proxy opens does
          not count where the provider tells them apart. Unopened is not unread.
        </footer>
      )}
    </Panel>
  )
}

function figureRow({ channel, locale, version, sent, delivered, opened, clicked }: CopyCount) {
  return (
    <tr key={`${channel} ${locale} ${version}`}>
      <td className="top1">
        <b className="lead">
          {locale}, {version === 0 ? 'built in' : `version ${version}`}
        </b>
        <span className="sub">{channelText(channel)}</span>
      </td>
      <td className="num" data-k="Sent">
        {sent.toLocaleString('en-GB')}
      </td>
      <td className="num" data-k="Delivered">
        {withShare(delivered, sent)}
      </td>
      <td className="num" data-k="Opened">
        {channel === 'email' ? withShare(opened, delivered) : '–'}
      </td>
      <td className="num" data-k="Clicked">
        {channel === 'email' ? withShare(clicked, delivered) : '–'}
      </td>
    </tr>
  )
}

/** `120 (40 %)`; without the share where the whole is not in this time. */
function withShare(part: number, whole: number): string {
  const text = part.toLocaleString('en-GB')
  return whole > 0 && part <= whole ? `${text} (${Math.round((100 * part) / whole)} %)` : text
}
