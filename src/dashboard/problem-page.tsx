// The page for what went wrong: what it is, what it means for messages, and what to do.
import type { ProblemShown } from '../http/dashboard/own-api.ts'
import type { Surroundings, Visit } from '../http/dashboard/page.ts'
import { framed, gate } from './kit/frame.tsx'
import { Empty } from './kit/parts.tsx'
import { Prose } from './kit/prose.tsx'

/** What it means for messages, and what to do about it. */
const advice: Record<string, string> = {
  not_found: 'Check the address of the page, or search for what you are looking for.',
  route_unknown: 'Check the address of the page, or search for what you are looking for.',
  database_unavailable:
    'Webhooks get a 503 and are sent again by their sources, so nothing is lost. Check DATABASE_URL and the database.',
  answer_too_slow: 'Nothing is lost; messages go on. Ask for less: add a filter or a time range.',
  stopping: 'This process is stopping and another one goes on. Nothing is lost. Reload the page in a moment.',
  internal_error: 'Nothing that was accepted is lost. The log has the details under the request id.',
  role_not_allowed: 'Nothing was changed. Sign in with an operator’s key, or ask somebody who has one.',
  key_unknown: 'Nothing was changed. Go back and try again.',
  link_invalid: 'Nothing was changed. Ask for a new link: npm run posthorn -- secrets',
  too_many_requests: 'Nothing was changed. Wait a minute, then try again.',
  conflict: 'Nothing was changed. Reload the page to see what it is now.',
}

export function problemPage(problem: ProblemShown, view: Surroundings, visit: Visit | null): string {
  // Said once: the page has the title above.
  const says = problem.detail === `${problem.title}.` && problem.errors ? 'What is wrong with it' : problem.detail
  const content = (
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
        <p className="quiet">{advice[problem.code] ?? 'Nothing was changed. Go back and fix it.'}</p>
        <p className="faint small">
          {problem.status} <code>{problem.code}</code>, request <span className="mono">{problem.requestId}</span>
        </p>
        <a className="btn" href="/dashboard">
          {visit ? 'Go to the overview' : 'Sign in'}
        </a>
      </Empty>
    </section>
  )
  const { title } = problem
  if (visit)
    return framed({
      visit,
      title,
      section: '',
      children: (
        <>
          <h1>{title}</h1>
          {content}
        </>
      ),
    })
  return gate(
    title,
    view,
    <main id="main">
      <h1>{title}</h1>
      {content}
    </main>,
  )
}
