// The audit of providers: pauses and circuit changes, by automation or by a person, and recent figures.
import type { CircuitCause } from '../../domain/unavailable.ts'
import { type Db, type Reader, toJson, transaction } from '../db.ts'

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

/** Pauses or resumes a provider, independently of its circuit. False: nothing changed. */
export async function setPaused(db: Db, provider: string, paused: boolean, by: string): Promise<boolean> {
  return transaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `update provider_health set paused_at = case when $2 then clock_timestamp() end, paused_by = case when $2 then $3 end
       where provider = $1 and (paused_at is null) = $2`,
      [provider, paused, by],
    )
    if (rowCount === 0) return false
    await recordChange(tx, { provider, what: paused ? 'paused' : 'resumed', changedBy: by, inputs: {} })
    return true
  })
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
  const { rows } = await db.query<Figures>(
    `select h.provider, sum(s.good)::integer as good, sum(s.bad)::integer as bad, sum(s.other)::integer as other,
       (sum(s.latency_ms) / greatest(1, sum(s.good + s.bad + s.other)))::integer as "latencyMs"
     from provider_health h join provider_seconds s on s.provider = h.provider
       and s.second > extract(epoch from clock_timestamp())::bigint - $1
     group by h.provider`,
    [seconds],
  )
  return rows
}

export interface ChangeRow {
  provider: string
  at: Date
  what: string
  changed_by: string
  /** Of a circuit that opened: why. */
  cause: CircuitCause | null
}

/** The latest changes of each provider, the newest first. */
export async function latestChanges(db: Reader, limit: number): Promise<ChangeRow[]> {
  const { rows } = await db.query<ChangeRow>(
    `select c.provider, c.at, c.what, c.changed_by, c.inputs->'after'->'cause' as cause from provider_health h cross join lateral (
       select * from provider_changes where provider = h.provider order by id desc limit $1) c
     order by c.provider, c.id desc`,
    [limit],
  )
  return rows
}
