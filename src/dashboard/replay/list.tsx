// The replays of windows so far, newest first.
import { pathOf } from '../../http/dashboard/own-api.ts'
import type { Visit } from '../../http/dashboard/page.ts'
import { Badge, count, Panel, Time } from '../kit/parts.tsx'
import { Prose } from '../kit/prose.tsx'
import type { List, Replay } from '../kit/shown.ts'
import { Table } from '../kit/table.tsx'
import { shortTime } from '../kit/times.ts'

const here = '/dashboard/replays'
const rowsShown = '20'

export function replaysOf({ api, query }: Visit): Promise<List<Replay>> {
  return api.get(pathOf('/v1/replays', { limit: rowsShown, cursor: query.get('cursor') ?? undefined }))
}

export function ReplayList({ list: { data, nextCursor }, now }: { list: List<Replay>; now: Date }) {
  return (
    <Panel id="runs" title="Replays so far">
      <Table
        heads={['Window', 'Started', 'What it did', 'State']}
        rows={data}
        row={(run) => <Row key={run.id} run={run} now={now} />}
        empty="None was started so far. What a replay of a window would do is shown before it starts."
      />
      {nextCursor && (
        <footer>
          <a href={pathOf(here, { cursor: nextCursor })}>Older</a>
        </footer>
      )}
    </Panel>
  )
}

function Row({ run, now }: { run: Replay; now: Date }) {
  const { id, status, since, until, source, type, state, plan, progress, createdAt, by } = run
  const narrowed = [type, source && `from ${source}`, state && `${state} only`].filter(Boolean).join(', ')
  return (
    <tr>
      <td className="top1">
        <a className="lead" href={`${here}/${id}`}>
          {shortTime(since, now)} to {shortTime(until, now)}
        </a>
        <span className="sub">{narrowed || 'every event'}</span>
      </td>
      <td data-k="Started">
        <span>
          <Time at={createdAt}>{shortTime(createdAt, now)}</Time>
          <span className="sub">
            <Prose>{`by ${by}`}</Prose>
          </span>
        </span>
      </td>
      <td data-k="What it did">
        {progress.events} of {count(plan.events, 'event')} read, {count(progress.wouldSend, 'message')} sent
      </td>
      <td data-k="State">
        {status === 'done' ? (
          <Badge tone="good" icon="check" bare>
            done
          </Badge>
        ) : (
          <Badge tone="move" icon="loop">
            running
          </Badge>
        )}
      </td>
    </tr>
  )
}
