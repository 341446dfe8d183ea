// The built-in schedules: when each ran, what came of it, when it runs next, and running one now.
import type { z } from 'zod'
import type { PageAnswer, PageRoute, Visit } from '../http/dashboard-page.ts'
import type { shape } from '../http/shapes.ts'
import { actRoute } from './acts.ts'
import { framed } from './frame.tsx'
import { Head } from './head.tsx'
import { Answer, PostForm } from './parts.tsx'
import type { List } from './shown.ts'
import { distance, shortTime } from './times.ts'

type Schedule = z.output<typeof shape.schedule>

export function scheduleRoutes(now: () => Date): PageRoute[] {
  return [
    { method: 'GET', path: '/schedules', right: 'read', answer: (visit) => page(visit, now()) },
    actRoute({
      path: '/schedules/:name/run',
      back: () => '/dashboard/schedules',
      act: async ({ api, params: { name = '' } }) => {
        await api.send('POST', `/v1/schedules/${encodeURIComponent(name)}/run`)
        return `${name} has run now, beside its regular runs.`
      },
    }),
  ]
}

async function page(visit: Visit, now: Date): Promise<PageAnswer> {
  const { data } = await visit.api.get<List<Schedule>>('/v1/schedules')
  const failed = data.filter(({ lastResult }) => lastResult?.ok === false)
  const html = framed({
    visit,
    title: 'Schedules',
    section: 'schedules',
    children: (
      <>
        <Head title="Schedules" />
        <Answer tone={failed.length > 0 ? 'bad' : 'good'} icon={failed.length > 0 ? 'cross' : 'check'}>
          <p>
            <strong>
              {failed.length > 0
                ? `The last run of ${failed.map(({ name }) => name).join(', ')} failed.`
                : 'Every schedule ran well, or has not run so far.'}
            </strong>
          </p>
          <p>Each run is an event of its own, and goes the way of every event.</p>
        </Answer>
        <section className="panel" aria-label="Schedules">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Schedule</th>
                <th scope="col">Last run</th>
                <th scope="col">Next run</th>
                <th scope="col">
                  <span className="vh">Act</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.map(({ name, cron, timezone, lastRunAt, lastResult, nextRunAt }) => (
                <tr key={name}>
                  <td className="top1">
                    <b className="lead">{name}</b>
                    <span className="sub">
                      {cron}, {timezone}
                    </span>
                  </td>
                  <td data-k="Last run">
                    {lastRunAt
                      ? `${shortTime(lastRunAt, now)}, ${lastResult?.ok === false ? 'failed' : 'done'}`
                      : 'never'}
                  </td>
                  <td data-k="Next run">{`${shortTime(nextRunAt, now)}, ${distance(nextRunAt, now)}`}</td>
                  <td className="act">
                    {visit.mayAct && (
                      <PostForm visit={visit} action={`/dashboard/schedules/${name}/run`}>
                        <button className="btn" type="submit">
                          Run it now<span className="vh">: {name}</span>
                        </button>
                      </PostForm>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </>
    ),
  })
  return { kind: 'page', html }
}
