// Says reasons in English, for support staff: the sentence of the code, and a sentence about the case.
import { known, type StoredCode } from '../domain/coded.ts'
import { type Reason, type ReasonCode, reasonCodes } from '../domain/reason.ts'
import type { SandboxCause } from '../domain/sandbox.ts'
import { unavailableText } from './causes.ts'
import { listedAs } from './listing.ts'
import { nameOf, reported, sentence, sentences, unknownCode } from './provider.ts'
import { causeOf } from './reason-cause.ts'

export const reasonSentences: Record<ReasonCode, string> = {
  // scheduled, pending, sending
  send_at: 'Scheduled for the requested send time.',
  due_later: 'Scheduled for later by its notifier.',
  quiet_hours: 'Waiting for quiet hours to end in the recipient’s time zone.',
  collecting: 'Waiting to be sent as part of a digest.',
  due: 'Queued; a worker will pick it up shortly.',
  attempt_open: 'Being sent: a call to a provider is in progress.',
  next_round: 'No available provider accepted it. It will be tried again in the next round.',
  providers_unavailable: 'No provider is available. Sending continues when one is.',
  provider_asked_to_wait: 'The provider asked for a pause. The next attempt follows it.',

  // unconfirmed; and quiet_hours
  settling: 'It may have been sent: the outcome of an attempt is unknown and is being settled.',
  held: 'It may have been sent, and this could not be confirmed. Held until a receipt or an operator settles it.',

  // failed; and no_provider
  rejected: 'The message itself was rejected, so no other provider is tried.',
  tries_used_up: 'No provider accepted it, and no attempts are left.',
  render_failed: 'The message could not be rendered from the event’s data.',
  delivery_failed:
    'Delivering it failed, or ended the process, several times in a row. It is not tried again until a person retries it.',

  // undelivered
  bounced: 'The provider accepted it and later reported that it was not delivered.',

  // sent and delivered
  sandbox: 'The sandbox took it, and nothing was sent.',

  // suppressed
  no_address: 'No address is known for this channel.',
  no_provider: 'No provider is configured for this channel.',
  suppressed_address: 'The address is on the suppression list.',
  opted_out: 'The recipient has opted out of product messages on this channel.',

  // expired
  expired: 'It expired before it was sent.',

  // cancelled
  cancelled: 'Cancelled before it was sent.',
  superseded: 'Cancelled because the payment succeeded.',
  stopped: 'Cancelled because another event made it unnecessary.',

  // events: accepted
  enriching: 'The source is being asked for data that the event lacks.',

  // digested
  digested: 'Included in a digest.',

  // messages, addresses and bodies that were removed
  retention: 'Removed at the end of the retention period (RETENTION_DAYS).',

  // a message that a viewer has not revealed
  not_revealed: 'Viewers see it only with `reveal=true`, which is recorded.',

  // events: ignored and failed
  no_notifier: 'No notifier handles this event type. The event is kept and can be replayed once one does.',
  nothing_due: 'Nothing was due or paid, so nobody is notified.',
  hold_released: 'A hold was released. That returns no money, so nobody is notified.',
  nothing_new: 'It changes nothing that anybody needs to be notified of.',
  test_event: 'The event is a test, and test events are ignored.',
  no_recipient: 'The event names no recipient.',
  no_content: 'The event only points to its content, which could not be fetched.',
  enrichment_failed: 'The event names no recipient, and its source could not be asked for one.',
  no_amount: 'The event lacks an amount or a currency that can be shown.',
  bad_data: 'The event’s data does not have the form that the notifier requires.',
  planning_failed:
    'Planning failed, or ended the process, several times in a row. It is not retried until the event is replayed.',

  // receipts that were given up
  recording_failed:
    'Applying it failed, or ended the process, several times in a row. It is stored and does not count.',

  // an event that is only explained
  duplicate: 'An event with this source and id was accepted before. A duplicate has no effect.',

  // why a notification was not made
  same_recipient: 'The event names the same person with the same address more than once.',
  not_chosen: 'The event chooses other channels.',
  already_notified: 'Another event about the same thing already made this notification.',
}

/** Why a message is for the sandbox. */
export const sandboxCauses: Record<SandboxCause, string> = {
  no_provider: 'No provider is configured.',
  route: 'The route names the sandbox.',
  test_event: 'Its event is a test.',
}

export function reasonText(stored: StoredCode): string {
  if (!Object.hasOwn(reasonSentences, stored.code)) return unknownCode(stored.code)
  const first = reasonSentences[stored.code as ReasonCode]
  const reason = known(reasonCodes, stored)
  const more = reason && caseText(reason)
  return more ? `${first} ${sentence(more)}` : first
}

type SilentCause = NonNullable<Extract<Reason, { code: 'nothing_due' | 'nothing_new' }>['params']['cause']>

const silentCauses: Record<SilentCause, string> = {
  zero_amount: 'The amount is zero.',
  zero_invoice: 'The invoice’s amount is zero.',
  zero_refund: 'Nothing is refunded.',
  no_payment_required: 'The checkout required no payment.',
  unpaid_checkout: 'The checkout is not paid. If it is paid later, another event says so.',
  mandate_registered: 'The payment only registered a mandate, which succeeded.',
  no_trial: 'The subscription has no trial.',
  refund_not_failed: 'The refund has not failed.',
  payment_link: 'It says which invoice a payment pays, and another event reports the payment.',
  still_renews: 'The change does not concern whether the subscription renews.',
}

type ShownReason = { code: string; text: string; cause?: string }

/** As the API and callbacks show it. */
export function showReason(stored: StoredCode): ShownReason
export function showReason(stored: StoredCode | null): ShownReason | null
export function showReason(stored: StoredCode | null) {
  const cause = stored && causeOf(stored)
  return stored && { code: stored.code, text: reasonText(stored), ...(cause && { cause }) }
}

/** About this case; null if the code says it all. */
function caseText({ code, params }: Reason): string | null {
  switch (code) {
    case 'providers_unavailable':
      return unavailableText(params.provider, params.cause)
    case 'held':
      if (params.ineligible) return reasonText(params.ineligible)
      if (params.hasFailed) return 'Delivering it failed, or ended the process, several times in a row.'
      return params.prefersSilence ? 'Its notifier prefers no message to a duplicate.' : null
    case 'rejected':
      return sentences(
        `${nameOf(params.provider)} rejected it${params.errorCode ? ` with the code ${params.errorCode}` : ''}.`,
        params.suppress && `The address was put on the suppression list: ${sentence(listedAs(params.suppress))}`,
      )
    case 'bounced': {
      const said = reported(params.code, params.text)
      return said ? `It reported: ${said}` : null
    }
    case 'no_address':
      return params.setting ? `${params.setting} is not set.` : (params.detail ?? null)
    case 'suppressed_address':
      return `Why: ${listedAs(params.listedAs)}`
    case 'opted_out':
      return `By ${params.by}, on ${params.date}.`
    case 'cancelled':
      return `By ${params.by}.`
    case 'superseded':
    case 'stopped':
      return `It was ${params.type}, event ${params.event}.`
    case 'enriching':
      if (params.isExplained) return 'Explain does not ask it: this is based on the event alone.'
      return params.detail ?? null
    case 'sandbox':
      return sandboxCauses[params.cause]
    case 'test_event':
      return `${params.setting} is ignore.`
    case 'nothing_due':
    case 'nothing_new':
      return params.cause ? silentCauses[params.cause] : null
    case 'no_content':
    case 'no_recipient':
    case 'enrichment_failed':
      return params.detail ?? null
    case 'no_notifier':
      return params.nearest ? `Did you mean \`${params.nearest}\`?` : null
    case 'not_chosen':
      return `Its \`channels\`: ${params.chosen}.`
    case 'digested':
      return `It is notification ${params.digest}.`
    case 'bad_data':
      return params.path && params.message ? `At ${params.path}: ${params.message}` : (params.message ?? null)
    case 'duplicate':
    case 'already_notified':
      return `It was event ${params.event}.`
    default:
      return null
  }
}
