// Why a provider is not called for now, and why its circuit opened.
import { z } from 'zod'

const circuitCause = z.discriminatedUnion('kind', [
  /** The provider refuses our account with it. */
  z.object({ kind: z.literal('account_refused') }),
  z.object({ kind: z.literal('failures_in_row'), failures: z.number() }),
  z.object({ kind: z.literal('failure_rate'), failures: z.number(), calls: z.number(), seconds: z.number() }),
])
export type CircuitCause = z.infer<typeof circuitCause>

export const unavailability = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('paused'), by: z.string() }),
  z.object({ kind: z.literal('circuit_open'), cause: circuitCause.nullable() }),
  /** It asked for fewer calls, or for a pause. */
  z.object({ kind: z.literal('throttled') }),
])
export type Unavailability = z.infer<typeof unavailability>
