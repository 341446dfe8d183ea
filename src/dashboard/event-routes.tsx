// The routes of an event's page and of its replay, which shows its plan first.
import type { PageAnswer, PageRoute, Visit } from '../http/dashboard-page.ts'
import { actRoute } from './acts.ts'
import { eventPage } from './event-page.tsx'
import { framed } from './frame.tsx'
import { Answer, count, PostForm } from './parts.tsx'
import { planLines } from './replay-plan.ts'
import type { ReplayCounts } from './shown.ts'

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
        <div className="head">
          <div>
            <p className="crumb">
              <a href={here}>The event</a> / replay{force && ' with force'}
            </p>
            <h1>{title}</h1>
          </div>
        </div>
        <Answer tone={wouldSend > 0 ? 'ask' : 'still'} icon="loop">
          <p>
            <strong>Nothing has been done so far.</strong> This is what a replay would do now.
          </p>
        </Answer>
        <PostForm visit={visit} action={`${here}/replay`} className="confirm measure">
          <input type="hidden" name="force" value={String(force)} />
          <ul>
            {planLines(counts, force).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <div className="btns">
            <button className={force && wouldSend > 0 ? 'btn danger final' : 'btn main'} type="submit">
              {wouldSend > 0 ? `Send ${count(wouldSend, 'message')}` : 'Replay it all the same'}
            </button>
            <a className="btn" href={here}>
              Go back
            </a>
          </div>
        </PostForm>
      </>
    ),
  })
  return { kind: 'page', html }
}
