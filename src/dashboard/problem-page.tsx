// The page for what went wrong: what it is, what it means for messages, and what to do.
import type { ProblemShown } from '../http/dashboard/own-api.ts'
import type { DashboardPages, Visit } from '../http/dashboard/page.ts'
import { drawnOnce } from '../http/pages/drawn-once.ts'
import { framed, gate } from './kit/frame.tsx'
import { Empty } from './kit/parts.tsx'
import { Prose } from './kit/prose.tsx'

/** What it means for messages, and what to do about it. */
const advice: Record<string, string> = {
  not_found: 'Check the address of the page, or search for what you are looking for.',
  route_unknown: 'Check the address of the page, or search for what you are looking for.',
  database_unavailable:
    'Webhooks get a 503 and are sent again by their sources, so nothing is lost. Check `DATABASE_URL` and the database.',
  answer_too_slow: 'Nothing is lost; messages go on. Ask for less: add a filter or a time range.',
  stopping: 'This process is stopping and another one goes on. Nothing is lost. Reload the page in a moment.',
  internal_error: 'Nothing that was accepted is lost. The log has the details under the request id.',
  role_not_allowed: 'Nothing was changed. Sign in with an operator’s key, or ask somebody who has one.',
  key_unknown: 'Nothing was changed. Go back and try again.',
  link_invalid: 'Nothing was changed. `npm run posthorn -- secrets` prints a new link; or sign in with an API key.',
  too_many_requests: 'Nothing was changed. The right key still gets in.',
  conflict: 'Nothing was changed. Reload the page to see what it is now.',
}

/** What the API says in terms of requests, in those of a page. */
const forPeople: Record<string, string> = {
  database_unavailable: 'Nothing can be read or changed now.',
  too_many_requests: 'Too many tries from this address were refused. Wait a minute before another.',
}

/** They pass by themselves. */
const passing = [429, 503]

export function problemSays({ code, title, detail, errors }: ProblemShown): string {
  // Said once: the page has the title above.
  return forPeople[code] ?? (detail === `${title}.` && errors ? 'What is wrong with it' : detail)
}

const drawn = drawnOnce()

export const problemPage: DashboardPages['problem'] = (problem, { here, ...view }, visit) => {
  const { title, requestId, ...rest } = problem
  if (visit)
    return framed({
      visit,
      title,
      section: '',
      children: (
        <>
          <h1>{title}</h1>
          <Content problem={problem} here={here} visit={visit} />
        </>
      ),
    })
  const { theme, assets } = view
  return drawn(JSON.stringify([title, rest, theme, assets]), { requestId, here }, (own) =>
    gate(
      title,
      view,
      <main id="main">
        <h1>{title}</h1>
        <Content problem={{ ...problem, requestId: own.requestId }} here={own.here} visit={null} />
      </main>,
    ),
  )
}

function Content({ problem, here, visit }: { problem: ProblemShown; here: string; visit: Visit | null }) {
  const says = problemSays(problem)
  return (
    <section className="panel">
      <Empty icon={problem.status === 404 ? 'search' : 'warn'} title={says}>
        {problem.errors && (
          <ul>
            {problem.errors.map(({ path, message }) => (
              <li key={path}>
                <code>{path}</code> <Prose>{message}</Prose>
              </li>
            ))}
          </ul>
        )}
        <p className="quiet">
          <Prose>{advice[problem.code] ?? 'Nothing was changed. Go back and fix it.'}</Prose>
        </p>
        <p className="faint small">
          {problem.status} <code>{problem.code}</code>, request <span className="mono">{problem.requestId}</span>
        </p>
        <WayOn isPassing={passing.includes(problem.status)} here={here} visit={visit} />
      </Empty>
    </section>
  )
}

function WayOn({ isPassing, here, visit }: { isPassing: boolean; here: string; visit: Visit | null }) {
  if (isPassing)
    return (
      <a className="btn" href={here}>
        Try again
      </a>
    )
  return (
    <a className="btn" href="/dashboard">
      {visit ? 'Go to the overview' : 'Sign in'}
    </a>
  )
}
