// Tokens of a provider's rate, in Postgres for all processes. They flow in by the database's clock, so no process's
// own clock matters. rates.ts spends them.
import type { Db, Reader } from './db.ts'

/** A bucket of tokens: what flows in a second, what it holds at most, and what of that is kept for `high`. */
export interface Flow {
  perSecond: number
  most: number
  keptForHigh: number
}

/** A twentieth of a second's tokens may be spent at once, and as many more are kept for `high`. */
const partOfSecond = 20
/** Waits end late by a few milliseconds; what flowed in meanwhile must not run over. */
const slack = 0.5

/** In any second at most `perSecond` and two parts go out, one of them for `high` alone. */
export function flowOf(perSecond: number): Flow {
  const part = Math.max(1, Math.ceil(perSecond / partOfSecond))
  return { perSecond, most: 2 * part + slack, keptForHigh: part }
}

const available = 'least($2, tokens + extract(epoch from clock_timestamp() - tokens_at) * $3)'

export interface Lease {
  provider: string
  flow: Flow
  wanted: number
  /** How many of them for `high`. */
  high: number
}

/** `left`: what remained. `shut`: a circuit, a pause or the provider's own wish forbids calls. */
export interface Leased {
  granted: number
  left: number
  shut: boolean
}

/** Takes what is there, and never more. */
export async function leaseTokens(db: Db, { provider, flow, wanted, high }: Lease): Promise<Leased> {
  const { rows } = await db.query<Leased>({
    name: 'lease-tokens',
    text: `with bucket as (
             select ${available} as available,
               circuit = 'open' or paused_at is not null or coalesce(slow_until > clock_timestamp(), false) as shut
             from provider_health where provider = $1 for update),
           lease as (select available, shut, case when shut then 0
             else greatest(0, least($5, floor(available)), least($4, floor(available - $6))) end as granted from bucket)
           update provider_health set tokens = available - granted, tokens_at = clock_timestamp()
           from lease where provider = $1
           returning granted::integer as granted, tokens::double precision as left, shut`,
    values: [provider, flow.most, flow.perSecond, wanted, high, flow.keptForHigh],
  })
  if (!rows[0]) throw new Error(`the provider ${provider} has no health row`)
  return rows[0]
}

/**
 * Takes tokens that were seen earlier in this transaction. Another process may have taken the same ones: then the bucket
 * is in debt, nobody gets any until that is paid back, and a second's count is kept all the same.
 */
export async function spendTokens(tx: Reader, provider: string, flow: Flow, count: number): Promise<void> {
  await tx.query({
    name: 'spend-tokens',
    text: `update provider_health set tokens = ${available} - $4, tokens_at = clock_timestamp() where provider = $1`,
    values: [provider, flow.most, flow.perSecond, count],
  })
}
