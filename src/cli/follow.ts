// Follows a notification to its end, and prints each entry of its timeline as it comes.
import { setTimeout as wait } from 'node:timers/promises'
import type { Schemas } from '../../clients/typescript/index.ts'
import { timelineLine } from './notifications.ts'
import { type Failure, isFailure } from './output.ts'
import { ask, type RunningService } from './running.ts'

const asksEveryMs = 100
/** No receipt follows these. */
const final = ['delivered', 'undelivered', 'failed', 'suppressed', 'expired', 'cancelled', 'digested']

interface Following {
  /** How long to wait for an end; a message that was sent may get no receipt. */
  withinMs: number
  /** Whether the provider has receipts to wait for. */
  isEnd?: (audit: Schemas['NotificationAudit']) => boolean
  print(line: string): void
}

/** The notification at its end, or as it was when the time was over. */
export async function follow(
  service: RunningService,
  id: string,
  { withinMs, isEnd = () => false, print }: Following,
): Promise<Schemas['NotificationAudit'] | Failure> {
  const until = performance.now() + withinMs
  for (let printed = 0; ; ) {
    const answer = await ask(service, (api) => api.GET('/v1/notifications/{id}', { params: { path: { id } } }))
    if (isFailure(answer)) return answer
    const { body } = answer
    // What comes next stands last until it has happened.
    const happened = body.timeline.filter(({ code }) => code !== 'next')
    for (const entry of happened.slice(printed)) print(timelineLine(entry))
    printed = happened.length
    if (final.includes(body.state) || isEnd(body) || performance.now() >= until) return body
    await wait(asksEveryMs)
  }
}

/** The event's notifications once it is planned; what is wrong if that takes too long. */
export async function planned(
  service: RunningService,
  eventId: string,
  withinMs: number,
): Promise<Schemas['EventAudit'] | Failure> {
  const until = performance.now() + withinMs
  for (;;) {
    const answer = await ask(service, (api) => api.GET('/v1/events/{id}', { params: { path: { id: eventId } } }))
    if (isFailure(answer)) return answer
    const { status, reason } = answer.body
    if (status === 'planned') return answer.body
    if (status !== 'accepted') return { text: `The event is ${status}: ${reason?.text ?? 'no reason is known'}` }
    if (performance.now() >= until) return { text: 'The event was not planned in time: does a worker run?' }
    await wait(asksEveryMs)
  }
}
