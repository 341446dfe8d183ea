// The overview: whether messages go out, what needs a person now, and how much there was over time.
import type { Ctx } from '../../context.ts'
import type { PageRoute, Visit } from '../../http/dashboard/page.ts'
import { framed } from '../kit/frame.tsx'
import { Answer } from '../kit/parts.tsx'
import { clockTime, shortTime, span } from '../kit/times.ts'
import { answerFor, needsOf } from './answer.ts'
import { type Figures, figuresOf, isPeriod, type PeriodName, periods } from './figures.ts'
import { Needs, OverTime, Providers, Queues } from './parts.tsx'
import { oldestSeconds, waitingNow } from './waits.ts'

export function overviewRoute(ctx: Pick<Ctx, 'clock' | 'reads'>): PageRoute {
  return {
    method: 'GET',
    path: '/',
    right: 'read',
    answer: async (visit) => {
      const now = ctx.clock.now()
      const asked = visit.query.get('period')
      const period = isPeriod(asked) ? asked : '24h'
      return { kind: 'page', html: page(visit, period, await figuresOf(ctx, visit, period, now), now) }
    },
  }
}

function page(visit: Visit, period: PeriodName, figures: Figures, now: Date): string {
  const { tone, icon, first, more } = answerFor(figures)
  return framed({
    visit,
    title: 'Overview',
    section: 'overview',
    children: (
      <>
        <div className="head">
          <div>
            <h1>Overview</h1>
          </div>
          <nav className="seg" aria-label="Period">
            {(Object.keys(periods) as PeriodName[]).map((name) => (
              <a key={name} href={`/dashboard?period=${name}`} aria-current={name === period ? 'true' : undefined}>
                {periods[name].text}
              </a>
            ))}
          </nav>
        </div>
        <div id="live-overview" className="live-part" data-live={visit.here}>
          <Answer tone={tone} icon={icon}>
            <p>
              <strong>{first}</strong>
            </p>
            <p>{more}</p>
          </Answer>
          <FigureRow figures={figures} period={period} now={now} />
          <Needs needs={needsOf(figures)} now={now} />
          <OverTime figures={figures} period={period} now={now} />
          <div className="halves">
            <Providers providers={figures.providers} />
            <Queues queues={figures.queues} others={waitingNow(figures).others} />
          </div>
          <p className="faint small">
            {figures.countedUpTo
              ? `Counted up to ${shortTime(figures.countedUpTo.toISOString(), now)} UTC, every 10 seconds; an older minute changes when a message that failed in it is sent again.`
              : 'Nothing has been counted so far; a worker counts every 10 seconds.'}{' '}
            This page was made at {clockTime(now.toISOString())}.
          </p>
        </div>
      </>
    ),
  })
}

function FigureRow({ figures, period, now }: { figures: Figures; period: PeriodName; now: Date }) {
  const sum = (name: 'accepted' | 'sent' | 'inTime' | 'delivered' | 'undelivered' | 'failed') =>
    figures.buckets.reduce((total, bucket) => total + bucket[name], 0)
  const share = (part: number, whole: number) => (whole === 0 ? 'none yet' : `${((100 * part) / whole).toFixed(1)} %`)
  const { ready, others } = waitingNow(figures)
  const oldest = oldestMs(figures, now)
  const last = `last ${periods[period].text}`
  const rows: [name: string, value: string, more: string][] = [
    ['Handed over within 10 s', share(sum('inTime'), sum('sent')), `of what was sent, ${last}`],
    ['Accepted', sum('accepted').toLocaleString('en-GB'), `events, ${last}`],
    [
      'Sent',
      sum('sent').toLocaleString('en-GB'),
      sum('sent') === 0 ? 'taken by a provider' : `${share(sum('delivered'), sum('sent'))} delivered by receipt`,
    ],
    [
      'Waiting now',
      (ready + others).toLocaleString('en-GB'),
      [
        others > 0 && `${others.toLocaleString('en-GB')} for a provider or the next try`,
        oldest && `oldest ${span(oldest)}`,
      ]
        .filter(Boolean)
        .join(', ') || 'nothing is late',
    ],
    [
      'Given up',
      sum('failed').toLocaleString('en-GB'),
      `messages, and ${sum('undelivered').toLocaleString('en-GB')} undelivered`,
    ],
  ]
  return (
    <dl className="figures">
      {rows.map(([name, value, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          <dd>{more}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Of the jobs that are due, and of the messages that wait for a provider. */
function oldestMs(figures: Figures, now: Date): number | null {
  const seconds = oldestSeconds(figures)
  const since = figures.waiting.forProvider.map((one) => now.getTime() - one.since.getTime())
  const all = seconds === null ? since : [...since, seconds * 1000]
  return all.length > 0 ? Math.max(1000, ...all) : null
}
