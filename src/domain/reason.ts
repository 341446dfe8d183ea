// Every reason code and its sentence for support staff. Codes are stable: people search and
// alert by them. docs/reasons.md lists them, and a test keeps the two the same.
import type { Reason } from './notification.ts'

export const reasons = {
  // scheduled, pending, sending
  send_at: 'Waits for the time it was asked to be sent at.',
  due_later: 'Waits for its time: this message goes out then by its own rule.',
  quiet_hours: 'It is night where the recipient lives: waits for the morning.',
  collecting: 'Waits for its digest, and goes out then as a part of it.',
  due: 'Due now: waits for a worker.',
  attempt_open: 'A provider is being called right now.',
  next_round: 'Every provider of the route was tried and none could take it; the next round follows.',
  route_shut: 'No provider of the route may be called right now. It goes on as soon as one may.',
  provider_asked_to_wait: 'The provider asked for a pause; the next attempt waits for it.',

  // unconfirmed; and quiet_hours
  settling: 'It may have gone out: a call ended without a clear answer, and that is being settled.',
  held: 'It may have gone out, and nobody can say for certain. It waits for a receipt or for a person.',

  // failed; and no_provider
  rejected: 'The provider refused the message itself, so no other provider would take it.',
  tries_used_up: 'Every round was used and no provider took it.',
  render_failed: 'The message could not be rendered from the event’s data.',

  // undelivered
  bounced: 'The provider took it, and says that it did not arrive.',

  // suppressed
  no_address: 'No address is known for this channel.',
  no_provider: 'No provider is configured for this channel.',
  suppressed_address: 'This address must not be sent to.',
  opted_out: 'The recipient has opted out of product messages on this channel.',

  // expired
  expired: 'It would have come too late to be useful.',

  // cancelled
  cancelled: 'It was stopped before it was sent.',
  superseded: 'What it tells has been overtaken: the payment has since succeeded.',
  stopped: 'Something that has happened since made it needless.',

  // events: accepted
  looking_up: 'Its source is being asked for what the event does not say.',

  // digested
  digested: 'It became part of another notification.',

  // words, addresses and bodies that are gone
  retention: 'Removed by age, as RETENTION_DAYS says.',

  // a message that a viewer did not ask to be shown
  not_revealed: 'A viewer is shown it with `reveal=true`, and that is recorded.',

  // events: ignored and failed
  no_notifier: 'No notifier listens to this type. The event is kept and can be replayed once one does.',
  no_recipient: 'The event names nobody to tell.',
  look_up_failed: 'The event names nobody to tell, and its source could not be asked.',
  no_amount: 'The event lacks an amount or a currency that can be shown.',
  bad_data: 'The event’s data does not fit what the notifier needs.',
  planning_failed:
    'Its planning failed, or ended the process, several times in a row. It is not tried again until it is replayed.',

  // an event that is only explained
  duplicate: 'An event of this source and id came before: nothing happens twice.',

  // why a notification was not made
  same_recipient: 'The event names the same person at the same address twice.',
  already_told: 'Another event of the same fact has made this notification already.',
} as const

export type ReasonCode = keyof typeof reasons

/** A reason with its sentence; `more` adds what only this case knows. */
export function reason(code: ReasonCode, more?: string): Reason {
  return { code, text: more ? `${reasons[code]} ${more}` : reasons[code] }
}

/** A stored reason; the sentence above where the row keeps only the code. */
export function reasonOf(code: string | null, text: string | null): Reason | null {
  if (!code) return null
  return { code, text: text ?? (code in reasons ? reasons[code as ReasonCode] : '') }
}
