// The page behind a message's unsubscribe link. Opening it changes nothing, as link scanners open it too; its buttons post
// forms to the same URL.
import type { ReactNode } from 'react'
import type { PersonalChannel } from '../../domain/notification.ts'
import type { Preferences } from '../../store/people/preferences.ts'
import type { PageWords } from '../words/page-words.ts'
import { drawnOnce } from './drawn-once.ts'
import { Answer, Flash, Page, renderPage } from './page.tsx'

interface Surroundings {
  words: PageWords
  brand: { name: string; address: string | null }
  sheet: string
}

interface Asked extends Surroundings {
  channel: PersonalChannel
  /** Masked: another person may see the page. */
  to: string
  /** The current setting of each channel that they can choose here. */
  chosen: Partial<Preferences>
  done: keyof PageWords['done'] | null
}

export function unsubscribePage(asked: Asked): string {
  const { words, brand, channel, to, chosen, done } = asked
  const isIn = chosen[channel] ?? true
  const { title, answer, act } = isIn ? words.leave : words.left
  return renderPage(
    <Framed {...asked} title={title}>
      {done && <Flash>{words.done[done]}</Flash>}
      <form className="panel" method="post">
        <div className="in">
          <h1>{title}</h1>
          <Answer tone={isIn ? 'move' : 'good'} icon={isIn ? 'mail' : 'check'}>
            <p>{answer[channel](brand.name, to)}</p>
            <p>{words.unaffected}</p>
          </Answer>
          <button
            type="submit"
            className={isIn ? 'btn main wide' : 'btn wide'}
            name="do"
            value={isIn ? 'leave' : 'return'}
          >
            {act}
          </button>
        </div>
      </form>
      <Choices {...asked} />
    </Framed>,
  )
}

function Choices({ words, chosen }: Asked) {
  const { title, legend, act } = words.choices
  return (
    <form className="panel" method="post" id="preferences" aria-labelledby="choices">
      <div className="in">
        <h2 id="choices">{title}</h2>
        <fieldset className="choices">
          <legend className="quiet">{legend}</legend>
          {(['email', 'sms'] as const).map(
            (channel) =>
              channel in chosen && (
                <label className="choice" key={channel}>
                  <input type="checkbox" name={channel} defaultChecked={chosen[channel]} />
                  <span>{words.choices[channel]}</span>
                </label>
              ),
          )}
        </fieldset>
        <button type="submit" className="btn wide" name="do" value="choose">
          {act}
        </button>
      </div>
    </form>
  )
}

const drawn = drawnOnce()

/** The page for a link that is incomplete, or was not made here. */
export function brokenLinkPage(surroundings: Surroundings): string {
  return drawn(keyOf('broken', surroundings), {}, () => problemPage(surroundings, surroundings.words.broken, null))
}

/** The page for any other failure; the log has the details under the request's id. */
export function failedPage(surroundings: Surroundings, requestId: string): string {
  return drawn(keyOf('failed', surroundings), { requestId }, (own) =>
    problemPage(surroundings, surroundings.words.failed, own.requestId),
  )
}

function keyOf(kind: string, { words, brand: { name, address }, sheet }: Surroundings): string {
  return JSON.stringify([kind, words.lang, name, address, sheet])
}

function problemPage(surroundings: Surroundings, texts: PageWords['broken'], requestId: string | null): string {
  return renderPage(
    <Framed {...surroundings} title={texts.title}>
      <section className="panel">
        <div className="in">
          <h1>{texts.title}</h1>
          <Answer tone="ask" icon="warn">
            <p>{texts.answer}</p>
            <p>{texts.advice}</p>
          </Answer>
          {requestId && (
            <p className="faint small">
              <code>{requestId}</code>
            </p>
          )}
        </div>
      </section>
    </Framed>,
  )
}

function Framed({ words, brand, sheet, title, children }: Surroundings & { title: string; children: ReactNode }) {
  const { lang, dir } = words
  return <Page {...{ lang, dir, title, sheet, children }} brand={brand.name} foot={brand.address} />
}
