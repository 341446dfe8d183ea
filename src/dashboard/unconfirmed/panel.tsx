// One message in doubt: what it says, what is known, and the choice.
import { pathOf } from '../../http/dashboard/own-api.ts'
import type { Visit } from '../../http/dashboard/page.ts'
import { Icon } from '../kit/icons.tsx'
import { headingOf } from '../kit/notification-table.tsx'
import { Facts, Panel, PostForm } from '../kit/parts.tsx'
import { Prose } from '../kit/prose.tsx'
import { SettleButtons } from '../kit/settle-buttons.tsx'
import type { NotificationAudit } from '../kit/shown.ts'
import { SmsBubble } from '../kit/sms-bubble.tsx'
import { StateBadge } from '../kit/states.tsx'
import { distance, shortTime } from '../kit/times.ts'
import { looksOf } from '../notification/timeline.tsx'

/** What bears on whether it went out. */
const telling = ['called', 'answered', 'looked_up', 'reported', 'next']

export function UnconfirmedPanel({ visit, n, now }: { visit: Visit; n: NotificationAudit; now: Date }) {
  const looks = looksOf(n)
  const known = n.timeline
    .map((entry, i) => ({ ...entry, icon: looks[i]?.icon }))
    .filter(({ code }) => telling.includes(code))
  const page = `/dashboard/notifications/${n.id}`
  return (
    <Panel id={`n-${n.id}`} title={<a href={page}>{headingOf(n)}</a>} aside={<StateBadge state={n.state} />}>
      <div className="in">
        <div className="halves">
          <div className="stack">
            <Facts
              rows={[
                ['To', n.to],
                ['About', n.reference && <a href={pathOf('/dashboard/search', { q: n.reference })}>{n.reference}</a>],
                ['Waiting', `made ${distance(n.createdAt, now)}, ${shortTime(n.createdAt, now)}`],
                ['Expires', n.expiresAt ? shortTime(n.expiresAt, now) : 'never'],
                ['Why', n.reason?.text],
              ]}
            />
            {n.channel === 'sms' && n.message && <SmsBubble text={n.message.text} />}
          </div>
          <div>
            <h3>What is known</h3>
            <ul className="known">
              {known.map(({ icon, at, what, detail }) => (
                <li key={at + what}>
                  {icon && <Icon name={icon} />}
                  <span>
                    <b>{shortTime(at, now)}</b> <Prose>{detail ? `${what} ${detail}` : what}</Prose>
                  </span>
                </li>
              ))}
            </ul>
          </div>
        </div>
      </div>
      {visit.mayAct && (
        <div className="in">
          <div className="btns">
            <SettleButtons visit={visit} page={page} />
            <PostForm visit={visit} action={`${page}/retry`} className="btns">
              <button className="btn danger" type="submit">
                Send it again
              </button>
            </PostForm>
          </div>
          <p className="faint small">
            Sent: it is marked so, with your name. Not sent: the next provider is tried, as after a refusal. Again: it
            may arrive twice.
          </p>
        </div>
      )}
    </Panel>
  )
}
