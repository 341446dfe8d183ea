// The form of a draft: one field a message, with the built-in text and what the check says about it.
import { catalogs } from '../../../emails/_parts/words.ts'
import type { DataFault } from '../../domain/event.ts'
import type { ApiRefusal } from '../../http/dashboard/own-api.ts'
import type { Visit } from '../../http/dashboard/page.ts'
import { Icon } from '../kit/icons.tsx'
import { Panel, PostForm } from '../kit/parts.tsx'
import { Prose } from '../kit/prose.tsx'
import type { Copy } from '../kit/shown.ts'

const labels: Record<string, string> = {
  subject: 'Subject',
  preheader: 'Preview text',
  heading: 'Heading',
  body: 'Body',
  action: 'Button',
  because: 'Why they get it',
  sms: 'SMS',
}

/** What the part of a message with this key is called. */
export function labelOf(key: string): string {
  return labels[key] ?? key
}

/** A draft that the API did not take. */
export interface RefusedDraft {
  messages: Record<string, string>
  problem: ApiRefusal['problem']
}

interface FormProps {
  visit: Visit
  copy: Copy
  refused: RefusedDraft | null
}

export function DraftForm({ visit, copy, refused }: FormProps) {
  const { notifier, locale, ours, draft, published } = copy
  const messages = refused?.messages ?? draft?.messages ?? published?.messages ?? {}
  const faults = refused ? (refused.problem.errors ?? []) : (draft?.faults ?? [])
  // A conflict: what somebody else saved meanwhile stands beside what was typed.
  const saved = refused?.problem.code === 'conflict' ? draft?.messages : undefined
  const isChanged = (key: string) => Object.hasOwn(messages, key) || faultsOf(faults, key).length > 0
  const [own, shared] = [false, true].map((isShared) =>
    Object.keys(ours.messages).filter((key) => Object.hasOwn(catalogs.en?.common ?? {}, key) === isShared),
  ) as [string[], string[]]
  const field = (key: string) => (
    <MessageField
      key={key}
      name={key}
      locale={locale}
      text={messages[key] ?? ''}
      builtIn={ours.messages[key] ?? ''}
      saved={saved && saved[key] !== messages[key] ? (saved[key] ?? 'nothing') : null}
      faults={faultsOf(faults, key)}
    />
  )
  const others = faults.filter(({ path }) => !Object.hasOwn(ours.messages, path.replace(/^messages\./, '')))
  return (
    <Panel id="draft" title={draft ? 'Edit the draft' : 'Write a draft'}>
      <PostForm visit={visit} action={`/dashboard/notifiers/${encodeURIComponent(notifier)}/copy`} className="in">
        <input type="hidden" name="locale" value={locale} />
        <input type="hidden" name="revision" value={draft?.revision ?? ''} />
        <p className="quiet measure">
          A field that is left empty keeps the text of the nearest wording. Variables stand in braces; a tag such as{' '}
          <code>{'<b>'}</code> only where the built-in text has it.
        </p>
        {others.length > 0 && (
          <ul>
            {others.map(({ path, message }) => (
              <li key={path}>
                <code>{path}</code> <Prose>{message}</Prose>
              </li>
            ))}
          </ul>
        )}
        {own.map(field)}
        <details open={shared.some(isChanged)}>
          <summary>
            Labels, payment methods and reasons
            <span className="aside">for this notifier alone</span>
          </summary>
          <div className="stack tight">{shared.map(field)}</div>
        </details>
        <div className="btns">
          <button className="btn main" type="submit">
            Save the draft
          </button>
        </div>
      </PostForm>
    </Panel>
  )
}

function faultsOf(faults: DataFault[], key: string): string[] {
  return faults.filter(({ path }) => path === `messages.${key}`).map(({ message }) => message)
}

interface MessageProps {
  /** Its key. */
  name: string
  locale: string
  text: string
  builtIn: string
  /** What the saved draft has in its place, where somebody else saved it meanwhile. */
  saved: string | null
  faults: string[]
}

function MessageField({ name, locale, text, builtIn, saved, faults }: MessageProps) {
  const id = `m-${name}`
  return (
    <div className="field">
      <label htmlFor={id}>{labelOf(name)}</label>
      <textarea
        id={id}
        name={`messages.${name}`}
        lang={locale}
        dir="auto"
        rows={2}
        defaultValue={text}
        aria-invalid={faults.length > 0 || undefined}
        aria-describedby={`${id}-h${faults.length > 0 ? ` ${id}-f` : ''}`}
      />
      {faults.length > 0 && (
        <div id={`${id}-f`}>
          {faults.map((fault) => (
            <span className="fault" key={fault}>
              <Icon name="cross" />
              <span>
                <Prose>{`It ${fault}.`}</Prose>
              </span>
            </span>
          ))}
        </div>
      )}
      {saved !== null && <span className="hint">Saved by somebody else: {saved}</span>}
      <span className="hint" id={`${id}-h`}>
        Built-in: <bdi>{builtIn}</bdi>
      </span>
    </div>
  )
}
