// The audit of providers: pauses and circuit changes, by automation or by a person, and recent figures.
import type { CircuitCause } from '../../domain/unavailable.ts'
import { query, type Reader, type Tx, toJson } from '../db.ts'

export interface Change {
  provider: string
  what: 'paused' | 'resumed' | 'circuit_opened' | 'circuit_closed'
  changedBy: string
  inputs: object
}

export async function recordChange(tx: Reader, { provider, what, changedBy, inputs }: Change): Promise<void> {
  await tx.query(
    'insert into provider_changes (provider, at, what, changed_by, inputs) values ($1, clock_timestamp(), $2, $3, $4)',
    [provider, what, changedBy, toJson(inputs)],
  )
}

/** Marks a provider as paused, or no longer so. False: it was so already. */
export async function setPaused(tx: Tx, provider: string, paused: boolean, by: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update provider_health set paused_at = case when $2 then clock_timestamp() end, paused_by = case when $2 then $3 end
     where provider = $1 and (paused_at is null) = $2`,
    [provider, paused, by],
  )
  return rowCount === 1
}

export interface Figures {
  provider: string
  good: number
  bad: number
  other: number
  latencyMs: number
}

/** The counts and latency of each provider over the last `seconds`. */
export async function latestFigures(db: Reader, seconds: number): Promise<Figures[]> {
  return query<Figures>(
    db,
    `select h.provider, sum(s.good)::integer as good, sum(s.bad)::integer as bad, sum(s.other)::integer as other,
       (sum(s.latency_ms) / greatest(1, sum(s.good + s.bad + s.other)))::integer as latency_ms
     from provider_health h join provider_seconds s on s.provider = h.provider
       and s.second > extract(epoch from clock_timestamp())::bigint - $1
     group by h.provider`,
    [seconds],
  )
}

export interface ChangeRow {
  provider: string
  at: Date
  what: string
  changedBy: string
  /** Of a circuit that opened: why. */
  cause: CircuitCause | null
}

/** The latest changes of each provider, the newest first. */
export async function latestChanges(db: Reader, limit: number): Promise<ChangeRow[]> {
  return query<ChangeRow>(
    db,
    `select c.provider, c.at, c.what, c.changed_by, c.inputs->'after'->'cause' as cause from provider_health h cross join lateral (
       select * from provider_changes where provider = h.provider order by id desc limit $1) c
     order by c.provider, c.id desc`,
    [limit],
  )
}
