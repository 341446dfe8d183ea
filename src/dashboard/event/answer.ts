// What came of an event, in plain words.
import type { IconName } from '../kit/icons.tsx'
import { count, type Tone } from '../kit/parts.tsx'
import type { EventAudit } from '../kit/shown.ts'
import { summaryOf } from '../kit/summary.ts'

interface EventAnswer {
  tone: Tone
  icon: IconName
  first: string
  more: string
}

/** What came of an event, in one plain sentence, and what that means. */
export function answerFor({ status, reason, body, notifications, counts, stopped, omitted }: EventAudit): EventAnswer {
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0)
  const stops = stopped > 0 ? ` It stopped ${count(stopped, 'message')} of other events.` : ''
  const left =
    omitted > 0
      ? `${count(omitted, 'message')} that could be expected ${omitted === 1 ? 'was' : 'were'} not made; why is below.`
      : ''
  if (status === 'accepted')
    return {
      tone: 'move',
      icon: 'dots',
      first: 'It is stored and waits to be planned.',
      more: reason?.text ?? 'Nothing is lost meanwhile.',
    }
  if (status === 'failed')
    return { tone: 'bad', icon: 'cross', first: 'No message could be made of it.', more: reason?.text ?? '' }
  if (status === 'ignored')
    return {
      tone: 'still',
      icon: 'slash',
      first: 'Nobody was notified, on purpose.',
      more: `${reason?.text ?? ''}${stops}`,
    }
  if (total === 0 && body === null)
    return {
      tone: 'still',
      icon: 'slash',
      first: 'None of its messages is left.',
      more: `If it made any, they were removed at the end of their retention period (RETENTION_DAYS_AUDIT).${stops}`,
    }
  if (total === 0)
    return {
      tone: 'still',
      icon: 'check',
      first: 'No message came of it.',
      more: `${left || 'It only concerns other events.'}${stops}`,
    }
  if (total > notifications.length)
    return {
      tone: 'move',
      icon: 'check',
      first: `${count(total, 'message')}: ${Object.entries(counts)
        .map(([state, n]) => `${n} ${state}`)
        .join(', ')}.`,
      more: `The first ${notifications.length} are below. ${left}${stops}`,
    }
  const { tone, icon, first } = summaryOf(notifications, [])
  return { tone, icon, first, more: `${left || 'Every message that could be expected was made.'}${stops}` }
}
