// A notification's timeline in plain words; its last row is what happens next.
import { nameOf, sentence } from '../../show/provider.ts'
import type { IconName } from '../kit/icons.tsx'
import { Icon } from '../kit/icons.tsx'
import { Panel, Time, type Tone } from '../kit/parts.tsx'
import { Prose } from '../kit/prose.tsx'
import type { NotificationAudit } from '../kit/shown.ts'
import { outcomeLook } from '../kit/states.tsx'
import { atTime, clockTime, dateOf, dateText, shortTime } from '../kit/times.ts'

type AuditTrail = Pick<NotificationAudit, 'timeline' | 'attempts' | 'receipts'>
type Counted = AuditTrail & Pick<NotificationAudit, 'timelineCount'>
type Receipt = NotificationAudit['receipts'][number]

const looks: Record<string, { tone: Tone; icon: IconName }> = {
  created: { tone: 'still', icon: 'pen' },
  sandboxed: { tone: 'still', icon: 'shield' },
  called: { tone: 'move', icon: 'arrow' },
  next: { tone: 'still', icon: 'dots' },
  content_removed: { tone: 'still', icon: 'slash' },
  message_removed: { tone: 'still', icon: 'slash' },
  address_removed: { tone: 'still', icon: 'slash' },
  retry_requested: { tone: 'still', icon: 'person' },
  settled_by_person: { tone: 'still', icon: 'person' },
  cancelled: { tone: 'still', icon: 'slash' },
  replayed: { tone: 'still', icon: 'loop' },
  looked_up: { tone: 'ask', icon: 'search' },
}
const otherLook = { tone: 'still', icon: 'info' } as const

const badReceipts: Receipt['kind'][] = ['undelivered', 'not-sent', 'complained']

/** Answers look as the outcomes of the attempts that have ended, reports as the receipts; both stand in the order of time. */
export function looksOf({ timeline, attempts, receipts }: AuditTrail): { tone: Tone; icon: IconName }[] {
  const timeOf = ({ at, receivedAt }: Receipt) => Date.parse(at ?? receivedAt)
  const ended = attempts.filter(({ outcome }) => outcome).values()
  const reports = receipts.toSorted((a, b) => timeOf(a) - timeOf(b)).values()
  return timeline.map(({ code }) => {
    if (code === 'answered') return outcomeLook(ended.next().value?.outcome ?? null)
    if (code !== 'reported') return looks[code] ?? otherLook
    const kind = reports.next().value?.kind
    return kind && badReceipts.includes(kind) ? { tone: 'bad', icon: 'back' } : { tone: 'good', icon: 'checks' }
  })
}

/** What the answer to a call that is open is waited for by; null where none is open. */
export function openCall(attempts: AuditTrail['attempts']): string | null {
  const open = attempts.find(({ outcome }) => outcome === null)
  return open ? `The call to ${nameOf(open.provider)} is open.` : null
}

type Entry = AuditTrail['timeline'][number]

interface Run {
  entry: Entry
  i: number
  last: Entry
  times: number
}

/** The same report again and again is shown once: a mail filter may open a message hundreds of times. */
function runsOf(entries: Entry[]): Run[] {
  const runs: Run[] = []
  for (const [i, entry] of entries.entries()) {
    const run = runs.at(-1)
    if (run && entry.code === 'reported' && entry.what === run.entry.what && entry.detail === run.entry.detail) {
      run.last = entry
      run.times++
    } else runs.push({ entry, i, last: entry, times: 1 })
  }
  return runs
}

interface TimelineProps {
  notification: Counted
  /** `2026-11-21`; times of other days are written with their date. */
  day: string
  now: Date
}

export function Timeline({ notification, day, now }: TimelineProps) {
  const entries = notification.timeline
  const looked = looksOf(notification)
  const isNext = entries.at(-1)?.code === 'next'
  return (
    <Panel
      id="timeline"
      title="Timeline"
      aside={<span className="faint small">{dateText(`${day}T00:00:00Z`)}, UTC</span>}
    >
      <ol className="timeline">
        {runsOf(entries).map(({ entry, i, last, times }) => {
          const { tone, icon } = looked[i] ?? otherLook
          const time = (
            <Time at={entry.at}>{dateOf(entry.at) === day ? clockTime(entry.at) : shortTime(entry.at, now)}</Time>
          )
          const isToCome = entry.code === 'next'
          return (
            <li key={i}>
              {isToCome ? <span className="when">next</span> : time}
              <span className={`dot tone-${tone}`}>
                <Icon name={icon} />
              </span>
              <p className={isToCome ? 'what next' : 'what'}>
                <b>
                  <Prose>{entry.what}</Prose>
                </b>
                {isToCome && (
                  <>
                    {' '}
                    <Time at={entry.at}>{sentence(atTime(entry.at, now))}</Time>
                  </>
                )}
                {entry.detail && (
                  <span className="detail">
                    <Prose>{entry.detail}</Prose>
                  </span>
                )}
                {times > 1 && (
                  <span className="detail">
                    {times} times, the last {atTime(last.at, now)}.
                  </span>
                )}
              </p>
            </li>
          )
        })}
        {!isNext && (
          <li>
            <span className="when">next</span>
            <span className="dot tone-still">
              <Icon name="dots" />
            </span>
            <p className="what next">{openCall(notification.attempts) ?? 'Nothing is planned.'}</p>
          </li>
        )}
      </ol>
      {notification.timelineCount > entries.length && (
        <footer>
          The first and the latest entries, {entries.length} of {notification.timelineCount.toLocaleString('en-GB')}.
        </footer>
      )}
    </Panel>
  )
}
