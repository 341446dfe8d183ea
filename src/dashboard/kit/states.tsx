// How states, outcomes and statuses look: a tone, an icon and always the same word.
import type { IconName } from './icons.tsx'
import { Badge, type Tone } from './parts.tsx'
import type { Attempt, Event, Notification } from './shown.ts'

interface Look {
  tone: Tone
  icon: IconName
}

export const stateLooks: Record<Notification['state'], Look> = {
  scheduled: { tone: 'still', icon: 'clock' },
  pending: { tone: 'move', icon: 'dots' },
  sending: { tone: 'move', icon: 'arrow' },
  sent: { tone: 'move', icon: 'check' },
  delivered: { tone: 'good', icon: 'checks' },
  undelivered: { tone: 'bad', icon: 'back' },
  unconfirmed: { tone: 'ask', icon: 'ask' },
  failed: { tone: 'bad', icon: 'cross' },
  suppressed: { tone: 'still', icon: 'shield' },
  expired: { tone: 'still', icon: 'glass' },
  cancelled: { tone: 'still', icon: 'slash' },
  digested: { tone: 'still', icon: 'merge' },
}

const outcomeLooks: Record<NonNullable<Attempt['outcome']>, Look> = {
  accepted: { tone: 'good', icon: 'check' },
  rejected: { tone: 'bad', icon: 'cross' },
  deferred: { tone: 'ask', icon: 'later' },
  unknown: { tone: 'ask', icon: 'ask' },
}

export const statusLooks: Record<Event['status'], Look> = {
  accepted: { tone: 'move', icon: 'dots' },
  planned: { tone: 'good', icon: 'check' },
  ignored: { tone: 'still', icon: 'slash' },
  failed: { tone: 'bad', icon: 'cross' },
}

export function StateBadge({ state }: Pick<Notification, 'state'>) {
  return <Badge {...stateLooks[state]}>{state}</Badge>
}

export function outcomeLook(outcome: Attempt['outcome']): Look {
  return outcome ? outcomeLooks[outcome] : { tone: 'move', icon: 'arrow' }
}

export function OutcomeBadge({ outcome }: Pick<Attempt, 'outcome'>) {
  return <Badge {...outcomeLook(outcome)}>{outcome ?? 'open'}</Badge>
}

export function StatusBadge({ status }: Pick<Event, 'status'>) {
  return <Badge {...statusLooks[status]}>{status}</Badge>
}
