// The messages of the calls that a batch of deliveries is about to make.
import { type MessagesRead, messagesOf, type ToSend } from '../store/attempts/rows.ts'
import type { Tx } from '../store/db.ts'
import { isCall, type LargeStep, type Opened, type Step } from './opened.ts'

export interface ToOpen {
  notificationId: string
  now: Date
  /** The provider of whose rate the caller holds a token. */
  token: string | null
  /** Whether the caller has the memory for a large message. */
  mayBeLarge: boolean
}

/** Rolls a batch back that would hold large messages: which are, is known once it is decided which are to be read. */
export class LargeMessages extends Error {
  readonly found: Map<string, LargeStep>
  constructor(found: Map<string, LargeStep>) {
    super('large messages')
    this.found = found
  }
}

/** What was decided for each of these, in order. */
export interface Decided {
  items: ToOpen[]
  rows: Map<string, ToSend>
  steps: Step[]
}

const idsOf = (items: ToOpen[]) => items.map(({ notificationId }) => notificationId)

/** Reads the messages, but the large ones only where there is memory for them. */
export function readMessages(tx: Tx, items: ToOpen[]): Promise<MessagesRead> {
  return messagesOf(tx, idsOf(items), idsOf(items.filter(({ mayBeLarge }) => mayBeLarge)))
}

export function calledOf({ items, steps }: Decided): ToOpen[] {
  return items.filter((_, i) => steps[i] && isCall(steps[i]))
}

/** Gives each call its message. Throws `LargeMessages` where some were not read. */
export function withMessages(decided: Decided, { messages, large }: MessagesRead): Opened[] {
  const { items, rows, steps } = decided
  const tooLarge = calledOf(decided).flatMap(({ notificationId: id }): [string, number][] => {
    const bytes = large.get(id)
    return bytes === undefined ? [] : [[id, bytes]]
  })
  if (tooLarge.length > 0) throw new LargeMessages(largeSteps(rows, new Map(tooLarge)))
  return steps.map((step, i) => {
    if (!isCall(step)) return step
    const message = messages.get(items[i]?.notificationId ?? '')
    if (!message) throw new Error('the notification to send has no message')
    return { ...step, message }
  })
}

function largeSteps(rows: Map<string, ToSend>, large: Map<string, number>): Map<string, LargeStep> {
  return new Map(
    [...large].flatMap(([id, bytes]) => {
      const n = rows.get(id)
      return n ? [[id, { kind: 'large', bytes, channel: n.channel, priority: n.priority, attempted: n.attempted }]] : []
    }),
  )
}
