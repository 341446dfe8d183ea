// The path of a notification: its source, this service, each provider that was tried, and the mailbox.
import { titleOf } from '../../providers/index.ts'
import { Icon, type IconName } from '../kit/icons.tsx'
import type { Tone } from '../kit/parts.tsx'
import type { NotificationAudit } from '../kit/shown.ts'
import { outcomeLook } from '../kit/states.tsx'
import { clockTime } from '../kit/times.ts'

interface Leg {
  key: string
  tone: Tone
  icon: IconName
  name: string
  text: string
  /** It went no further from here. */
  isRefused?: boolean
}

/** The latest legs: a message that was tried in many rounds has many. */
const attemptsShown = 4

export function Route({ n }: { n: NotificationAudit }) {
  return (
    <section className="panel" aria-label="The way it went">
      <ol className="route">
        {legsOf(n).map(({ key, tone, icon, name, text, isRefused }) => (
          <li key={key} className={isRefused ? 'no' : undefined}>
            <span className={`dot tone-${tone}`}>
              <Icon name={icon} />
            </span>
            <b>{name}</b>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function legsOf(n: NotificationAudit): Leg[] {
  const left = n.attemptCount - n.attempts.slice(-attemptsShown).length
  return [
    { key: 'source', tone: 'good', icon: 'event', name: n.source, text: `reported ${n.eventType}` },
    { key: 'planned', tone: 'good', icon: 'check', name: 'Posthorn', text: `planned ${clockTime(n.createdAt)}` },
    ...(left > 0
      ? [
          {
            key: 'more',
            tone: 'still',
            icon: 'dots',
            name: `${left} earlier`,
            text: 'attempts',
            isRefused: true,
          } as const,
        ]
      : []),
    ...n.attempts.slice(-attemptsShown).map(
      (attempt): Leg => ({
        key: String(attempt.number),
        ...outcomeLook(attempt.outcome),
        name: titleOf(attempt.provider),
        text: `${attempt.outcome ?? 'being called'} ${clockTime(attempt.startedAt)}`,
        isRefused: attempt.outcome !== 'accepted',
      }),
    ),
    ...destinationOf(n),
  ]
}

function destinationOf(n: NotificationAudit): Leg[] {
  const name = n.channel === 'email' ? (n.to?.split('@')[1] ?? 'mailbox') : n.channel === 'sms' ? 'phone' : 'app'
  if (n.state === 'delivered')
    return [
      {
        key: 'mailbox',
        tone: 'good',
        icon: 'checks',
        name,
        text: `delivered ${n.deliveredAt ? clockTime(n.deliveredAt) : ''}`,
      },
      ...(n.openedAt
        ? [
            {
              key: 'opened',
              tone: 'good',
              icon: 'eye',
              name: 'customer',
              text: `opened ${clockTime(n.openedAt)}`,
            } as const,
          ]
        : []),
    ]
  if (n.state === 'undelivered') return [{ key: 'mailbox', tone: 'bad', icon: 'back', ...notReached(n, name) }]
  return []
}

/** Who did not pass it on, as far as the report says it. */
function notReached({ channel, reason }: NotificationAudit, name: string): Pick<Leg, 'name' | 'text'> {
  if (channel !== 'sms') return { name, text: 'sent it back' }
  const isStopped = reason?.cause === 'filtered' || reason?.cause === 'sender'
  return isStopped ? { name: 'carrier', text: 'did not take it' } : { name, text: 'not reached' }
}
