// What happens next with a notification, and when; or what a person does about it.
import { stopsOf } from '../../notifiers/index.ts'
import { whatToDo } from '../../show/what-to-do.ts'
import type { NotificationAudit } from '../kit/shown.ts'
import { atTime, distance } from '../kit/times.ts'
import { openCall } from './timeline.tsx'

/** The timeline ends with what is next, if anything is. */
export function nextText(n: NotificationAudit, now: Date): string {
  const { timeline, attempts } = n
  const last = timeline.at(-1)
  const open = openCall(attempts)
  if (open) return `${open} Its answer decides what follows.`
  if (last?.code !== 'next') return [timesText(n), whatToDo(n)].filter(Boolean).join(' ')
  return [`${last.what} That is ${distance(last.at, now)}, ${atTime(last.at, now)}.`, stopText(n), pausedText(n)]
    .filter(Boolean)
    .join(' ')
}

/** What keeps it from being sent after all. */
function stopText({ state, notifier, reference }: NotificationAudit): string {
  const types = state === 'scheduled' && reference !== null ? stopsOf(notifier) : []
  return types.length > 0 ? `It is not sent if ${types.join(' or ')} about ${reference} comes first.` : ''
}

/** A pause is ended by nobody but a person. */
function pausedText({ reason }: NotificationAudit): string {
  const isPaused = reason?.code === 'providers_unavailable' && reason.cause === 'paused'
  return isPaused ? 'It waits until the provider is resumed, under Providers.' : ''
}

/** Answers "he got it twice?" where one message was sent again: by a replay with force, a retry, or after an unknown outcome. */
function timesText({ attempts }: NotificationAudit): string {
  const times = attempts.filter(({ outcome }) => outcome === 'accepted').length
  return times > 1 ? `It left ${times} times; the timeline says why.` : ''
}
