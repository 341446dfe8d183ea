// A notifier's messages with data that a person pastes: rendered by the API, which stores and sends nothing.
import type { DataFault } from '../../domain/event.ts'
import { ApiRefusal, pathOf } from '../../http/dashboard/own-api.ts'
import type { PageAnswer, PageRoute, Visit } from '../../http/dashboard/page.ts'
import { type Fields, isFields, parseJson } from '../../wire/json.ts'
import { framed } from '../kit/frame.tsx'
import { Head } from '../kit/head.tsx'
import { Icon } from '../kit/icons.tsx'
import { Panel, PostForm } from '../kit/parts.tsx'
import { Prose } from '../kit/prose.tsx'
import { SmsPanel } from '../kit/sms-bubble.tsx'

/** Null for a channel that the notifier does not have. */
interface Rendered {
  email: string | null
  sms: string | null
}

export const dataPreviewRoutes: PageRoute[] = [
  { method: 'POST', path: '/notifiers/:name/preview', right: 'read', answer: page },
  { method: 'POST', path: '/notifiers/:name/preview/email', right: 'read', answer: emailDocument },
]

const homeOf = (name: string) => `/dashboard/notifiers/${encodeURIComponent(name)}`

interface FormProps {
  visit: Visit
  name: string
  locale: string
  text: string
  faults: DataFault[]
}

export function DataForm({ visit, name, locale, text, faults }: FormProps) {
  return (
    <Panel id="data" title="Preview with data of your own">
      <PostForm visit={visit} action={`${homeOf(name)}/preview`} className="in">
        <input type="hidden" name="locale" value={locale} />
        <div className="field">
          <label htmlFor="f-data">The event’s data, as JSON</label>
          <textarea
            id="f-data"
            name="data"
            className="mono"
            rows={Math.min(24, text.split('\n').length + 1)}
            spellCheck={false}
            defaultValue={text}
            aria-invalid={faults.length > 0 || undefined}
            aria-describedby={faults.length > 0 ? 'f-data-f' : undefined}
          />
          {faults.length > 0 && (
            <div id="f-data-f">
              {faults.map(({ path, message }) => (
                <span className="fault" key={`${path} ${message}`}>
                  <Icon name="cross" />
                  <span>
                    <code>{path}</code> <Prose>{message}</Prose>
                  </span>
                </span>
              ))}
            </div>
          )}
        </div>
        <div className="btns">
          <button className="btn" type="submit">
            Preview with this data
          </button>
        </div>
      </PostForm>
    </Panel>
  )
}

async function page(visit: Visit): Promise<PageAnswer> {
  const { name = '' } = visit.params
  const text = visit.form.get('data') ?? ''
  const locale = visit.form.get('locale') ?? ''
  const found = await render(visit, name)
  const faults = Array.isArray(found) ? found : []
  const html = framed({
    visit,
    title: `${name} with data`,
    section: 'notifiers',
    children: (
      <>
        <Head title={`${name} with your data`} crumb={<a href={homeOf(name)}>{name}</a>} />
        {!Array.isArray(found) && <Messages visit={visit} name={name} rendered={found} />}
        <DataForm visit={visit} name={name} locale={locale} text={text} faults={faults} />
      </>
    ),
  })
  return { kind: 'page', html, status: faults.length > 0 ? 422 : 200 }
}

/** What it comes to, or the faults of the data. */
async function render(visit: Visit, name: string): Promise<Rendered | DataFault[]> {
  const data = dataIn(visit.form)
  if (!data) return [{ path: 'data', message: 'is not a JSON object' }]
  try {
    return { email: await previewIn(visit, name, 'text', data), sms: await previewIn(visit, name, 'sms', data) }
  } catch (error) {
    if (!(error instanceof ApiRefusal) || !error.problem.errors) throw error
    return error.problem.errors
  }
}

/** Null where the notifier does not have the format's channel. */
async function previewIn(
  { api, form }: Visit,
  name: string,
  format: 'html' | 'text' | 'sms',
  data: object,
): Promise<string | null> {
  const path = `/v1/notifiers/${encodeURIComponent(name)}/preview`
  try {
    return await api.text(pathOf(path, { format, locale: form.get('locale') ?? '' }), { data })
  } catch (error) {
    if (error instanceof ApiRefusal && error.problem.code === 'not_found') return null
    throw error
  }
}

function dataIn(form: URLSearchParams): Fields | null {
  const data = parseJson(form.get('data') ?? '')
  return isFields(data) ? data : null
}

function Messages({ visit, name, rendered: { email, sms } }: { visit: Visit; name: string; rendered: Rendered }) {
  return (
    <>
      {email !== null && (
        <Panel id="email" title="The email">
          <PostForm visit={visit} action={`${homeOf(name)}/preview/email`} className="in" target="own-email">
            <input type="hidden" name="locale" value={visit.form.get('locale') ?? ''} />
            <input type="hidden" name="data" value={visit.form.get('data') ?? ''} />
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
            <pre className="code wrap" tabIndex={0}>
              {email}
            </pre>
            <div className="btns">
              <button className="btn" type="submit">
                Show it as HTML
              </button>
            </div>
          </PostForm>
          <iframe
            className="frame-mail"
            name="own-email"
            sandbox=""
            referrerPolicy="no-referrer"
            title="The email as HTML, once it is asked for, without scripts or remote content"
          />
        </Panel>
      )}
      {sms !== null && <SmsPanel title="The SMS" text={sms} />}
    </>
  )
}

async function emailDocument(visit: Visit): Promise<PageAnswer> {
  const { name = '' } = visit.params
  const html = (await previewIn(visit, name, 'html', dataIn(visit.form) ?? {})) ?? ''
  return { kind: 'document', html, pictures: 'data:' }
}
