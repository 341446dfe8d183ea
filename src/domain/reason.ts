// The reasons of states: a stable code, by which people search and alert, and the parameters of the case.
import { z } from 'zod'
import { type Coded, coder, storedCode } from './coded.ts'
import { sandboxCauses } from './sandbox.ts'
import { unavailability } from './unavailable.ts'

const nothing = z.object({})
const event = z.object({ event: z.string() })
const superseding = z.object({ type: z.string(), event: z.string() })
/** What the source, or the mapping of its event, says for support staff. */
const detail = z.object({ detail: z.string().optional() })

/** Why nothing was due. */
const zeroCauses = [
  'zero_amount',
  'zero_invoice',
  'zero_refund',
  'no_payment_required',
  'unpaid_checkout',
  'mandate_registered',
] as const
/** Why an event is no news. */
const oldNewsCauses = ['no_trial', 'payment_link', 'refund_not_failed', 'still_renews'] as const

export const reasonCodes = {
  // scheduled, pending, sending
  send_at: nothing,
  due_later: nothing,
  quiet_hours: nothing,
  collecting: nothing,
  due: nothing,
  attempt_open: nothing,
  next_round: nothing,
  providers_unavailable: z.object({ provider: z.string(), cause: unavailability }),
  provider_asked_to_wait: nothing,

  // unconfirmed; and quiet_hours
  settling: nothing,
  held: z.object({
    prefersSilence: z.boolean().optional(),
    ineligible: storedCode.optional(),
    /** Delivering it failed too often. */
    hasFailed: z.boolean().optional(),
  }),

  // failed; and no_provider
  /** `suppress`: as the same answer said, the address is suppressed from now on, and why. */
  rejected: z.object({ provider: z.string(), errorCode: z.string().nullable(), suppress: z.string().optional() }),
  tries_used_up: nothing,
  render_failed: nothing,
  delivery_failed: nothing,

  // undelivered
  /** The code and the text are the provider's. `suppress`: as above, by the report. */
  bounced: z.object({
    code: z.string().nullable(),
    text: z.string().nullable(),
    provider: z.string().optional(),
    suppress: z.string().optional(),
  }),

  // sent and delivered
  sandbox: z.object({ cause: z.enum(sandboxCauses) }),

  // suppressed
  no_address: z.object({ setting: z.string().optional(), detail: z.string().optional() }),
  no_provider: nothing,
  suppressed_address: z.object({ listedAs: z.string() }),
  opted_out: z.object({ by: z.string(), date: z.string() }),

  // expired
  expired: nothing,

  // cancelled
  cancelled: z.object({ by: z.string() }),
  superseded: superseding,
  stopped: superseding,

  // events: accepted
  enriching: detail.extend({ isExplained: z.boolean().optional() }),

  // digested
  digested: z.object({ digest: z.string() }),

  // messages, addresses and bodies that were removed
  retention: nothing,

  // a message that a viewer has not revealed
  not_revealed: nothing,

  // events: ignored and failed
  no_notifier: z.object({ nearest: z.string().optional() }),
  nothing_due: z.object({ cause: z.enum(zeroCauses).optional() }),
  hold_released: nothing,
  nothing_new: z.object({ cause: z.enum(oldNewsCauses).optional() }),
  test_event: z.object({ setting: z.string() }),
  no_recipient: detail,
  no_content: detail,
  enrichment_failed: detail,
  no_amount: nothing,
  bad_data: z.object({ path: z.string().optional(), message: z.string().optional() }),
  planning_failed: nothing,

  // receipts that were given up
  recording_failed: nothing,

  // an event that is only explained
  duplicate: event,

  // why a notification was not made
  same_recipient: nothing,
  not_chosen: z.object({ chosen: z.string() }),
  already_notified: event,
}

export type ReasonCode = keyof typeof reasonCodes
export type Reason = Coded<typeof reasonCodes>

export const reason = coder<typeof reasonCodes>()
