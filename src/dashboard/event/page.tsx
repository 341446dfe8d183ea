// The page of an event: what came of it, why the rest did not, what it emits later, and its raw body.
import { pathOf } from '../../http/dashboard/own-api.ts'
import type { PageAnswer, Visit } from '../../http/dashboard/page.ts'
import { framed } from '../kit/frame.tsx'
import { Icon } from '../kit/icons.tsx'
import { Answer, Facts, Panel, PostForm, Time } from '../kit/parts.tsx'
import { Prose } from '../kit/prose.tsx'
import type { EventAudit } from '../kit/shown.ts'
import { StatusBadge } from '../kit/states.tsx'
import { shortTime } from '../kit/times.ts'
import { answerFor } from './answer.ts'
import { Made, Omissions, Timers } from './parts.tsx'

interface Shown {
  visit: Visit
  event: EventAudit
  now: Date
  isRevealed: boolean
}

/** `isRevealed`: the API records a viewer's look at what it masks otherwise. */
/** Characters. A body may have megabytes, which a browser would take long to lay out. */
const bodyShown = 20_000

export async function eventPage(visit: Visit, now: Date, isRevealed: boolean): Promise<PageAnswer> {
  const path = `/v1/events/${encodeURIComponent(visit.params.id ?? '')}`
  const event = await visit.api.get<EventAudit>(
    pathOf(path, { reveal: isRevealed ? 'true' : undefined, bodyLimit: String(bodyShown) }),
  )
  return { kind: 'page', html: page({ visit, event, now, isRevealed }) }
}

function page(shown: Shown): string {
  const { visit, event, now, isRevealed } = shown
  const { tone, icon, first, more } = answerFor(event)
  return framed({
    visit,
    title: event.type,
    section: 'events',
    children: (
      <>
        <div className="head">
          <div>
            <p className="crumb">
              {event.reference ? (
                <a href={pathOf('/dashboard/search', { q: event.reference })}>{event.reference}</a>
              ) : (
                'no reference'
              )}{' '}
              / from {event.source}
            </p>
            <h1>{event.type}</h1>
            <p className="badges">
              <StatusBadge status={event.status} />
              {event.livemode === false && <span className="quiet">a test event</span>}
            </p>
          </div>
        </div>
        <Answer tone={tone} icon={icon}>
          <p>
            <strong>{first}</strong>
          </p>
          <p>
            <Prose>{more}</Prose>
          </p>
        </Answer>
        <div className="cols">
          <div>
            <Made event={event} now={now} />
            {event.omitted > 0 && <Omissions event={event} />}
            {event.timers.length > 0 && <Timers event={event} now={now} />}
            <Panel id="body" title="What the source sent">
              <div className="in">
                {event.body === null ? (
                  <p className="quiet">{event.bodyReason?.text}</p>
                ) : (
                  <>
                    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
                    <pre className="code" tabIndex={0}>
                      {readable(event.body)}
                    </pre>
                    {event.bodyIsCut && (
                      <p className="quiet small">
                        This is the beginning, {bodyShown.toLocaleString('en')} characters. The API gives the whole:{' '}
                        <code>GET /v1/events/{event.id}</code>.
                      </p>
                    )}
                  </>
                )}
              </div>
            </Panel>
          </div>
          <aside className="stack" aria-label="Facts and acts">
            <FactsPanel visit={visit} event={event} now={now} isRevealed={isRevealed} />
            <Replay visit={visit} event={event} />
          </aside>
        </div>
      </>
    ),
  })
}

function FactsPanel({ visit, event, now, isRevealed }: Shown) {
  return (
    <Panel id="facts" title="Facts">
      <div className="in">
        <Facts
          rows={[
            ['Type', event.type],
            ['Its name there', event.sourceType === event.type ? null : event.sourceType],
            ['Source', event.source],
            [
              'Its id there',
              <span key="source" className="mono">
                {event.sourceId}
              </span>,
            ],
            [
              'Received',
              <Time key="at" at={event.receivedAt}>
                {shortTime(event.receivedAt, now)}
              </Time>,
            ],
            [
              'Id',
              <span key="id" className="mono">
                {event.id}
              </span>,
            ],
          ]}
        />
        {!visit.mayAct && !isRevealed && (
          <>
            <PostForm visit={visit} action={`/dashboard/events/${event.id}/reveal`}>
              <button className="btn wide" type="submit">
                <Icon name="eye" />
                Show addresses
              </button>
            </PostForm>
            <p className="faint small">It is recorded that you asked.</p>
          </>
        )}
      </div>
    </Panel>
  )
}

function Replay({ visit, event: { id } }: Pick<Shown, 'visit' | 'event'>) {
  return (
    <Panel id="do" title="Replay it">
      <div className="in">
        <p className="small quiet">
          It is read and planned again, as it is understood now. What was already sent is not sent again; with force it
          is, as a second copy. First you see what would be sent.
        </p>
        {visit.mayAct ? (
          <div className="btns">
            <a className="btn" href={`/dashboard/events/${id}/replay`}>
              Replay it…
            </a>
            <a className="btn danger" href={`/dashboard/events/${id}/replay?force=true`}>
              Replay with force…
            </a>
          </div>
        ) : (
          <p className="small quiet">A viewer’s key can only read. Sign in with an operator’s key to replay it.</p>
        )}
      </div>
    </Panel>
  )
}

/** JSON is indented; anything else is shown as it came. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
