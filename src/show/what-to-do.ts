// Says in English what a person does about a notification, once nothing more happens by itself.
import type { Channel } from '../domain/channel.ts'
import type { State } from '../domain/notification.ts'

interface Ended {
  state: State
  channel: Channel
  reason: { code: string; cause?: string } | null
  /** Whether its address is on the suppression list now, where that is known. */
  addressSuppressed?: boolean | null
}

/** What an operator or support does about it, once nothing more happens by itself. */
export function whatToDo({ state, channel, reason, addressSuppressed }: Ended): string {
  const wayFor = addressSuppressed === false ? wayOnceLifted : wayWhileListed
  switch (state) {
    case 'delivered':
      return 'Nothing more is planned. A late bounce or complaint would appear in the timeline.'
    case 'sent':
      if (reason?.code === 'sandbox')
        return `Nothing more is planned, and no receipt will come. ${unsentFor(reason.cause)}`
      return channel === 'callback'
        ? 'Nothing more is planned.'
        : 'Nothing more is planned. A receipt would appear in the timeline; where none ever comes, look at the provider’s webhook.'
    case 'undelivered':
      return `Nothing more is planned. ${wayFor(reason, 'send it again') ?? (channel === 'sms' ? otherNumber : 'Ask the customer for an address that works: the same one would most likely bounce again.')}`
    case 'unconfirmed':
      return 'It is not sent twice on a guess. Ask the provider or the customer whether it came, then settle it or send it again.'
    case 'failed':
      return `Nothing more is planned. ${wayFor(reason, 'send it again') ?? fixFor[reason?.code ?? ''] ?? 'Fix what the attempts complain of, then send it again.'}`
    case 'suppressed':
      return `Nothing more is planned. ${wayFor(reason, 'replay its event') ?? removalFor[reason?.code ?? ''] ?? 'Remove the reason, then replay its event.'}`
    case 'expired':
      return 'Nothing more is planned. If it is still of use, send it again: its time limit is then lifted.'
    case 'cancelled':
      return reason?.code === 'superseded' || reason?.code === 'stopped'
        ? 'Nothing more is planned. The other event has its own messages.'
        : 'Nothing more is planned. It is not sent any more.'
    case 'digested':
      return 'Nothing more is planned. What became of the other message says whether it arrived.'
    default:
      return 'It continues by itself.'
  }
}

/** The sandbox took it by intent, or for want of a provider. */
function unsentFor(cause: string | undefined): string {
  return cause === 'no_provider'
    ? 'To send it for real, set up a provider, then replay its event with force.'
    : 'It was meant for the sandbox.'
}

const otherNumber =
  'If the report names the phone, ask the customer for a number that works, or send it again later. If it names a filter or the sender, it is ours to settle with the provider before any text arrives.'

/** The address itself does not work, as a provider has reported. */
export function isDead(reason: Ended['reason']): boolean {
  return reason?.cause === 'hard_bounce' || reason?.cause === 'invalid_address'
}

/** Its owner wants no messages there, as a provider has reported. */
export function isRefused(reason: Ended['reason']): boolean {
  return reason?.cause === 'opted_out' || reason?.cause === 'complaint'
}

const otherAddress = 'Ask the customer for an address that works, which the source has to send.'

/** By the suppression of its address, or by what the provider said of the address or the sender; null where there is neither. */
function wayWhileListed(reason: Ended['reason'], again: string): string | null {
  if (isDead(reason)) return `${otherAddress} If this one works after all, lift the suppression, then ${again}.`
  if (isRefused(reason))
    return `Nothing goes to this address until its owner wants it: by START where it was STOP, or you lift the suppression at their wish, then ${again}.`
  if (reason?.code === 'suppressed_address')
    return `If the customer wants messages again, lift the suppression, then ${again}.`
  return wayByReport(reason, again)
}

/** As `wayWhileListed`, of an address that is on the suppression list no more. */
function wayOnceLifted(reason: Ended['reason'], again: string): string | null {
  const lifted = 'The address is no longer on the suppression list.'
  if (isDead(reason)) return `${lifted} If it works now, ${again}. Otherwise ask the customer for another address.`
  if (isRefused(reason) || reason?.code === 'suppressed_address')
    return `${lifted} If the customer still needs the message, ${again}.`
  return wayByReport(reason, again)
}

function wayByReport(reason: Ended['reason'], again: string): string | null {
  switch (reason?.cause) {
    case 'unreachable':
      return `The phone was switched off or out of reach. Later, ${again}; ask for another number only if that goes on.`
    case 'filtered':
      return `The number is not at fault: settle the filter with the provider, by the sender or the wording, then ${again}.`
    case 'sender':
      return `The number is not at fault: the sender or the account has to be fixed at the provider, then ${again}.`
    default:
      return null
  }
}

const fixFor: Record<string, string> = {
  rejected: 'Check the address and what the provider answered: the same message would be refused again.',
  render_failed: 'Fix the wording or the event’s data, then send it again.',
}
const removalFor: Record<string, string> = {
  opted_out:
    'Messages about orders and payments still go out. If the customer wants product news again, change it under Preferences, then replay its event.',
  no_address: 'The source has to send an event that has the address.',
  no_provider: 'Set up a provider, then replay its event.',
}
