// What changed about a provider, by automation or by a person, and what it did lately: the audit behind its health.
import { type Db, type Tx, toJson, transaction } from './db.ts'

export interface Change {
  provider: string
  at: Date
  what: string
  changedBy: string
  inputs: object
}

export async function recordChange(tx: Pick<Tx, 'query'>, change: Change): Promise<void> {
  await tx.query('insert into provider_changes (provider, at, what, changed_by, inputs) values ($1, $2, $3, $4, $5)', [
    change.provider,
    change.at,
    change.what,
    change.changedBy,
    toJson(change.inputs),
  ])
}

/** A person's pause, or its end. It outlasts automation: circuits open and close beneath it. False: nothing changed. */
export async function setPaused(db: Db, provider: string, paused: boolean, by: string, at: Date): Promise<boolean> {
  return transaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `update provider_health set paused_at = $2, paused_by = $3 where provider = $1 and (paused_at is null) = $4`,
      [provider, paused ? at : null, paused ? by : null, paused],
    )
    if (rowCount === 0) return false
    await recordChange(tx, { provider, at, what: paused ? 'paused' : 'resumed', changedBy: by, inputs: {} })
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

/** What each provider did since then. */
export async function figuresSince(db: Db, since: Date): Promise<Figures[]> {
  const { rows } = await db.query<Figures>(
    `select provider, sum(good)::integer as good, sum(bad)::integer as bad, sum(other)::integer as other,
       coalesce(sum(latency_ms) / nullif(sum(good + bad + other), 0), 0)::integer as "latencyMs"
     from provider_seconds where second > $1 group by provider`,
    [Math.floor(since.getTime() / 1000)],
  )
  return rows
}

export interface ChangeRow {
  at: Date
  what: string
  changed_by: string
}

export async function changesOf(db: Db, provider: string, limit: number): Promise<ChangeRow[]> {
  const { rows } = await db.query<ChangeRow>(
    'select at, what, changed_by from provider_changes where provider = $1 order by id desc limit $2',
    [provider, limit],
  )
  return rows
}
