// The notifiers, and what each says: its messages in any locale, rendered with its sample.
import type { z } from 'zod'
import type { PageAnswer, PageRoute, Visit } from '../http/dashboard-page.ts'
import { pathOf } from '../http/own-api.ts'
import type { shape } from '../http/shapes.ts'
import { Wordings } from './copy-parts.tsx'
import { DataForm } from './data-preview.tsx'
import { framed } from './frame.tsx'
import { Head } from './head.tsx'
import { Answer, count, Facts, Field, Panel } from './parts.tsx'
import type { CopyPlace, List } from './shown.ts'

type Notifier = z.output<typeof shape.notifier>

const here = '/dashboard/notifiers'

export const notifierRoutes: PageRoute[] = [
  { method: 'GET', path: '/notifiers', right: 'read', answer: listPage },
  { method: 'GET', path: '/notifiers/:name', right: 'read', answer: onePage },
  { method: 'GET', path: '/notifiers/:name/email', right: 'read', answer: emailDocument },
]

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
                  <td className="top1">
                    <a className="lead" href={`${here}/${name}`}>
                      {name}
                    </a>
                    <span className="sub">{category}</span>
                  </td>
                  <td data-k="On">{on.join(', ')}</td>
                  <td data-k="Channels">{channels.join(', ')}</td>
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

async function onePage(visit: Visit): Promise<PageAnswer> {
  const { name = '' } = visit.params
  const locale = visit.query.get('locale') ?? ''
  const preview = (format: string) =>
    visit.api.text(pathOf(`/v1/notifiers/${encodeURIComponent(name)}/preview`, { format, locale }))
  const { data } = await visit.api.get<List<Notifier>>('/v1/notifiers')
  const notifier = data.find((one) => one.name === name)
  const hasEmail = notifier?.channels.includes('email')
  // The API says that there is no such notifier.
  const text = hasEmail || !notifier ? await preview('text') : null
  const sms = notifier?.channels.includes('sms') ? await preview('sms') : null
  const writes = notifier !== undefined && (text ?? sms) !== null
  const places = writes ? await visit.api.get<List<CopyPlace>>(`/v1/notifiers/${name}/copy`) : null
  const html = framed({
    visit,
    title: name,
    section: 'notifiers',
    children: (
      <>
        <Head title={name} crumb={<a href={here}>Notifiers</a>} />
        <Panel id="facts" title="What it is">
          <div className="in">
            <Facts
              rows={[
                ['On', notifier?.on.join(', ')],
                ['Channels', notifier?.channels.join(', ')],
                ['Category', notifier?.category],
                [
                  'Messages',
                  <a key="list" href={pathOf('/dashboard/notifications', { notifier: name })}>
                    those it made
                  </a>,
                ],
              ]}
            />
            <form method="get" className="filters">
              <Field name="locale" label="Locale" value={locale} maxLength={35} placeholder="en-GB, es-MX, hi" />
              <div className="btns">
                <button className="btn" type="submit">
                  Preview in this locale
                </button>
              </div>
            </form>
          </div>
        </Panel>
        {places && <Wordings name={name} places={places.data} mayAct={visit.mayAct} />}
        {hasEmail && (
          <Panel id="email" title="The email, with the sample’s data">
            <iframe
              className="frame-mail"
              src={pathOf(`${here}/${name}/email`, { locale })}
              sandbox=""
              referrerPolicy="no-referrer"
              title="The email, rendered with the sample, shown without scripts or remote content"
            />
            <div className="in">
              <details>
                <summary>Its plain text</summary>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
                <pre className="code wrap" tabIndex={0}>
                  {text}
                </pre>
              </details>
            </div>
          </Panel>
        )}
        {sms !== null && (
          <Panel id="sms" title="The SMS, with the sample’s data">
            <div className="in">
              <div className="bubble">
                <p className="sms">{sms}</p>
              </div>
            </div>
          </Panel>
        )}
        {notifier && places && (
          <DataForm
            visit={visit}
            name={name}
            locale={locale}
            text={JSON.stringify(notifier.sample.data, null, 2)}
            faults={[]}
          />
        )}
      </>
    ),
  })
  return { kind: 'page', html }
}

async function emailDocument({ api, params, query }: Visit): Promise<PageAnswer> {
  const path = `/v1/notifiers/${encodeURIComponent(params.name ?? '')}/preview`
  return {
    kind: 'document',
    html: await api.text(pathOf(path, { locale: query.get('locale') ?? '', draft: query.get('draft') ?? '' })),
    pictures: 'data:',
  }
}
