// Reason codes and their sentences for support staff. Codes are stable: people search and alert by them.
import type { Reason } from './notification.ts'

export const reasons = {
  // scheduled, pending, sending
  send_at: 'Scheduled for the requested send time.',
  due_later: 'Scheduled for later by the rule of its notifier.',
  quiet_hours: 'Waiting for the end of quiet hours in the recipient’s time zone.',
  collecting: 'Waiting to be sent as part of a digest.',
  due: 'Due now and waiting for a worker.',
  attempt_open: 'A call to a provider is in progress.',
  next_round: 'Every available provider of the route was tried and none took it. Waiting for the next round.',
  route_shut: 'No provider of the route is available. Delivery continues when one is.',
  provider_asked_to_wait: 'The provider asked for a pause. The next attempt follows it.',

  // unconfirmed; and quiet_hours
  settling: 'It may have been sent: the outcome of an attempt is unknown and is being settled.',
  held: 'It may have been sent, and the outcome could not be settled. It is held until a receipt or a person settles it.',

  // failed; and no_provider
  rejected: 'The provider rejected the message itself, so no other provider is tried.',
  tries_used_up: 'No provider took it, and no rounds are left.',
  render_failed: 'The message could not be rendered from the event’s data.',
  delivery_failed:
    'Delivering it failed, or ended the process, several times in a row. It is not tried again until a person retries it.',

  // undelivered
  bounced: 'The provider accepted it and later reported that it was not delivered.',

  // suppressed
  no_address: 'No address is known for this channel.',
  no_provider: 'No provider is configured for this channel.',
  suppressed_address: 'The address is on the suppression list.',
  opted_out: 'The recipient has opted out of product messages on this channel.',

  // expired
  expired: 'It expired before it was sent.',

  // cancelled
  cancelled: 'It was cancelled before it was sent.',
  superseded: 'Another event superseded it: the payment succeeded.',
  stopped: 'Another event made it unnecessary.',

  // events: accepted
  looking_up: 'The source is being asked for data that the event lacks.',

  // digested
  digested: 'It was included in a digest.',

  // messages, addresses and bodies that were removed
  retention: 'Removed at the end of the retention period (RETENTION_DAYS).',

  // a message that a viewer has not revealed
  not_revealed: 'Viewers see it only with `reveal=true`, which is recorded.',

  // events: ignored and failed
  no_notifier: 'No notifier handles this event type. The event is kept and can be replayed once one does.',
  no_recipient: 'The event names no recipient.',
  look_up_failed: 'The event names no recipient, and its source could not be asked for one.',
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
  already_told: 'Another event of the same fact already made this notification.',
} as const

export type ReasonCode = keyof typeof reasons

/** A reason with its sentence; `more` adds a sentence about this case. */
export function reason(code: ReasonCode, more?: string): Reason {
  return { code, text: more ? `${reasons[code]} ${more}` : reasons[code] }
}

/** A stored reason, with the standard sentence if the row holds only the code. */
export function reasonOf(code: string | null, text: string | null): Reason | null {
  if (!code) return null
  return { code, text: text ?? (code in reasons ? reasons[code as ReasonCode] : '') }
}
