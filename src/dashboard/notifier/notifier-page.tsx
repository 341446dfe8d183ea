// A notifier's page: what it says in any locale, rendered with its sample, its wordings, and a test message.
import { sendable } from '../../accept/test-message.ts'
import { pathOf } from '../../http/dashboard/own-api.ts'
import type { PageAnswer, PageRoute, Visit } from '../../http/dashboard/page.ts'
import { CopyFigures, copyFiguresOf } from '../copy/figures.tsx'
import type { Reads } from '../copy/page.tsx'
import { Wordings } from '../copy/parts.tsx'
import { framed } from '../kit/frame.tsx'
import { Head } from '../kit/head.tsx'
import { Answer, Facts, Field, Panel } from '../kit/parts.tsx'
import { channelText } from '../kit/provider-looks.tsx'
import type { CopyPlace, List, Notifier } from '../kit/shown.ts'
import { SmsPanel } from '../kit/sms-bubble.tsx'
import { DataForm } from './data-preview.tsx'
import { EventTypes } from './notifiers-page.tsx'
import { type RefusedTest, sendTest, TestForm } from './test-form.tsx'

const here = '/dashboard/notifiers'

export function notifierRoutes(ctx: Reads): PageRoute[] {
  return [
    { method: 'GET', path: '/notifiers/:name', right: 'read', answer: (visit) => page(ctx, visit, null) },
    { method: 'GET', path: '/notifiers/:name/email', right: 'read', answer: emailDocument },
    {
      method: 'POST',
      path: '/notifiers/:name/send',
      right: 'act',
      answer: async (visit) => {
        const sent = await sendTest(visit, ctx.clock.now())
        return 'fault' in sent ? page(ctx, visit, sent) : sent
      },
    },
  ]
}

/** `refused`: a test message that could not be sent, as it was typed. */
async function page({ clock, reads }: Reads, visit: Visit, refused: RefusedTest | null): Promise<PageAnswer> {
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
  const figures = places && (await copyFiguresOf(reads, name, clock.now()))
  const html = framed({
    visit: refused ? { ...visit, flash: { tone: 'bad', text: 'Nothing was sent.' } } : visit,
    title: name,
    section: 'notifiers',
    children: (
      <>
        <Head title={name} crumb={<a href={here}>Notifiers</a>} />
        {notifier && <About notifier={notifier} />}
        {hasEmail && (
          <Panel id="email" title="The email, with the sample’s data">
            <LocaleForm locale={locale} />
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
        {sms !== null && <SmsPanel title="The SMS, with the sample’s data" text={sms} />}
        {places && <Wordings name={name} places={places.data} mayAct={visit.mayAct} />}
        {figures && <CopyFigures rows={figures} />}
        {notifier && sendable.includes(name) && (
          <TestForm visit={visit} notifier={notifier} locale={locale} refused={refused} />
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
  return { kind: 'page', html, ...(refused && { status: 422 }) }
}

const forms = { email: 'an email', sms: 'an SMS', callback: 'a callback' }
const categories: Record<string, string> = {
  transactional: 'It is always sent, unless the address is suppressed.',
  product: 'Who has turned product news off does not get it.',
}

function About({ notifier: { name, on, channels, category } }: { notifier: Notifier }) {
  const events = on.length === 1 ? on[0] : `one of ${on.length} events`
  return (
    <>
      <Answer tone="still" icon="pen">
        <p>
          <strong>{`It makes ${channels.map((channel) => forms[channel]).join(' and ')} of ${events}.`}</strong>{' '}
          {categories[category]}
        </p>
        <p>
          <a href={pathOf('/dashboard/notifications', { notifier: name })}>See its messages</a>
        </p>
      </Answer>
      {on.length > 1 && (
        <Panel id="facts" title="What it listens to">
          <div className="in">
            <Facts
              rows={[
                ['Events', <EventTypes key="on" types={on} />],
                ['Channels', channels.map(channelText).join(', ')],
              ]}
            />
          </div>
        </Panel>
      )}
    </>
  )
}

function LocaleForm({ locale }: { locale: string }) {
  return (
    <div className="in">
      <form method="get" className="filters">
        <Field name="locale" label="Locale" value={locale} maxLength={35} placeholder="en-GB, es-MX, hi" />
        <div className="btns">
          <button className="btn" type="submit">
            Preview in this locale
          </button>
        </div>
      </form>
    </div>
  )
}

async function emailDocument({ api, params, query }: Visit): Promise<PageAnswer> {
  const path = `/v1/notifiers/${encodeURIComponent(params.name ?? '')}/preview`
  return {
    kind: 'document',
    html: await api.text(pathOf(path, { locale: query.get('locale') ?? '', draft: query.get('draft') ?? '' })),
    pictures: 'data:',
  }
}
