// Token buckets of the providers' rates, in Postgres for all processes: refilled by the database's clock, with a count of
// the sends of the last second.
import { type Db, query, type Reader } from '../db.ts'

/** The settings of a token bucket. */
export interface Flow {
  perSecond: number
  /** The capacity: a tenth of a second, which a late worker may catch up on. More would allow a burst. */
  capacity: number
  /** How many of each second's tokens are reserved for `high`. */
  keptForHigh: number
}

const partOfSecond = 20

export function flowOf(perSecond: number): Flow {
  return { perSecond, capacity: Math.max(1.5, perSecond / 10), keptForHigh: Math.floor(perSecond / partOfSecond) }
}

/** A second touches at most 41 slices of 25 ms, so counting 41 keeps any second within the rate. */
const now = `(select clock_timestamp() as at, floor(extract(epoch from clock_timestamp()) * 40)::bigint as slice_now) t`
const shifted = `(array_fill(0, array[least(41, greatest(0, slice_now - slice))::integer]) || slices)[1:41]`

/** SQL for a provider's row: the sends of the last second. */
export const sentLately = `(select sum(taken) from ${now}, unnest(${shifted}) taken)::integer`

export interface Lease {
  provider: string
  flow: Flow
  wanted: number
  /** How many of them for `high`. */
  high: number
}

/** `left`: the remaining tokens. `room`: how many more sends fit this second. `unavailable`: a circuit or a pause forbids calls. */
export interface Leased {
  granted: number
  left: number
  room: number
  unavailable: boolean
}

const leaseText = `
  with seen as (
    select at, greatest(slice, slice_now) as slice, ${shifted} as slices,
      least($2, tokens + extract(epoch from at - tokens_at) * $3)::double precision as available,
      circuit = 'open' or paused_at is not null or coalesce(slow_until > at, false) as unavailable
    from provider_health, ${now} where provider = $1 for update of provider_health),
  counted as (select *, $3 - (select sum(taken) from unnest(slices) taken) as room from seen),
  lease as (select *, case when $7 then $4::integer when unavailable then 0
    else greatest(0, least($5, floor(available), room), least($4, floor(available), room - $6)) end::integer as granted from counted)
  update provider_health h set tokens = available - granted, tokens_at = at, slice = lease.slice,
    slices = array[lease.slices[1] + granted] || lease.slices[2:41]
  from lease where provider = $1
  returning granted, tokens::double precision as left, (room - granted)::double precision as room, unavailable`

/** Takes as many tokens as are available, up to the number wanted. */
export async function leaseTokens(db: Db, lease: Lease): Promise<Leased> {
  const leased = await take(db, lease, false)
  if (!leased) throw new Error(`the provider ${lease.provider} has no health row`)
  return leased
}

/**
 * Takes tokens that were read earlier in this transaction. If another process took the same ones, the bucket goes into
 * debt, and gives none until it is refilled.
 */
export async function spendTokens(tx: Reader, provider: string, flow: Flow, count: number): Promise<void> {
  await take(tx, { provider, flow, wanted: count, high: 0 }, true)
}

async function take(db: Reader, { provider, flow, wanted, high }: Lease, anyway: boolean): Promise<Leased | null> {
  const rows = await query<Leased>(db, {
    name: 'lease-tokens',
    text: leaseText,
    values: [provider, flow.capacity, flow.perSecond, wanted, high, flow.keptForHigh, anyway],
  })
  return rows[0] ?? null
}
