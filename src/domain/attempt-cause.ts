// Why an attempt is made, and why with this provider.
import { z } from 'zod'
import { type Coded, coder } from './coded.ts'
import { unavailability } from './unavailable.ts'

export const attemptCauses = {
  /** The first call, to the first provider of the route. */
  first: z.object({}),
  /** The first provider of the route again, in a later round. */
  retry: z.object({}),
  /** The provider before it, in this round, did not take it, or may have taken it. */
  fallback: z.object({ after: z.string(), outcome: z.enum(['not_taken', 'unknown']) }),
  /** The providers before it in the route are unavailable. */
  bypass: z.object({ unavailable: z.array(z.object({ provider: z.string(), cause: unavailability })) }),
  /** A real message that tests whether the provider works again. */
  probe: z.object({ cause: unavailability }),
  /** The same call with the same key, to settle an unknown outcome. */
  repeat: z.object({}),
}

export type AttemptCause = Coded<typeof attemptCauses>

export const attemptCause = coder<typeof attemptCauses>()
