// The health of providers in Postgres, one truth for all processes: circuits, pauses, and what each second came to.
// health.ts reports to it and reads it; circuit.ts decides.
import { type Circuit, nextCircuit, probeEveryMs, type Verdict, windowMs } from '../circuit.ts'
import type { Priority } from '../event.ts'
import type { Channel } from '../notification.ts'
import { type Db, type Tx, transaction } from './db.ts'
import type { Jobs } from './jobs.ts'
import { recordChange } from './provider-changes.ts'

export interface ProviderHealth {
  provider: string
  circuit: Circuit
  pausedAt: Date | null
  pausedBy: string | null
  slowUntil: Date | null
}

/** What one process saw of a provider since it last told. */
export interface Report {
  provider: string
  verdicts: Verdict[]
  /** Calls that say nothing of its health. */
  others: number
  latencyMs: number
  slowUntil: Date | null
}

interface Row {
  provider: string
  circuit: Circuit['state']
  failures_in_row: number
  opened_at: Date | null
  next_probe_at: Date | null
  why: string | null
  paused_at: Date | null
  paused_by: string | null
  slow_until: Date | null
}

const columns = 'provider, circuit, failures_in_row, opened_at, next_probe_at, why, paused_at, paused_by, slow_until'

export async function ensureProviders(db: Db, providers: string[]): Promise<void> {
  await db.query('insert into provider_health (provider) select unnest($1::text[]) on conflict do nothing', [providers])
}

export async function readHealth(db: Pick<Db, 'query'>): Promise<ProviderHealth[]> {
  const { rows } = await db.query<Row>(`select ${columns} from provider_health`)
  return rows.map(toHealth)
}

/** Adds a report; answers the circuit before and after it. A change is recorded with what it was decided on. */
export async function tell(db: Db, report: Report, now: Date): Promise<{ before: Circuit; after: Circuit }> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<Row>(`select ${columns} from provider_health where provider = $1 for update`, [
      report.provider,
    ])
    if (!rows[0]) throw new Error(`the provider ${report.provider} has no health row`)
    const before = toHealth(rows[0]).circuit
    const window = await addSeconds(tx, report, now)
    const after = nextCircuit(before, report.verdicts, window, now)
    await tx.query(
      `update provider_health set circuit = $2, failures_in_row = $3, opened_at = $4, next_probe_at = $5, why = $6,
         slow_until = greatest(slow_until, $7) where provider = $1`,
      [
        report.provider,
        after.state,
        after.failuresInRow,
        after.openedAt,
        after.nextProbeAt,
        after.why,
        report.slowUntil,
      ],
    )
    if (before.state !== after.state)
      await recordChange(tx, {
        provider: report.provider,
        at: now,
        what: after.state === 'open' ? `circuit opened: ${after.why}` : 'circuit closed: a real send was taken',
        changedBy: 'automation',
        inputs: { before, after, window, verdicts: report.verdicts },
      })
    return { before, after }
  })
}

async function addSeconds(tx: Tx, report: Report, now: Date): Promise<{ good: number; bad: number }> {
  const second = Math.floor(now.getTime() / 1000)
  const good = report.verdicts.filter((verdict) => verdict === 'good').length
  await tx.query(
    `insert into provider_seconds (provider, second, good, bad, other, latency_ms) values ($1, $2, $3, $4, $5, $6)
     on conflict (provider, second) do update set good = provider_seconds.good + excluded.good,
       bad = provider_seconds.bad + excluded.bad, other = provider_seconds.other + excluded.other,
       latency_ms = provider_seconds.latency_ms + excluded.latency_ms`,
    [report.provider, second, good, report.verdicts.length - good, report.others, Math.round(report.latencyMs)],
  )
  const { rows } = await tx.query<{ good: number; bad: number }>(
    `select coalesce(sum(good), 0)::integer as good, coalesce(sum(bad), 0)::integer as bad
     from provider_seconds where provider = $1 and second > $2`,
    [report.provider, second - windowMs / 1000],
  )
  return rows[0] ?? { good: 0, bad: 0 }
}

/** The open circuits whose probe is due and that nobody else has claimed: one message of this process may try each. */
export async function claimProbes(db: Db, providers: string[], now: Date): Promise<string[]> {
  const { rows } = await db.query<{ provider: string }>(
    `update provider_health set next_probe_at = $2 where provider = any($1) and circuit = 'open' and next_probe_at <= $3
     and paused_at is null returning provider`,
    [providers, new Date(now.getTime() + probeEveryMs), now],
  )
  return rows.map((row) => row.provider)
}

/** Makes notifications that wait for a circuit due now, the most urgent and oldest first. Answers how many. */
export async function releaseWaiting(db: Db, jobs: Jobs, channel: Channel, limit: number, now: Date): Promise<number> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<{ id: string; priority: Priority }>(
      `with waiting as (
         select id from notifications where state = 'pending' and reason_code = 'route_shut' and channel = $1 and due_at > $3
         order by array_position('{high,normal,bulk}', priority), created_at limit $2 for update skip locked)
       update notifications n set due_at = $3 from waiting where n.id = waiting.id returning n.id, n.priority`,
      [channel, limit, now],
    )
    if (rows.length > 0)
      await jobs.ring(
        tx,
        rows.map(({ id, priority }) => ({ stage: 'deliver', priority, id })),
      )
    return rows.length
  })
}

function toHealth(row: Row): ProviderHealth {
  return {
    provider: row.provider,
    circuit: {
      state: row.circuit,
      failuresInRow: row.failures_in_row,
      openedAt: row.opened_at,
      nextProbeAt: row.next_probe_at,
      why: row.why,
    },
    pausedAt: row.paused_at,
    pausedBy: row.paused_by,
    slowUntil: row.slow_until,
  }
}
