// The audit of a recovered database: what was promised must be in it, and each row must fit the others and what an earlier prefix
// of the log had.
import { firstStates, moves, type State } from '../../src/domain/notification.ts'
import type { Claim } from './witness.ts'
import { type Lsn, shownLsn } from './write-ahead-log.ts'

export interface EventRow {
  /** The sender's id. */
  id: string
  status: string
  hasBody: boolean
  /** A job that waits or runs. */
  hasJob: boolean
  notifications: number
}

export interface AttemptRow {
  number: number
  provider: string
  outcome: string | null
  verdict: string | null
  ref: string | null
}

export interface NotificationRow {
  id: string
  address: string
  state: State
  generation: number
  hasMessage: boolean
  /** Perhaps one that has ended: a worker that takes long ends its job early, and the sweep finds the row if it dies. */
  hasJob: boolean
  /** By number. */
  attempts: AttemptRow[]
}

export interface Recovered {
  events: EventRow[]
  notifications: NotificationRow[]
}

/** How much there was to check, over all prefixes. */
export interface Checked {
  acknowledged: number
  calls: number
  /** Events that wait for their plan, and attempts that are open: what a loss of power interrupts. */
  unplanned: number
  open: number
}

export interface Audit {
  /** Takes the prefixes in ascending order; answers what is broken. */
  look(lsn: Lsn, recovered: Recovered): string[]
  checked: Checked
}

const perEvent = 2
const waiting = new Set<State>(['pending', 'scheduled'])
const unfinished = new Set<State>([...waiting, 'sending', 'unconfirmed'])
/** Each state with all that workers can make of it. To `pending` an end is moved by people only. */
const reachable = closureOf((state) => moves[state].filter((to) => unfinished.has(state) || to !== 'pending'))

/** The claims must be in ascending order. */
export function openAudit(claims: Claim[]): Audit {
  const checked: Checked = { acknowledged: 0, calls: 0, unplanned: 0, open: 0 }
  const events = new Set<string>()
  const notifications = new Map<string, NotificationRow>()
  return {
    checked,
    look(lsn, recovered) {
      const due = claims.slice(0, claims.findLastIndex((claim) => claim.lsn <= lsn) + 1)
      const faults = [
        ...promised(due, recovered),
        ...recovered.events.flatMap(eventFaults),
        ...recovered.notifications.flatMap((row) => [
          ...fenceFaults(row),
          ...moveFaults(notifications.get(row.id), row),
        ]),
        ...vanished(events, new Set(recovered.events.map(({ id }) => id)), 'event'),
        ...vanished(notifications.keys(), new Set(recovered.notifications.map(({ id }) => id)), 'notification'),
      ]
      for (const { id } of recovered.events) events.add(id)
      for (const row of recovered.notifications) notifications.set(row.id, row)
      checked.acknowledged += due.filter(({ kind }) => kind === 'acknowledged').length
      checked.calls += due.filter(({ kind }) => kind === 'called').length
      checked.unplanned += recovered.events.filter(({ status }) => status === 'accepted').length
      checked.open += recovered.notifications.filter(({ state }) => state === 'sending').length
      return faults.map((fault) => `power lost at ${shownLsn(lsn)}: ${fault}`)
    },
  }
}

/** A 200 implies the event, and a call the attempt that was opened for it. */
function promised(claims: Claim[], { events, notifications }: Recovered): string[] {
  const stored = new Set(events.map(({ id }) => id))
  const attempts = new Map<string, number>()
  for (const { address, attempts: all } of notifications)
    for (const { provider } of all) {
      const key = `${provider} ${address}`
      attempts.set(key, (attempts.get(key) ?? 0) + 1)
    }
  return claims.flatMap((claim) => {
    const at = shownLsn(claim.lsn)
    if (claim.kind === 'acknowledged')
      return stored.has(claim.id) ? [] : [`event ${claim.id} was answered 200 at ${at} and is missing`]
    const { vendor, address, calls } = claim
    const opened = attempts.get(`${vendor} ${address}`) ?? 0
    return opened >= calls
      ? []
      : [`${vendor} got call ${calls} for ${address} at ${at}, and ${opened} attempts are recorded`]
  })
}

function eventFaults({ id, status, hasBody, hasJob, notifications }: EventRow): string[] {
  return [
    ...(hasBody ? [] : [`event ${id} has no body`]),
    ...(status === 'accepted' && !hasJob ? [`event ${id} waits without a job`] : []),
    ...(status === 'accepted' || (status === 'planned' && notifications === perEvent)
      ? []
      : [`event ${id} is ${status} with ${notifications} notifications`]),
  ]
}

function fenceFaults({ address, state, generation, hasMessage, hasJob, attempts }: NotificationRow): string[] {
  const open = attempts.filter(({ outcome }) => outcome === null).length
  const taken = attempts.filter(({ outcome, verdict }) => outcome === 'accepted' || verdict === 'taken')
  const messages = new Set(taken.map(({ provider, ref, number }) => `${provider} ${ref ?? number}`)).size
  const isSent = state === 'sent' || state === 'delivered'
  return [
    ...(hasMessage ? [] : ['has no message']),
    ...(waiting.has(state) && !hasJob ? [`is ${state} and had no job`] : []),
    ...(open === (state === 'sending' ? 1 : 0) ? [] : [`is ${state} with ${open} open attempts`]),
    ...(attempts.every(({ number }, i) => number === i + 1) ? [] : ['has a gap in its attempts']),
    ...(messages <= 1 + generation ? [] : [`was accepted ${messages} times`]),
    ...(isSent && taken.length === 0 ? [`is ${state}, and no attempt was accepted`] : []),
  ].map((fault) => `the message to ${address} ${fault}`)
}

function moveFaults(before: NotificationRow | undefined, now: NotificationRow): string[] {
  const legal = before ? reachable.get(before.state) : firstReachable
  const changed = before?.attempts.filter(
    ({ outcome }, i) => !now.attempts[i] || (outcome !== null && now.attempts[i].outcome !== outcome),
  )
  return [
    ...(before?.state === now.state || legal?.has(now.state)
      ? []
      : [`the message to ${now.address} went from ${before?.state ?? 'nothing'} to ${now.state}`]),
    ...(changed ?? []).map(({ number }) => `attempt ${number} of the message to ${now.address} was changed`),
  ]
}

function vanished(before: Iterable<string>, now: Set<string>, what: string): string[] {
  return [...before].filter((id) => !now.has(id)).map((id) => `${what} ${id} was in a shorter prefix and is missing`)
}

function closureOf(next: (state: State) => readonly State[]): Map<State, Set<State>> {
  const closureFrom = (state: State) => {
    const reached = new Set<State>()
    const pending = [...next(state)]
    for (let to = pending.pop(); to; to = pending.pop())
      if (!reached.has(to)) pending.push(...next(reached.add(to) && to))
    return reached
  }
  return new Map((Object.keys(moves) as State[]).map((state) => [state, closureFrom(state)]))
}

const firstReachable = new Set<State>(firstStates.flatMap((state) => [state, ...(reachable.get(state) ?? [])]))
