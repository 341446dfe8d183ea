// The built-in schedules: when each ran, what came of it, when it runs next, and running one now.
import type { z } from 'zod'
import type { shape } from '../http/answers/shapes.ts'
import type { PageAnswer, PageRoute, Visit } from '../http/dashboard/page.ts'
import { actRoute } from './kit/acts.ts'
import { framed } from './kit/frame.tsx'
import { Head } from './kit/head.tsx'
import type { IconName } from './kit/icons.tsx'
import { Answer, PostForm, type Tone } from './kit/parts.tsx'
import type { List } from './kit/shown.ts'
import { Table } from './kit/table.tsx'
import { distance, shortTime } from './kit/times.ts'

type Schedule = z.output<typeof shape.schedule>

/** `schedule.failed_payments` as `Failed payments`. */
function titleOf(name: string): string {
  const words = name.replace(/^schedule\./, '').replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The expressions that the schedules have, in words; another one as it is. */
function cronText(cron: string): string {
  const [, minute = '', hour = ''] = /^(\d+) (\d+|\*) \* \* \*$/.exec(cron) ?? []
  if (hour === '') return cron
  if (hour === '*') return minute === '0' ? 'every hour' : `every hour at ${minute} minutes past`
  return `every day at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
}

export function scheduleRoutes(now: () => Date): PageRoute[] {
  return [
    { method: 'GET', path: '/schedules', right: 'read', answer: (visit) => page(visit, now()) },
    actRoute({
      path: '/schedules/:name/run',
      back: () => '/dashboard/schedules',
      act: async ({ api, params: { name = '' } }) => {
        await api.send('POST', `/v1/schedules/${encodeURIComponent(name)}/run`)
        return `${titleOf(name)} has run now, beside its regular runs.`
      },
    }),
  ]
}

function lookOf(hasFailed: boolean, isNew: boolean): { tone: Tone; icon: IconName } {
  if (hasFailed) return { tone: 'bad', icon: 'cross' }
  return isNew ? { tone: 'still', icon: 'clock' } : { tone: 'good', icon: 'check' }
}

async function page(visit: Visit, now: Date): Promise<PageAnswer> {
  const { data } = await visit.api.get<List<Schedule>>('/v1/schedules')
  const failed = data.filter(({ lastResult }) => lastResult?.ok === false)
  const isNew = data.every(({ lastRunAt }) => lastRunAt === null)
  const html = framed({
    visit,
    title: 'Schedules',
    section: 'schedules',
    children: (
      <>
        <Head title="Schedules" />
        <Answer {...lookOf(failed.length > 0, isNew)}>
          <p>
            <strong>
              {failed.length > 0
                ? `The last run of ${failed.map(({ name }) => titleOf(name)).join(', ')} failed.`
                : isNew
                  ? 'No schedule has run so far.'
                  : 'Every schedule ran well, or has not run so far.'}
            </strong>
          </p>
          <p>
            {failed.length > 0
              ? 'The next run does what the last one missed. Run it now to see whether it works; the log has the error.'
              : 'Each run is an event of its own, which the page Events lists.'}
          </p>
        </Answer>
        <section className="panel" aria-label="Schedules">
          <Table
            heads={['Schedule', 'Last run', 'Next run', { act: 'Act' }]}
            rows={data}
            row={({ name, cron, timezone, lastRunAt, lastResult, nextRunAt }) => (
              <tr key={name}>
                <td className="top1">
                  <b className="lead">{titleOf(name)}</b>
                  <span className="sub">
                    <code>{name}</code>, {cronText(cron)}, {timezone}
                  </span>
                </td>
                <td data-k="Last run">
                  {lastRunAt
                    ? `${shortTime(lastRunAt, now)}, ${lastResult?.ok === false ? 'failed' : 'done'}`
                    : 'not so far'}
                </td>
                <td data-k="Next run">{`${shortTime(nextRunAt, now)}, ${distance(nextRunAt, now)}`}</td>
                <td className="act">
                  {visit.mayAct && (
                    <PostForm visit={visit} action={`/dashboard/schedules/${name}/run`}>
                      <button className="btn" type="submit">
                        Run it now<span className="vh">: {titleOf(name)}</span>
                      </button>
                    </PostForm>
                  )}
                </td>
              </tr>
            )}
          />
        </section>
      </>
    ),
  })
  return { kind: 'page', html }
}
