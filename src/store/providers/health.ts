// The health of providers in Postgres, one truth for all processes: circuits, pauses, and what each second came to.
// health.ts reports to it and reads it; circuit.ts decides. Every time in it is the database's: clocks of processes differ.
import { type Circuit, isBad, nextCircuit, probeEveryMs, type Verdict, windowMs } from '../../policy/circuit.ts'
import { type Db, type Reader, type Tx, transaction } from '../db.ts'
import { recordChange } from './changes.ts'
import { sentLately } from './rates.ts'

export interface ProviderHealth {
  provider: string
  circuit: Circuit
  /** The circuit is open, nobody has paused it, and one message may try it now. */
  probeDue: boolean
  /** Since when a probe is under way. */
  probedAt: Date | null
  pausedAt: Date | null
  pausedBy: string | null
  slowUntil: Date | null
  /** How long it still wants to be left alone; 0 where it does not. */
  slowForMs: number
  /** Of its rate: how many there were, and how long ago. */
  tokens: number
  tokensAgeMs: number
  /** Of its rate: what the last second got. */
  sentLately: number
}

/** What one process saw of a provider since it last told. */
export interface Report {
  provider: string
  verdicts: Verdict[]
  /** A probe among them ended; it was taken. */
  probed: boolean
  proof: boolean
  /** Calls that say nothing of its health. */
  others: number
  latencyMs: number
  /** It asked to be left alone for so long. */
  slowForMs: number
}

interface Row {
  provider: string
  circuit: Circuit['state']
  failures_in_row: number
  opened_at: Date | null
  next_probe_at: Date | null
  why: string | null
  probe_due: boolean
  probed_at: Date | null
  closed_at: Date | null
  paused_at: Date | null
  paused_by: string | null
  slow_until: Date | null
  slow_for_ms: number
  tokens: number
  tokens_age_ms: number
  sent_lately: number
  now: Date
}

const columns = `provider, circuit, failures_in_row, opened_at, next_probe_at, why, probed_at, closed_at, paused_at, paused_by,
  slow_until, tokens, clock_timestamp() as now, circuit = 'open' and paused_at is null and next_probe_at <= clock_timestamp() as probe_due,
  greatest(0, coalesce(extract(epoch from slow_until - clock_timestamp()) * 1000, 0))::double precision as slow_for_ms,
  (extract(epoch from clock_timestamp() - tokens_at) * 1000)::double precision as tokens_age_ms, ${sentLately} as sent_lately`

export async function ensureProviders(db: Db, providers: string[]): Promise<void> {
  await db.query('insert into provider_health (provider) select unnest($1::text[]) on conflict do nothing', [providers])
}

export async function readHealth(db: Reader): Promise<ProviderHealth[]> {
  const { rows } = await db.query<Row>({ name: 'provider-health', text: `select ${columns} from provider_health` })
  return rows.map(toHealth)
}

/** What is done in the transaction that opens a circuit. */
export type OnOpening = (tx: Tx, provider: string, circuit: Circuit) => Promise<void>

/** Adds a report; answers the circuit before and after it. A change is recorded with what it was decided on. */
export async function tell(db: Db, report: Report, onOpening: OnOpening): Promise<{ before: Circuit; after: Circuit }> {
  const { provider, verdicts, probed, proof } = report
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<Row>(`select ${columns} from provider_health where provider = $1 for update`, [
      provider,
    ])
    const [row] = rows
    if (!row) throw new Error(`the provider ${provider} has no health row`)
    const before = toHealth(row).circuit
    const window = await addSeconds(tx, report, row)
    const after = nextCircuit(before, { verdicts, proof }, window, row.now)
    const changed = before.state !== after.state
    await tx.query(
      `update provider_health set circuit = $2, failures_in_row = $3, opened_at = $4, next_probe_at = $5, why = $6,
         slow_until = greatest(slow_until, case when $7::double precision > 0 then clock_timestamp() + $7 * interval '1 millisecond' end),
         probed_at = case when $8 then null else probed_at end, closed_at = case when $9 then clock_timestamp() else closed_at end
       where provider = $1`,
      [
        provider,
        after.state,
        after.failuresInRow,
        after.openedAt,
        after.nextProbeAt,
        after.why,
        report.slowForMs,
        probed || changed,
        changed && after.state === 'closed',
      ],
    )
    if (changed)
      await recordChange(tx, {
        provider,
        what: after.state === 'open' ? `circuit opened: ${after.why}` : 'circuit closed: a real send was taken',
        changedBy: 'automation',
        inputs: { before, after, window, verdicts: verdicts.slice(-100) },
      })
    if (changed && after.state === 'open') await onOpening(tx, provider, after)
    return { before, after }
  })
}

/** How long what each second came to is kept; the list of providers shows the last five minutes. */
const secondsKept = 3600

async function addSeconds(tx: Tx, report: Report, { now, closed_at }: Row): Promise<{ good: number; bad: number }> {
  const second = Math.floor(now.getTime() / 1000)
  const bad = report.verdicts.filter(isBad).length
  await tx.query(
    `insert into provider_seconds (provider, second, good, bad, other, latency_ms) values ($1, $2, $3, $4, $5, $6)
     on conflict (provider, second) do update set good = provider_seconds.good + excluded.good,
       bad = provider_seconds.bad + excluded.bad, other = provider_seconds.other + excluded.other,
       latency_ms = provider_seconds.latency_ms + excluded.latency_ms`,
    [report.provider, second, report.verdicts.length - bad, bad, report.others, Math.round(report.latencyMs)],
  )
  await tx.query('delete from provider_seconds where provider = $1 and second < $2', [
    report.provider,
    second - secondsKept,
  ])
  // What failed before it closed has been answered by the proof that closed it.
  const since = Math.max(second - windowMs / 1000, closed_at ? Math.floor(closed_at.getTime() / 1000) : 0)
  const { rows } = await tx.query<{ good: number; bad: number }>(
    `select coalesce(sum(good), 0)::integer as good, coalesce(sum(bad), 0)::integer as bad
     from provider_seconds where provider = $1 and second > $2`,
    [report.provider, since],
  )
  return rows[0] ?? { good: 0, bad: 0 }
}

/** The leave to try an open circuit once. False: its probe is not due, or somebody else's. */
export async function claimProbe(db: Db, provider: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update provider_health set next_probe_at = clock_timestamp() + $2::double precision * interval '1 millisecond', probed_at = clock_timestamp()
     where provider = $1 and circuit = 'open' and next_probe_at <= clock_timestamp() and paused_at is null`,
    [provider, probeEveryMs],
  )
  return rowCount === 1
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
    probeDue: row.probe_due,
    probedAt: row.probed_at,
    pausedAt: row.paused_at,
    pausedBy: row.paused_by,
    slowUntil: row.slow_until,
    slowForMs: row.slow_for_ms,
    tokens: row.tokens,
    tokensAgeMs: row.tokens_age_ms,
    sentLately: row.sent_lately,
  }
}
