// The ledger of a scenario: it compares our rows with what the vendors accepted and the answers that the sender got, and lists
// every broken guarantee.
import type pg from 'pg'
import type { SenderLog } from './load.ts'
import type { Vendors } from './vendors.ts'

export interface Ledger {
  name: string
  /** The faults that were injected, in figures. */
  faults: string
  posted: number
  acknowledged: number
  refused: number
  unanswered: number
  stored: number
  /** Events by status, notifications by state and reason. */
  events: Record<string, number>
  notifications: Record<string, number>
  taken: number
  /** People who got one notification more than once. */
  duplicates: number
  lost: number
  inDoubt: number
  longestDoubtSeconds: number
  broken: string[]
}

interface Row {
  source_id: string
  status: string
  channel: string | null
  to: string | null
  state: string | null
  reason_code: string | null
  since: Date | null
  until: Date | null
}

/** Each event makes an email and a text. */
const perEvent = 2
const waiting = new Set(['scheduled', 'pending', 'sending'])

export async function ledgerOf(
  db: pg.Pool,
  vendors: Vendors,
  sender: SenderLog,
  { name, prefix, faults, broken }: { name: string; prefix: string; faults: string; broken: string[] },
): Promise<Ledger> {
  const { rows } = await db.query<Row>(
    `select e.source_id, e.status, n.channel, n.address as "to", n.state, n.reason_code,
       (select min(started_at) from attempts where notification_id = n.id and outcome = 'unknown') as since,
       (select max(at) from (
          select ended_at as at from attempts where notification_id = n.id and outcome = 'accepted'
          union all select s.at from settlements s join attempts a on a.id = s.attempt_id
            where a.notification_id = n.id and s.verdict = 'taken') as ends) as until
     from events e left join notifications n on n.event_id = e.id where starts_with(e.source_id, $1)`,
    [`${prefix}-`],
  )
  const stored = new Map(rows.map((row) => [row.source_id, row.status]))
  const made = rows.filter((row) => row.state !== null)
  const { rows: clock } = await db.query<{ now: Date }>('select now()')
  const nowMs = clock[0]?.now.getTime() ?? 0
  const doubts = made.filter((row) => row.since !== null)
  const addresses = sender.posted.flatMap(({ email, phone }) => [email, phone])
  const twice = addresses.filter((address) => vendors.taken(address).length > 1)
  const lost = lostOf(sender, made, stored, vendors)
  const ledger: Ledger = {
    name,
    faults,
    posted: sender.posted.length,
    acknowledged: sender.acknowledged.size,
    refused: sender.refused,
    unanswered: sender.unanswered,
    stored: stored.size,
    events: countedBy([...stored.values()], (status) => status),
    notifications: countedBy(made, nameOf),
    taken: addresses.reduce((sum, address) => sum + vendors.taken(address).length, 0),
    duplicates: twice.length,
    lost: lost.length,
    inDoubt: made.filter((row) => row.state === 'unconfirmed').length,
    longestDoubtSeconds: Math.max(
      0,
      ...doubts.map(({ since, until }) => ((until?.getTime() ?? nowMs) - (since?.getTime() ?? nowMs)) / 1000),
    ),
    broken: [],
  }
  ledger.broken = [
    ...broken,
    ...sender.otherwise.slice(0, 3),
    ...twice
      .slice(0, 3)
      .map((to) => `${to} got the message more than once, from ${vendors.taken(to).map((t) => t.vendor)}`),
    ...lost.slice(0, 3),
    ...conserved(ledger),
  ]
  return ledger
}

/** Acknowledged events without a final email and text, and messages that are `sent` though no vendor accepted them. */
function lostOf(sender: SenderLog, made: Row[], stored: Map<string, string>, vendors: Vendors): string[] {
  const byEvent = Map.groupBy(made, (row) => row.source_id)
  return [...sender.acknowledged].flatMap((id) => {
    const status = stored.get(id)
    const rows = byEvent.get(id) ?? []
    if (status !== 'planned') return [`${id} was acknowledged but is ${status ?? 'missing'}`]
    if (rows.length !== perEvent) return [`${id} has ${rows.length} notifications`]
    return rows.flatMap((row) => {
      const sent = row.state === 'sent' || row.state === 'delivered'
      if (sent && vendors.taken(row.to ?? '').length === 0)
        return [`${row.to} is ${row.state}, but no vendor accepted it`]
      return waiting.has(row.state ?? '') ? [`${row.to} is still ${row.state}: ${row.reason_code}`] : []
    })
  })
}

/** Checks that no event and no notification is missing or superfluous. */
function conserved(ledger: Ledger): string[] {
  const { acknowledged, posted, stored, events, notifications } = ledger
  const ended = (events.planned ?? 0) + (events.ignored ?? 0) + (events.failed ?? 0)
  const ends = Object.values(notifications).reduce((sum, count) => sum + count, 0)
  const unsent = Object.keys(notifications).filter((end) => !/^(sent|delivered|unconfirmed)/.test(end))
  return [
    ...(acknowledged === posted ? [] : [`only ${acknowledged} of ${posted} events were acknowledged`]),
    ...(acknowledged === stored ? [] : [`${acknowledged} events were acknowledged, but ${stored} are stored`]),
    ...(ended === stored ? [] : [`only ${ended} of ${stored} events reached a final status`]),
    ...(ends === stored * perEvent ? [] : [`${stored} events have ${ends} notifications`]),
    ...unsent.map((end) => `every message could be sent, but ${notifications[end]} are ${end}`),
  ]
}

function nameOf({ state, reason_code }: Row): string {
  return reason_code ? `${state} (${reason_code})` : `${state}`
}

function countedBy<T>(list: T[], name: (one: T) => string): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(list, name)].map(([key, all]) => [key, all.length]))
}

/** The sum of all ledgers. */
export function total(ledgers: Ledger[]): Ledger {
  const sum = (of: (ledger: Ledger) => number) => ledgers.reduce((all, ledger) => all + of(ledger), 0)
  const merged = (of: (ledger: Ledger) => Record<string, number>) => {
    const all: Record<string, number> = {}
    for (const ledger of ledgers)
      for (const [name, count] of Object.entries(of(ledger))) all[name] = (all[name] ?? 0) + count
    return all
  }
  return {
    name: 'in all',
    faults: '',
    posted: sum((l) => l.posted),
    acknowledged: sum((l) => l.acknowledged),
    refused: sum((l) => l.refused),
    unanswered: sum((l) => l.unanswered),
    stored: sum((l) => l.stored),
    events: merged((l) => l.events),
    notifications: merged((l) => l.notifications),
    taken: sum((l) => l.taken),
    duplicates: sum((l) => l.duplicates),
    lost: sum((l) => l.lost),
    inDoubt: sum((l) => l.inDoubt),
    longestDoubtSeconds: Math.max(0, ...ledgers.map((l) => l.longestDoubtSeconds)),
    broken: ledgers.flatMap((l) => l.broken),
  }
}

/** The ledgers as a printable table. */
export function table(ledgers: Ledger[]): string {
  const head = ['', 'in', '200', '503', 'no answer', 'messages', 'taken', 'twice', 'lost', 'in doubt', 'at most']
  const lines = ledgers.map((l) => [
    l.name,
    l.posted,
    l.acknowledged,
    l.refused,
    l.unanswered,
    Object.values(l.notifications).reduce((sum, count) => sum + count, 0),
    l.taken,
    l.duplicates,
    l.lost,
    l.inDoubt,
    `${Math.round(l.longestDoubtSeconds)} s`,
  ])
  const all = [head, ...lines].map((line) => line.map(String))
  const wide = head.map((_, i) => Math.max(...all.map((line) => line[i]?.length ?? 0)))
  return all
    .map((line) =>
      line.map((cell, i) => (i === 0 ? cell.padEnd(wide[0] ?? 0) : cell.padStart(wide[i] ?? 0))).join('  '),
    )
    .join('\n')
}
