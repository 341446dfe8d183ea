// The page of a notification: what became of it, how, what exactly was sent, what is next, and what can be done.
import { pathOf } from '../../http/dashboard/own-api.ts'
import type { PageAnswer, Visit } from '../../http/dashboard/page.ts'
import { titleOf as providerTitle } from '../../providers/index.ts'
import { nameOf } from '../../show/provider.ts'
import { framed } from '../kit/frame.tsx'
import { Icon } from '../kit/icons.tsx'
import { headingOf } from '../kit/notification-table.tsx'
import { Answer, Badge, Facts, Panel, PostForm, Time } from '../kit/parts.tsx'
import { Prose } from '../kit/prose.tsx'
import { channelText } from '../kit/provider-looks.tsx'
import type { NotificationAudit } from '../kit/shown.ts'
import { StateBadge, stateLooks } from '../kit/states.tsx'
import { dateOf, shortTime } from '../kit/times.ts'
import { ActsPanel } from './acts.tsx'
import { answerFor } from './answer.ts'
import { AttemptsPanel } from './attempts-panel.tsx'
import { MessagePanel } from './message-panel.tsx'
import { nextText } from './next.ts'
import { Route } from './route-strip.tsx'
import { Say } from './say.tsx'
import { Timeline } from './timeline.tsx'

interface Shown {
  visit: Visit
  n: NotificationAudit
  now: Date
  /** A viewer has asked to see the addresses, which the API has recorded. */
  isRevealed: boolean
}

/** `isRevealed`: the API records a viewer's look at what it masks otherwise. */
export async function notificationPage(visit: Visit, now: Date, isRevealed: boolean): Promise<PageAnswer> {
  const query = { include: 'message', reveal: isRevealed ? 'true' : undefined }
  const path = pathOf(`/v1/notifications/${encodeURIComponent(visit.params.id ?? '')}`, query)
  const n = await visit.api.get<NotificationAudit>(path)
  return { kind: 'page', html: page({ visit, n, now, isRevealed }) }
}

function page(shown: Shown): string {
  const { visit, n, now, isRevealed } = shown
  const { first, more } = answerFor(n, now)
  const title = headingOf(n)
  return framed({
    visit,
    title,
    section: 'notifications',
    children: (
      <>
        <div className="head">
          <div>
            <p className="crumb">
              {n.reference && (
                <>
                  <a href={pathOf('/dashboard/search', { q: n.reference })}>{n.reference}</a> /{' '}
                </>
              )}
              <a href={`/dashboard/events/${n.eventId}`}>{n.eventType}</a> / {channelText(n.channel)}
            </p>
            <h1>{title}</h1>
            <p className="badges">
              <StateBadge state={n.state} />
              {n.openedAt && (
                <Badge tone="good" icon="eye">
                  opened
                </Badge>
              )}
              <span className="quiet">to {n.to ?? 'no address'}</span>
            </p>
          </div>
          <a className="btn narrow" href="#do">
            What you can do
          </a>
        </div>
        <Answer {...stateLooks[n.state]}>
          <p>
            <strong>{first}</strong> <Prose>{more}</Prose>
          </p>
          <p>{nextText(n, now)}</p>
        </Answer>
        <Route n={n} />
        <div className="cols">
          <div>
            <Say n={n} now={now} />
            <Timeline notification={n} day={dateOf(n.createdAt)} now={now} />
            <AttemptsPanel of={n} now={now} />
            <MessagePanel visit={visit} n={n} isRevealed={isRevealed} />
          </div>
          <aside className="stack" aria-label="Facts and acts">
            <FactsPanel {...shown} />
            <WhyPanel n={n} />
            <ActsPanel visit={visit} n={n} />
          </aside>
        </div>
      </>
    ),
  })
}

/** An address that needs a second line breaks after its @. */
function Address({ to }: { to: string }) {
  const at = to.lastIndexOf('@') + 1
  return (
    <>
      {to.slice(0, at)}
      {at > 0 && <wbr />}
      {to.slice(at)}
    </>
  )
}

function FactsPanel({ visit, n, now, isRevealed }: Shown) {
  const time = (at: string | null) => at && <Time at={at}>{shortTime(at, now)}</Time>
  return (
    <Panel id="facts" title="Facts">
      <div className="in">
        <Facts
          rows={[
            ['About', n.reference && <a href={pathOf('/dashboard/search', { q: n.reference })}>{n.reference}</a>],
            ['To', n.to && <Address key="to" to={n.to} />],
            [
              'Customer',
              n.recipientId && <a href={pathOf('/dashboard/search', { q: n.recipientId })}>{n.recipientId}</a>,
            ],
            ['Notifier', n.notifier],
            ['Category', n.category],
            ['Priority', n.priority],
            ['Provider', n.provider && providerTitle(n.provider)],
            ['Its id there', n.providerMessageId && <span className="mono">{n.providerMessageId}</span>],
            ['Language', n.words && languageOf(n.words.locale)],
            ['Wording', n.words && wordingOf(n.words)],
            ['Created', time(n.createdAt)],
            ['Scheduled', time(n.scheduledFor)],
            ['Sent', time(n.sentAt)],
            ['Delivered', time(n.deliveredAt)],
            ['Opened', time(n.openedAt)],
            ['Clicked', time(n.clickedAt)],
            ['Expires', time(n.expiresAt)],
            [
              'Id',
              <span key="id" className="mono">
                {n.id}
              </span>,
            ],
          ]}
        />
        {!visit.mayAct && !isRevealed && (
          <>
            <PostForm visit={visit} action={`/dashboard/notifications/${n.id}/reveal`}>
              <button className="btn wide" type="submit">
                <Icon name="eye" />
                Show addresses and message
              </button>
            </PostForm>
            <p className="faint small">It is recorded that you asked.</p>
          </>
        )}
        {isRevealed && !visit.mayAct && (
          <p className="faint small">Addresses are shown. This was recorded with your name.</p>
        )}
      </div>
    </Panel>
  )
}

const languages = new Intl.DisplayNames('en', { type: 'language' })

/** `Mexican Spanish`; the source names it as the recipient's `locale`. */
function languageOf(locale: string): string {
  return languages.of(locale) ?? locale
}

function wordingOf({ locale, version }: NonNullable<NotificationAudit['words']>): string {
  return version === null ? `${locale}, built in` : `${locale}, version ${version}`
}

function WhyPanel({ n }: { n: NotificationAudit }) {
  const last = n.attempts.at(-1)
  if (!last) return null
  return (
    <Panel id="why" title={`Why ${nameOf(last.provider)}`}>
      <div className="in">
        <p className="small quiet">
          <Prose>{last.why}</Prose>
        </p>
      </div>
    </Panel>
  )
}
