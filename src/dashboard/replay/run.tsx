// The page of a replay: how far it is, what it sent and what it left alone.
import { pathOf } from '../../http/dashboard/own-api.ts'
import type { PageAnswer, Visit } from '../../http/dashboard/page.ts'
import { framed } from '../kit/frame.tsx'
import { Head } from '../kit/head.tsx'
import { Answer, count, Facts, Panel } from '../kit/parts.tsx'
import { Prose } from '../kit/prose.tsx'
import type { Replay } from '../kit/shown.ts'
import { shortTime } from '../kit/times.ts'

const title = 'A replay'

export async function runPage(visit: Visit, now: Date): Promise<PageAnswer> {
  const run = await visit.api.get<Replay>(`/v1/replays/${encodeURIComponent(visit.params.id ?? '')}`)
  const isDone = run.status === 'done'
  const { since, until, type, progress, plan } = run
  const html = framed({
    visit,
    title,
    section: 'replays',
    children: (
      <>
        <ReplayHead title={title} window={run} now={now} />
        <div id="live-replay" className="live-part" data-live={isDone ? undefined : visit.here}>
          <Answer tone={isDone ? 'good' : 'move'} icon={isDone ? 'check' : 'loop'}>
            <p>
              <strong>{isDone ? 'It is done.' : 'It is running.'}</strong> {saidOf(run)}
            </p>
            <p>
              {isDone
                ? 'What was sent before was not sent again.'
                : 'It goes on by itself after a restart, where it was.'}
            </p>
          </Answer>
          <Panel id="run" title="The run">
            <div className="in">
              {!isDone && (
                <progress value={progress.events} max={Math.max(1, plan.events)} aria-label="Events replayed" />
              )}
              <Facts
                rows={[
                  ['Window', windowText(run, now)],
                  ['Source', run.source],
                  ['Event type', type],
                  ['Only', run.state && `messages that were ${run.state}`],
                  ['At most', `${run.ratePerSecond.toLocaleString('en-GB')} messages a second`],
                  ['Started', <Prose key="by">{`${shortTime(run.createdAt, now)}, by ${run.by}`}</Prose>],
                  ['Finished', run.finishedAt && shortTime(run.finishedAt, now)],
                ]}
              />
              <a href={pathOf('/dashboard/events', { since, until, type: type ?? undefined })}>See its events</a>
            </div>
          </Panel>
        </div>
      </>
    ),
  })
  return { kind: 'page', html }
}

interface Window {
  since: string
  until: string
}

/** The head of a page about one window of events. */
export function ReplayHead({ title, window, now }: { title: string; window: Window; now: Date }) {
  const crumb = (
    <>
      <a href="/dashboard/replays">Replays</a> / {windowText(window, now)}
    </>
  )
  return <Head title={title} crumb={crumb} />
}

function windowText({ since, until }: Window, now: Date): string {
  return `${shortTime(since, now)} to ${shortTime(until, now)}`
}

/** What it read and sent; how much is left where it is not done. */
function saidOf({ status, plan, progress }: Replay): string {
  const sent = progress.wouldSend
  if (status !== 'done')
    return `${progress.events} of ${count(plan.events, 'event')} read, ${sent} of ${count(plan.wouldSend, 'message')} sent.`
  const events = `${count(progress.events, 'event')} ${progress.events === 1 ? 'was' : 'were'} read again`
  return sent === 0
    ? `${events}, and nothing had to be sent.`
    : `${events}, and ${count(sent, 'message')} ${sent === 1 ? 'was' : 'were'} sent.`
}
