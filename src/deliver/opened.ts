// What opening an attempt comes to.
import type { PastAttempt } from '../domain/attempt.ts'
import type { AttemptCause } from '../domain/attempt-cause.ts'
import type { Priority } from '../domain/event.ts'
import type { Channel, Message, State } from '../domain/notification.ts'
import type { ToSend } from '../store/attempts/rows.ts'

export interface OpenAttempt {
  id: string
  number: number
  provider: string
  round: number
  cause: AttemptCause
  /** Whether it probes a provider whose circuit is open. */
  probe: boolean
  /** When it counts as abandoned. */
  dueAt: Date
}

/** What the call needs to know of the notification. */
export type Sending = Pick<ToSend, 'notifier' | 'generation' | 'eventId' | 'scheduledFor' | 'priority' | 'traceparent'>

export interface LargeStep {
  kind: 'large'
  bytes: number
  channel: Channel
  priority: Priority
  attempted: boolean
}

export type Opened =
  | { kind: 'skipped'; why: string }
  | { kind: 'moved'; state: State }
  /** The caller must wait for a token of the provider's rate, or claim its probe permit, and open again. */
  | { kind: 'throttled'; provider: string; probe: boolean; channel: Channel; priority: Priority; attempted: boolean }
  /** The caller must have memory for this many bytes of message, and open again. */
  | LargeStep
  | { kind: 'opened'; attempt: OpenAttempt; sending: Sending; message: Message }
  /** The caller must look up the attempt's message; for `lookUpTimeoutMs` no other worker will. */
  | { kind: 'look-up'; attempt: PastAttempt; sending: Sending; message: Message }

type OpenedCall = Extract<Opened, { message: Message }>
/** As `Opened`, before the message of a call is read: it may be large, and most of a busy batch may be throttled. */
export type Step = Exclude<Opened, OpenedCall> | WithoutMessage<OpenedCall>
type WithoutMessage<One> = One extends OpenedCall ? Omit<One, 'message'> : never

export function isCall<One extends { kind: string }>(step: One): step is Extract<One, { kind: 'opened' | 'look-up' }> {
  return step.kind === 'opened' || step.kind === 'look-up'
}
