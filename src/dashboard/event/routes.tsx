// The routes of an event's page and of its replay, which shows its plan first.
import type { PageAnswer, PageRoute, Visit } from '../../http/dashboard/page.ts'
import { actRoute } from '../kit/acts.ts'
import { framed } from '../kit/frame.tsx'
import { Head } from '../kit/head.tsx'
import { Answer, count } from '../kit/parts.tsx'
import { PlanForm } from '../kit/plan-form.tsx'
import type { ReplayCounts } from '../kit/shown.ts'
import { planLines } from '../replay/plan.ts'
import { eventPage } from './page.tsx'

const path = '/events/:id'

export function eventRoutes(now: () => Date): PageRoute[] {
  return [
    { method: 'GET', path, right: 'read', answer: (visit) => eventPage(visit, now(), false) },
    { method: 'POST', path: `${path}/reveal`, right: 'read', answer: (visit) => eventPage(visit, now(), true) },
    { method: 'GET', path: `${path}/replay`, right: 'act', answer: planPage },
    actRoute({
      path: `${path}/replay`,
      back: ({ params }) => `/dashboard/events/${params.id}`,
      act: async (visit) => {
        const { wouldSend } = await replay(visit, { force: visit.form.get('force') === 'true' })
        return wouldSend > 0
          ? `It is replayed: ${count(wouldSend, 'message')} will be sent.`
          : 'It is replayed. Nothing new is sent.'
      },
    }),
  ]
}

async function replay({ api, params }: Visit, body: { force: boolean; dryRun?: boolean }): Promise<ReplayCounts> {
  const path = `/v1/events/${encodeURIComponent(params.id ?? '')}/replay`
  return (await api.send<{ counts: ReplayCounts }>('POST', path, body)).counts
}

async function planPage(visit: Visit): Promise<PageAnswer> {
  const force = visit.query.get('force') === 'true'
  const counts = await replay(visit, { force, dryRun: true })
  const { wouldSend } = counts
  const here = `/dashboard/events/${visit.params.id}`
  const title =
    wouldSend > 0 ? `Send ${count(wouldSend, 'message')}${force ? ' again' : ''}?` : 'A replay would send nothing'
  const html = framed({
    visit,
    title,
    section: 'events',
    children: (
      <>
        <Head
          title={title}
          crumb={
            <>
              <a href={here}>The event</a> / replay{force && ' with force'}
            </>
          }
        />
        <Answer tone={wouldSend > 0 ? 'ask' : 'still'} icon="loop">
          <p>
            <strong>Nothing has been done so far.</strong> This is what a replay would do now.
          </p>
        </Answer>
        <PlanForm
          visit={visit}
          action={`${here}/replay`}
          asked={{ force: String(force) }}
          lines={planLines(counts, force)}
          act={{
            text: wouldSend > 0 ? `Send ${count(wouldSend, 'message')}` : 'Replay it all the same',
            isDangerous: force && wouldSend > 0,
          }}
          back={here}
        />
      </>
    ),
  })
  return { kind: 'page', html }
}
