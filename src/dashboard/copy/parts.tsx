// What stands around the form of a draft: the previews side by side, publishing and reverting, variables and versions.
import { pathOf } from '../../http/dashboard/own-api.ts'
import type { Visit } from '../../http/dashboard/page.ts'
import { count, Facts, Field, Panel, PostForm } from '../kit/parts.tsx'
import { Prose } from '../kit/prose.tsx'
import type { Copy, CopyPlace } from '../kit/shown.ts'
import { SmsBubble } from '../kit/sms-bubble.tsx'
import { Table } from '../kit/table.tsx'
import { shortTime } from '../kit/times.ts'
import { labelOf } from './form.tsx'

/** On the page of the notifier: which version counts in each locale, and the way to each. */
export function Wordings({ name, places, mayAct }: { name: string; places: CopyPlace[]; mayAct: boolean }) {
  const here = `/dashboard/notifiers/${encodeURIComponent(name)}/copy`
  return (
    <Panel id="wording" title="Its wording, by locale">
      <Table
        keep
        heads={['Locale', 'What counts', 'Draft']}
        rows={places}
        row={({ locale, builtIn, version, hasDraft }) => (
          <tr key={locale}>
            <td>
              <a href={pathOf(here, { locale })}>{locale}</a>
            </td>
            <td>
              {version === null ? (builtIn ? 'the built-in wording' : 'the nearest locale') : `version ${version}`}
            </td>
            <td>{hasDraft ? 'waits' : 'none'}</td>
          </tr>
        )}
      />
      <div className="in">
        <form method="get" action={here} className="filters">
          <Field name="locale" id="f-wording" label="Another locale" required maxLength={35} placeholder="es-MX" />
          <div className="btns">
            <button className="btn" type="submit">
              {mayAct ? 'Change the wording' : 'Show the wording'}
            </button>
          </div>
        </form>
      </div>
    </Panel>
  )
}

/** `sms`: the text as it goes out now. */
export function Previews({ copy, sms }: { copy: Copy; sms: string | null }) {
  const { draft } = copy
  const isShown = draft !== null && draft.faults.length === 0
  return (
    <div className={isShown ? 'halves' : 'stack'}>
      <Preview copy={copy} title="As it goes out now" sms={sms} draft={false} />
      {isShown && <Preview copy={copy} title="With the draft" sms={draft.sms?.text ?? null} draft />}
    </div>
  )
}

interface PreviewProps {
  copy: Copy
  title: string
  sms: string | null
  draft: boolean
}

function Preview({ copy: { notifier, locale, ours }, title, sms, draft }: PreviewProps) {
  const email = `/dashboard/notifiers/${encodeURIComponent(notifier)}/email`
  return (
    <Panel id={draft ? 'with-draft' : 'now'} title={title}>
      {Object.hasOwn(ours.messages, 'subject') && (
        <iframe
          className="frame-mail"
          src={pathOf(email, { locale, draft: draft ? 'true' : undefined })}
          sandbox=""
          referrerPolicy="no-referrer"
          title={`${title}: the email, rendered with the sample, without scripts or remote content`}
        />
      )}
      {sms !== null && (
        <div className="in">
          <SmsBubble text={sms} />
        </div>
      )}
    </Panel>
  )
}

export function Publish({ visit, copy }: { visit: Visit; copy: Copy }) {
  const { notifier, locale, draft, published, versions } = copy
  const here = `/dashboard/notifiers/${encodeURIComponent(notifier)}/copy`
  const before = versions.find(({ state }) => state === 'replaced')
  const faults = draft?.faults.length ?? 0
  if (!draft && !published) return null
  return (
    <Panel id="publish" title="Publish or revert">
      {draft && (
        <PostForm visit={visit} action={`${here}/publish`} className="in">
          <input type="hidden" name="locale" value={locale} />
          <input type="hidden" name="revision" value={draft.revision} />
          <p className="quiet measure">
            {faults > 0
              ? `The draft has ${count(faults, 'fault')} and cannot be published before they are fixed.`
              : 'The draft is published as it is saved and shown above. It counts from the next event on; messages that exist keep their wording.'}
          </p>
          {faults === 0 && (
            <div className="btns">
              <button className="btn main" type="submit">
                Publish the draft
              </button>
            </div>
          )}
        </PostForm>
      )}
      {published && (
        <PostForm visit={visit} action={`${here}/revert`} className="in">
          <input type="hidden" name="locale" value={locale} />
          <input type="hidden" name="version" value={published.version} />
          <p className="quiet measure">
            {before
              ? `Without version ${published.version}, version ${before.version} counts again.`
              : `Without version ${published.version}, no version counts for ${locale} itself.`}
          </p>
          <div className="btns">
            <button className="btn danger" type="submit">
              Revert version {published.version}
            </button>
          </div>
        </PostForm>
      )}
    </Panel>
  )
}

export function Variables({ copy: { variables } }: { copy: Copy }) {
  return (
    <Panel id="variables" title="Variables, with the sample’s values">
      <div className="in">
        <Facts rows={variables.map(({ name, example }) => [`{${name}}`, example ?? 'not in the sample'])} />
      </div>
    </Panel>
  )
}

export function History({ copy: { versions }, now }: { copy: Copy; now: Date }) {
  return (
    <Panel id="versions" title="Versions">
      <Table
        heads={['Version', 'Published', 'What it changes']}
        rows={versions}
        empty="None was published so far: save a draft, look at it, then publish it."
        row={(one) => (
          <tr key={one.version}>
            <td className="top1">
              <b className="lead">Version {one.version}</b>
              <span className="sub">{one.state}</span>
            </td>
            <td data-k="Published">
              <span>
                {shortTime(one.publishedAt, now)}
                <span className="sub">
                  <Prose>{`by ${one.publishedBy}`}</Prose>
                </span>
                {one.revertedBy && (
                  <span className="sub">
                    <Prose>{`reverted by ${one.revertedBy}`}</Prose>
                  </span>
                )}
              </span>
            </td>
            <td data-k="Changes">{Object.keys(one.messages).map(labelOf).join(', ') || 'nothing'}</td>
          </tr>
        )}
      />
    </Panel>
  )
}
