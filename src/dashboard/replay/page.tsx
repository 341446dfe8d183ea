// Replaying a window of events: the form, then the plan, then the start.
import type { z } from 'zod'
import type { DataFault } from '../../domain/event.ts'
import type { replayPlan } from '../../http/answers/replay-shapes.ts'
import { ApiRefusal } from '../../http/dashboard/own-api.ts'
import type { PageAnswer, PageRoute, Visit } from '../../http/dashboard/page.ts'
import { framed } from '../kit/frame.tsx'
import { Head } from '../kit/head.tsx'
import { Answer, count, Panel } from '../kit/parts.tsx'
import { PlanForm } from '../kit/plan-form.tsx'
import type { Replay } from '../kit/shown.ts'
import { typedTime } from '../kit/times.ts'
import { filters, ReplayForm } from './form.tsx'
import { ReplayList, replaysOf } from './list.tsx'
import { planLines } from './plan.ts'
import { ReplayHead, runPage } from './run.tsx'

type Plan = z.output<typeof replayPlan>

const here = '/dashboard/replays'

export function replayRoutes(now: () => Date): PageRoute[] {
  return [
    { method: 'GET', path: '/replays', right: 'read', answer: (visit) => formPage(visit, now()) },
    { method: 'GET', path: '/replays/plan', right: 'act', answer: (visit) => planPage(visit, now()) },
    { method: 'GET', path: '/replays/:id', right: 'read', answer: (visit) => runPage(visit, now()) },
    { method: 'POST', path: '/replays', right: 'act', answer: startRun },
  ]
}

/** What the API takes as a window. */
function windowIn(asked: URLSearchParams): { since: string; until: string } & Record<string, string | number> {
  const times = ['since', 'until']
  const given = filters.flatMap((name) => {
    const value = times.includes(name) ? typedTime(asked.get(name)) : asked.get(name)
    return value ? [[name, value]] : []
  })
  const rate = asked.get('ratePerSecond')
  return { ...Object.fromEntries(given), ...(rate && { ratePerSecond: Number(rate) }) }
}

/** `faults`: what is wrong with what was asked, which the form shows again. */
async function formPage(visit: Visit, now: Date, faults: DataFault[] | null = null): Promise<PageAnswer> {
  const list = await replaysOf(visit)
  const html = framed({
    visit: faults
      ? { ...visit, flash: { tone: 'bad', text: 'Nothing was replayed. Fix the field that is marked below.' } }
      : visit,
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
              <ReplayForm asked={visit.query} faults={faults ?? []} />
            ) : (
              <p className="quiet">A viewer’s key can only read. Sign in with an operator’s key to replay events.</p>
            )}
          </div>
        </Panel>
        <ReplayList list={list} now={now} />
      </>
    ),
  })
  return { kind: 'page', html, ...(faults && { status: 400 }) }
}

async function planPage(visit: Visit, now: Date): Promise<PageAnswer> {
  const window = windowIn(visit.query)
  try {
    const { plan } = await visit.api.send<{ plan: Plan }>('POST', '/v1/replays', { ...window, dryRun: true })
    return { kind: 'page', html: planned(visit, plan, now) }
  } catch (error) {
    if (!(error instanceof ApiRefusal) || !error.problem.errors) throw error
    return formPage(visit, now, error.problem.errors)
  }
}

function planned(visit: Visit, plan: Plan, now: Date): string {
  const window = windowIn(visit.query)
  const title = plan.wouldSend > 0 ? `Send ${count(plan.wouldSend, 'message')}?` : 'A replay would send nothing'
  return framed({
    visit,
    title,
    section: 'replays',
    children: (
      <>
        <ReplayHead title={title} window={window} now={now} />
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
}

async function startRun({ api, form }: Visit): Promise<PageAnswer> {
  const { id } = await api.send<Replay>('POST', '/v1/replays', windowIn(form))
  return { kind: 'redirect', to: `${here}/${id}`, flash: { tone: 'good', text: 'The replay has started.' } }
}
