// The page of a notifier's wording in a locale: which version counts, the draft beside it, and every earlier version.
import type { Ctx } from '../../context.ts'
import { pathOf } from '../../http/dashboard/own-api.ts'
import type { PageAnswer, Visit } from '../../http/dashboard/page.ts'
import { framed } from '../kit/frame.tsx'
import { Head } from '../kit/head.tsx'
import { Answer } from '../kit/parts.tsx'
import { Prose } from '../kit/prose.tsx'
import type { Copy } from '../kit/shown.ts'
import { shortTime } from '../kit/times.ts'
import { CopyFigures, copyFiguresOf } from './figures.tsx'
import { DraftForm, type RefusedDraft } from './form.tsx'
import { History, Previews, Publish, Variables } from './parts.tsx'

export type Reads = Pick<Ctx, 'clock' | 'reads'>

interface Asked {
  visit: Visit
  locale: string
  refused: RefusedDraft | null
}

/** Of the API. */
export function copyPath(name: string, locale: string): string {
  return `/v1/notifiers/${encodeURIComponent(name)}/copy/${encodeURIComponent(locale)}`
}

export function pagePath(name: string, locale: string): string {
  return pathOf(`/dashboard/notifiers/${encodeURIComponent(name)}/copy`, { locale })
}

export async function copyPage({ clock, reads }: Reads, { visit, locale, refused }: Asked): Promise<PageAnswer> {
  const name = visit.params.name ?? ''
  const home = `/dashboard/notifiers/${encodeURIComponent(name)}`
  if (locale.trim() === '') return { kind: 'redirect', to: home }
  const copy = await visit.api.get<Copy>(copyPath(name, locale.trim()))
  const now = clock.now()
  const figures = (await copyFiguresOf(reads, name, now)).filter((row) => row.locale === copy.locale)
  const html = framed({
    visit: refused ? { ...visit, flash: { tone: 'bad', text: `Nothing was saved. ${refused.problem.detail}` } } : visit,
    title: `${name} in ${copy.locale}`,
    section: 'notifiers',
    children: (
      <>
        <Head
          title={`Wording in ${copy.locale}`}
          crumb={
            <>
              <a href="/dashboard/notifiers">Notifiers</a> / <a href={home}>{name}</a>
            </>
          }
        />
        <Standing copy={copy} now={now} />
        <Previews copy={copy} sms={await smsOf(visit, copy)} />
        {visit.mayAct ? (
          <>
            <DraftForm visit={visit} copy={copy} refused={refused} />
            {!refused && <Publish visit={visit} copy={copy} />}
          </>
        ) : (
          <p className="quiet">A viewer’s key can only read. Sign in with an operator’s key to change the wording.</p>
        )}
        <CopyFigures rows={figures} />
        <div className="halves">
          <Variables copy={copy} />
          <History copy={copy} now={now} />
        </div>
      </>
    ),
  })
  return { kind: 'page', html, ...(refused && { status: refused.problem.status }) }
}

function Standing({ copy: { locale, ours, published, draft }, now }: { copy: Copy; now: Date }) {
  return (
    <Answer tone={published ? 'good' : 'still'} icon="pen">
      <p>
        <strong>
          {published ? `Version ${published.version} counts for ${locale}.` : `No version counts for ${locale} itself.`}
        </strong>{' '}
        {published && (
          <Prose>{`Published ${shortTime(published.publishedAt, now)} by ${published.publishedBy}.`}</Prose>
        )}
      </p>
      <p>
        A text that it does not change comes from the nearest locale with a version, else from the built-in wording (
        {ours.language}).{' '}
        <Prose>
          {draft
            ? `A draft waits, saved ${shortTime(draft.draftedAt, now)} by ${draft.draftedBy}; nobody gets it yet.`
            : 'There is no draft.'}
        </Prose>
      </p>
    </Answer>
  )
}

/** The text as it goes out now; null where the notifier has no SMS. */
async function smsOf({ api }: Visit, { notifier, locale, ours }: Copy): Promise<string | null> {
  if (!Object.hasOwn(ours.messages, 'sms')) return null
  return api.text(pathOf(`/v1/notifiers/${encodeURIComponent(notifier)}/preview`, { format: 'sms', locale }))
}
