// The health of providers, shared by all processes: circuits, pauses, and counts by the second. All times are the
// database's, because the clocks of processes differ.
import type { Circuit, Window } from '../../policy/circuit.ts'
import { type Db, query, type Reader, type Tx } from '../db.ts'
import { together } from '../together.ts'
import { sentLately } from './rates.ts'

export interface ProviderHealth {
  provider: string
  circuit: Circuit
  /** The circuit is open, the provider not paused, and a probe may be claimed. */
  probeDue: boolean
  /** When the current probe was claimed; null without one. */
  probedAt: Date | null
  closedAt: Date | null
  pausedAt: Date | null
  pausedBy: string | null
  slowUntil: Date | null
  /** How much longer it wants a pause; 0 if it does not. */
  slowForMs: number
  /** The tokens of its rate, and how long ago they were counted. */
  tokens: number
  tokensAgeMs: number
  /** The sends of the last second. */
  sentLately: number
  /** The database's time. */
  now: Date
}

type Row = Omit<ProviderHealth, 'circuit'> & Omit<Circuit, 'state'> & { circuit: Circuit['state'] }

const columns = `provider, circuit, failures_in_row, opened_at, next_probe_at, cause, probed_at, closed_at, paused_at, paused_by,
  slow_until, tokens, clock_timestamp() as now, circuit = 'open' and paused_at is null and next_probe_at <= clock_timestamp() as probe_due,
  greatest(0, coalesce(extract(epoch from slow_until - clock_timestamp()) * 1000, 0))::double precision as slow_for_ms,
  (extract(epoch from clock_timestamp() - tokens_at) * 1000)::double precision as tokens_age_ms, ${sentLately} as sent_lately`

export async function ensureProviders(db: Db, providers: string[]): Promise<void> {
  await db.query('insert into provider_health (provider) select unnest($1::text[]) on conflict do nothing', [providers])
}

export async function readHealth(db: Reader): Promise<ProviderHealth[]> {
  const rows = await query<Row>(db, { name: 'provider-health', text: `select ${columns} from provider_health` })
  return rows.map(toHealth)
}

export async function lockHealth(tx: Tx, provider: string): Promise<ProviderHealth> {
  const [row] = await query<Row>(tx, `select ${columns} from provider_health where provider = $1 for update`, [
    provider,
  ])
  if (!row) throw new Error(`the provider ${provider} has no health row`)
  return toHealth(row)
}

function toHealth({ circuit: state, failuresInRow, openedAt, nextProbeAt, cause, ...row }: Row): ProviderHealth {
  return { ...row, circuit: { state, failuresInRow, openedAt, nextProbeAt, cause } }
}

/** The outcomes of one second. `other`: calls that show nothing of the provider's health. */
export interface Second extends Window {
  provider: string
  second: number
  other: number
  latencyMs: number
}

/** Adds to the counts of a second, and removes those older than `keptSeconds`. */
export async function addSecond(tx: Tx, added: Second, keptSeconds: number): Promise<void> {
  const { provider, second, good, bad, other, latencyMs } = added
  await together(
    tx.query(
      `insert into provider_seconds (provider, second, good, bad, other, latency_ms) values ($1, $2, $3, $4, $5, $6)
       on conflict (provider, second) do update set good = provider_seconds.good + excluded.good,
         bad = provider_seconds.bad + excluded.bad, other = provider_seconds.other + excluded.other,
         latency_ms = provider_seconds.latency_ms + excluded.latency_ms`,
      [provider, second, good, bad, other, latencyMs],
    ),
    tx.query('delete from provider_seconds where provider = $1 and second < $2', [provider, second - keptSeconds]),
  )
}

/** The counts of all processes after a second. */
export async function seenSince(tx: Tx, provider: string, second: number): Promise<Window> {
  const [seen] = await query<Window>(
    tx,
    `select coalesce(sum(good), 0)::integer as good, coalesce(sum(bad), 0)::integer as bad
     from provider_seconds where provider = $1 and second > $2`,
    [provider, second],
  )
  return seen ?? { good: 0, bad: 0 }
}

export interface CircuitWrite {
  provider: string
  circuit: Circuit
  /** How long it asked us to pause; 0 if it did not. */
  slowForMs: number
  isProbeOver: boolean
  /** The circuit closes with this write. */
  closes: boolean
}

export async function writeCircuit(tx: Tx, { provider, circuit, ...more }: CircuitWrite): Promise<void> {
  await tx.query(
    `update provider_health set circuit = $2, failures_in_row = $3, opened_at = $4, next_probe_at = $5, cause = $6,
       slow_until = greatest(slow_until, case when $7::double precision > 0 then clock_timestamp() + $7 * interval '1 millisecond' end),
       probed_at = case when $8 then null else probed_at end, closed_at = case when $9 then clock_timestamp() else closed_at end
     where provider = $1`,
    [
      ...[provider, circuit.state, circuit.failuresInRow, circuit.openedAt, circuit.nextProbeAt, circuit.cause],
      ...[more.slowForMs, more.isProbeOver, more.closes],
    ],
  )
}

/** Claims the one probe that is due; the next is due after `everyMs`. False: none is due, or another process has it. */
export async function claimProbe(db: Db, provider: string, everyMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update provider_health set next_probe_at = clock_timestamp() + $2::double precision * interval '1 millisecond', probed_at = clock_timestamp()
     where provider = $1 and circuit = 'open' and next_probe_at <= clock_timestamp() and paused_at is null`,
    [provider, everyMs],
  )
  return rowCount === 1
}
