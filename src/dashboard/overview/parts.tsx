// The parts of the overview: what needs a person, the plots and their table, providers, queues.
import { titleOf } from '../../providers/index.ts'
import { Badge, count, Panel, Time } from '../kit/parts.tsx'
import { CircuitBadge, channelText } from '../kit/provider-looks.tsx'
import type { Provider, Queue } from '../kit/shown.ts'
import { Table } from '../kit/table.tsx'
import { distance, minute, shortTime, span, took } from '../kit/times.ts'
import type { Need } from './answer.ts'
import { type Figures, type PeriodName, periods } from './figures.ts'
import { type Series, Strips } from './plots.tsx'

export function Needs({ needs, now }: { needs: Need[]; now: Date }) {
  if (needs.length === 0) return null
  return (
    <Panel id="needs" title="Needs a person">
      <Table
        heads={['What', 'Since', 'Why it waits for you', { act: 'Act' }]}
        rows={needs}
        row={({ tone, icon, badge, what, since, why, link }) => (
          <tr key={badge + what}>
            <td className="top1">
              <span className="badges">
                <Badge tone={tone} icon={icon}>
                  {badge}
                </Badge>
                <b className="lead">{what}</b>
              </span>
            </td>
            <td className="when" data-k="Since">
              {since ? <Time at={since}>{`${shortTime(since, now)}, ${distance(since, now)}`}</Time> : '–'}
            </td>
            <td data-k="Why">{why}</td>
            <td className="act">
              <a href={link.to}>{link.text}</a>
            </td>
          </tr>
        )}
      />
    </Panel>
  )
}

export function OverTime({ figures, period, now }: { figures: Figures; period: PeriodName; now: Date }) {
  const { buckets } = figures
  const { eachText } = periods[period]
  const series: Series[] = [
    { title: 'Accepted', unit: 'events', values: buckets.map((bucket) => bucket.accepted) },
    { title: 'Sent', unit: 'taken by a provider', values: buckets.map((bucket) => bucket.sent) },
    { title: 'Delivered', unit: 'by receipt', tone: 'good', values: buckets.map((bucket) => bucket.delivered) },
    {
      title: 'Failed',
      unit: 'or undelivered',
      tone: 'bad',
      values: buckets.map((bucket) => bucket.failed + bucket.undelivered),
    },
  ]
  const times = buckets.map(({ at }) => at)
  return (
    <Panel id="over-time" title="Over time" aside={<span className="faint small">every bar is {eachText}</span>}>
      <Strips series={series} times={times} each={eachText} now={now} />
      <div className="in">
        <details>
          <summary>As a table</summary>
          <Table
            keep
            heads={['From', ...series.map(({ title }) => ({ num: title }))]}
            rows={times}
            row={(at, i) => (
              <tr key={at.getTime()}>
                <td>
                  <Time at={at.toISOString()}>{minute(at.toISOString(), now)}</Time>
                </td>
                {series.map(({ title, values }) => (
                  <td className="num" key={title}>
                    {values[i]}
                  </td>
                ))}
              </tr>
            )}
          />
        </details>
      </div>
    </Panel>
  )
}

export function Providers({ providers }: { providers: Provider[] }) {
  return (
    <Panel
      id="providers"
      title="Providers, last 5 minutes"
      aside={
        <a className="more" href="/dashboard/providers">
          All
        </a>
      }
    >
      <Table
        heads={['Provider', 'State', { num: 'Success' }, { num: 'Call time' }]}
        rows={providers}
        row={(one) => (
          <tr key={`${one.channel} ${one.name}`}>
            <td className="top1">
              <b>{titleOf(one.name)}</b>, {channelText(one.channel)}
            </td>
            <td data-k="State">
              <CircuitBadge provider={one} />
            </td>
            <td className="num" data-k="Success">
              {one.successRate === null ? 'no sends' : `${Math.round(one.successRate * 100)} %`}
            </td>
            <td className="num" data-k="Call time">
              {one.latencyMs === null ? '–' : took(one.latencyMs)}
            </td>
          </tr>
        )}
      />
    </Panel>
  )
}

/** Those in which something waits or is in flight. `others`: the messages that wait for no worker. */
export function Queues({ queues, others: deferred }: { queues: Queue[]; others: number }) {
  const busy = queues.filter(({ ready, active }) => ready + active > 0)
  const others = queues.length - busy.length
  if (busy.length === 0)
    return (
      <Panel id="queues" title="Queues, now">
        <p className="in quiet">
          {deferred > 0
            ? `Nothing waits for a worker and nothing is in flight. ${count(deferred, 'message')} ${deferred === 1 ? 'waits' : 'wait'} for a provider or the next try.`
            : `Nothing waits and nothing is in flight, in any of ${queues.length} queues.`}
        </p>
      </Panel>
    )
  return (
    <Panel id="queues" title="Queues, now">
      <Table
        keep
        heads={['Queue', { num: 'Waiting' }, { num: 'In flight' }, { num: 'Oldest' }]}
        rows={busy}
        row={({ name, ready, active, oldestSeconds }) => (
          <tr key={name}>
            <td>{name}</td>
            <td className="num">{ready}</td>
            <td className="num">{active}</td>
            <td className="num">{oldestSeconds === null ? '–' : span(oldestSeconds * 1000)}</td>
          </tr>
        )}
      />
      {others > 0 && <footer>The other {others === 1 ? 'one is' : `${others} are`} empty.</footer>}
    </Panel>
  )
}
