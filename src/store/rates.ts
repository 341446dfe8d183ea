// Tokens of a provider's rate, in Postgres for all processes. They flow in by the database's clock, so no process's
// own clock matters.
import type { Db } from './db.ts'

export interface Lease {
  provider: string
  perSecond: number
  wanted: number
  /** Only `high` may have the last of them. */
  high: boolean
}

/** How much of a second is leased at once, at most. */
const chunkOfSecond = 20

/**
 * Takes what is there, at most a chunk. In any second at most the rate and two chunks of it go out: one that had
 * gathered for everybody, one that is kept for `high`.
 */
export async function leaseTokens(db: Db, { provider, perSecond, wanted, high }: Lease): Promise<number> {
  const chunk = Math.max(1, Math.ceil(perSecond / chunkOfSecond))
  const { rows } = await db.query<{ granted: number }>({
    name: 'lease-tokens',
    text: `with bucket as (
             select least($2, tokens + extract(epoch from clock_timestamp() - tokens_at) * $3) as available
             from provider_health where provider = $1 for update),
           lease as (select available, greatest(0, floor(least($4, available - $5))) as granted from bucket)
           update provider_health set tokens = available - granted, tokens_at = clock_timestamp()
           from lease where provider = $1 returning granted::integer as granted`,
    values: [provider, 2 * chunk, perSecond, Math.min(wanted, chunk), high ? 0 : chunk],
  })
  return rows[0]?.granted ?? 0
}
