// The list of the notifiers.
import type { PageAnswer, PageRoute, Visit } from '../http/dashboard-page.ts'
import { framed } from './frame.tsx'
import { Head } from './head.tsx'
import { Answer, count } from './parts.tsx'
import type { List, Notifier } from './shown.ts'

const here = '/dashboard/notifiers'

export const notifierListRoute: PageRoute = { method: 'GET', path: '/notifiers', right: 'read', answer: listPage }

async function listPage(visit: Visit): Promise<PageAnswer> {
  const { data } = await visit.api.get<List<Notifier>>('/v1/notifiers')
  const html = framed({
    visit,
    title: 'Notifiers',
    section: 'notifiers',
    children: (
      <>
        <Head title="Notifiers" />
        <Answer tone="still" icon="pen">
          <p>
            <strong>{count(data.length, 'notifier')} say what events mean for people:</strong> who gets a message, on
            which channel, and with which words.
          </p>
        </Answer>
        <section className="panel" aria-label="Notifiers">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Notifier</th>
                <th scope="col">On</th>
                <th scope="col">Channels</th>
              </tr>
            </thead>
            <tbody>
              {data.map(({ name, on, channels, category }) => (
                <tr key={name}>
                  <td className="top1 name">
                    <a className="lead" href={`${here}/${name}`}>
                      {name}
                    </a>
                    <span className="sub">{category}</span>
                  </td>
                  <td data-k="On">
                    <span>
                      {on.map((type, i) => (
                        <span key={type} className="each">
                          {type}
                          {i < on.length - 1 && ',\u00a0'}
                        </span>
                      ))}
                    </span>
                  </td>
                  <td className="nowrap" data-k="Channels">
                    {channels.join(', ')}
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
