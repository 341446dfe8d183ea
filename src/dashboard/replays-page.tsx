// Replaying a window of events: the plan first, then the run with its progress.
import type { z } from 'zod'
import type { PageAnswer, PageRoute, Visit } from '../http/dashboard-page.ts'
import { pathOf } from '../http/own-api.ts'
import type { replayPlan } from '../http/replay-shapes.ts'
import { framed } from './frame.tsx'
import { Head } from './head.tsx'
import { Answer, count, Facts, Field, Panel, Select } from './parts.tsx'
import { PlanForm } from './plan-form.tsx'
import { ReplayList, replaysOf } from './replay-list.tsx'
import { planLines } from './replay-plan.ts'
import type { Replay } from './shown.ts'
import { stateLooks } from './states.tsx'
import { shortTime } from './times.ts'

type Plan = z.output<typeof replayPlan>

const here = '/dashboard/replays'
const filters = ['since', 'until', 'source', 'type', 'state'] as const

export function replayRoutes(now: () => Date): PageRoute[] {
  return [
    { method: 'GET', path: '/replays', right: 'read', answer: (visit) => formPage(visit, now()) },
    { method: 'GET', path: '/replays/plan', right: 'act', answer: planPage },
    { method: 'GET', path: '/replays/:id', right: 'read', answer: (visit) => runPage(visit, now()) },
    { method: 'POST', path: '/replays', right: 'act', answer: startRun },
  ]
}

function windowIn(asked: URLSearchParams) {
  const given = Object.fromEntries(filters.flatMap((name) => (asked.get(name) ? [[name, asked.get(name)]] : [])))
  const rate = asked.get('ratePerSecond')
  return { ...given, ...(rate && { ratePerSecond: Number(rate) }) }
}

async function formPage(visit: Visit, now: Date): Promise<PageAnswer> {
  const list = await replaysOf(visit)
  const html = framed({
    visit,
    title: 'Replays',
    section: 'replays',
    children: (
      <>
        <Head title="Replays" />
        <Answer tone="still" icon="loop">
          <p>
            <strong>A replay reads the events of a time window again</strong> and sends what was not sent. What was
            already sent is not sent again.
          </p>
          <p>First you see what it would do.</p>
        </Answer>
        <Panel id="window" title="Which events">
          <div className="in">
            {visit.mayAct ? (
              <form method="get" action={`${here}/plan`} className="filters">
                <Field name="since" label="Received since" required placeholder="2026-11-21T02:41:00Z" />
                <Field name="until" label="Received until" required placeholder="2026-11-21T03:00:00Z" />
                <Field name="source" label="Source" />
                <Field name="type" label="Event type" />
                <Select
                  name="state"
                  label="Only messages that are"
                  value=""
                  options={[
                    ['', 'in any state'],
                    ...Object.keys(stateLooks).map((each): [string, string] => [each, each]),
                  ]}
                />
                <Field name="ratePerSecond" label="At most, a second" type="number" value="50" />
                <div className="btns">
                  <button className="btn main" type="submit">
                    See the plan…
                  </button>
                </div>
              </form>
            ) : (
              <p className="quiet">A viewer’s key reads. Sign in with an operator’s key to replay events.</p>
            )}
          </div>
        </Panel>
        <ReplayList list={list} now={now} />
      </>
    ),
  })
  return { kind: 'page', html }
}

async function planPage(visit: Visit): Promise<PageAnswer> {
  const window = windowIn(visit.query)
  const { plan } = await visit.api.send<{ plan: Plan }>('POST', '/v1/replays', { ...window, dryRun: true })
  const title = plan.wouldSend > 0 ? `Send ${count(plan.wouldSend, 'message')}?` : 'A replay would send nothing'
  const html = framed({
    visit,
    title,
    section: 'replays',
    children: (
      <>
        <Head title={title} crumb={<a href={here}>Replays</a>} />
        <Answer tone="ask" icon="loop">
          <p>
            <strong>Nothing has been done so far.</strong> The window has {count(plan.events, 'event')}.
          </p>
        </Answer>
        <PlanForm
          visit={visit}
          action={here}
          asked={Object.fromEntries([...filters, 'ratePerSecond'].map((name) => [name, visit.query.get(name) ?? '']))}
          lines={planLines(plan)}
          act={{
            text: plan.wouldSend > 0 ? `Send ${count(plan.wouldSend, 'message')}` : 'Replay them all the same',
            isDangerous: plan.wouldSend > 0,
          }}
          back={here}
        />
      </>
    ),
  })
  return { kind: 'page', html }
}

async function startRun({ api, form }: Visit): Promise<PageAnswer> {
  const { id } = await api.send<Replay>('POST', '/v1/replays', windowIn(form))
  return { kind: 'redirect', to: `${here}/${id}`, flash: { tone: 'good', text: 'The replay has started.' } }
}

async function runPage(visit: Visit, now: Date): Promise<PageAnswer> {
  const run = await visit.api.get<Replay>(`/v1/replays/${encodeURIComponent(visit.params.id ?? '')}`)
  const isDone = run.status === 'done'
  const html = framed({
    visit,
    title: 'A replay',
    section: 'replays',
    children: (
      <>
        <Head title="A replay" crumb={<a href={here}>Replays</a>} />
        <div id="live-replay" className="live-part" data-live={isDone ? undefined : visit.here}>
          <Answer tone={isDone ? 'good' : 'move'} icon={isDone ? 'check' : 'loop'}>
            <p>
              <strong>{isDone ? 'It is done.' : 'It is running.'}</strong> {run.progress.events} of{' '}
              {count(run.plan.events, 'event')}, {run.progress.wouldSend} of {count(run.plan.wouldSend, 'message')}{' '}
              sent.
            </p>
            <p>It goes on by itself after a restart, where it was.</p>
          </Answer>
          <Panel id="run" title="The run">
            <div className="in">
              <progress value={run.progress.events} max={Math.max(1, run.plan.events)} aria-label="Events replayed" />
              <Facts
                rows={[
                  ['Window', `${shortTime(run.since, now)} to ${shortTime(run.until, now)}`],
                  ['Source', run.source],
                  ['Type', run.type],
                  ['State', run.state],
                  ['At most', `${run.ratePerSecond} a second`],
                  ['Started', shortTime(run.createdAt, now)],
                  ['Finished', run.finishedAt && shortTime(run.finishedAt, now)],
                ]}
              />
              <a
                href={pathOf('/dashboard/events', { since: run.since, until: run.until, type: run.type ?? undefined })}
              >
                Its events
              </a>
            </div>
          </Panel>
        </div>
      </>
    ),
  })
  return { kind: 'page', html }
}
