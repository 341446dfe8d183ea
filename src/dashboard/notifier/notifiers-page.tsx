// The list of the notifiers.
import { Fragment } from 'react'
import type { PageAnswer, PageRoute, Visit } from '../../http/dashboard/page.ts'
import { framed } from '../kit/frame.tsx'
import { Head } from '../kit/head.tsx'
import { Answer, count } from '../kit/parts.tsx'
import { channelText } from '../kit/provider-looks.tsx'
import type { List, Notifier } from '../kit/shown.ts'
import { Table } from '../kit/table.tsx'

const here = '/dashboard/notifiers'
/** The notifier's page has them all. */
const typesShown = 3

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
          <Table
            heads={['Notifier', 'On', 'Channels']}
            rows={data}
            row={({ name, on, channels, category }) => (
              <tr key={name}>
                <td className="top1 name">
                  <a className="lead" href={`${here}/${name}`}>
                    {name}
                  </a>
                  <span className="sub">{category}</span>
                </td>
                <td data-k="On">
                  <EventTypes types={on} most={typesShown} />
                </td>
                <td className="nowrap" data-k="Channels">
                  {channels.map(channelText).join(', ')}
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

/** Each on a line of its own, which breaks only after a dot or a colon. `most`: the others are counted. */
export function EventTypes({ types, most = types.length }: { types: string[]; most?: number }) {
  const left = types.length - most
  return (
    <span className="lines">
      {types.slice(0, most).map((type) => (
        <span key={type}>
          {type.split(/(?<=[.:])/).map((part, i) => (
            <Fragment key={`${i} ${part}`}>
              {i > 0 && <wbr />}
              {part}
            </Fragment>
          ))}
        </span>
      ))}
      {left > 0 && <span className="faint">and {left} more</span>}
    </span>
  )
}
