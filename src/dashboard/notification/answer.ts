// What became of a notification, in one plain sentence, and what that means.
import { titleOf } from '../../providers/index.ts'
import type { NotificationAudit } from '../kit/shown.ts'
import { isUnable } from '../kit/summary.ts'
import { atTime } from '../kit/times.ts'

type Shown = Pick<
  NotificationAudit,
  'state' | 'channel' | 'reason' | 'provider' | 'sentAt' | 'deliveredAt' | 'openedAt' | 'clickedAt' | 'to'
>

export interface AnswerText {
  first: string
  more: string
}

const receivers = { email: 'The mail server', sms: 'The phone network', callback: 'The app' }

/** Delivered is not read, and unopened is not unread. */
export function answerFor(n: Shown, now: Date): AnswerText {
  const why = n.reason?.text ?? ''
  const at = (iso: string | null) => (iso ? ` ${atTime(iso, now)}` : '')
  switch (n.state) {
    case 'delivered':
      return {
        first: 'It arrived.',
        more: `${receiverOf(n)} accepted it${at(n.deliveredAt)}. ${why || readBy(n, now)}`,
      }
    case 'sent':
      if (n.channel === 'callback') return { first: 'The app took it.', more: `It answered${at(n.sentAt)}. ${why}` }
      if (why) return { first: 'Nothing left this service.', more: why }
      return {
        first: `${n.provider ? titleOf(n.provider) : 'A provider'} took it.`,
        more: `That was${at(n.sentAt)}. No receipt has said so far whether it arrived.`,
      }
    case 'undelivered':
      return { first: 'It did not arrive.', more: why }
    case 'unconfirmed':
      return { first: 'Nobody knows so far whether it went out.', more: why }
    case 'failed':
      return { first: 'It was given up and not sent.', more: why }
    case 'suppressed':
      return { first: isUnable(n) ? 'It could not be sent.' : 'It was not sent, on purpose.', more: why }
    case 'expired':
      return { first: 'It was not sent, as it would have come too late.', more: why }
    case 'cancelled':
      return { first: 'It was stopped.', more: why }
    case 'digested':
      return { first: 'It became part of another message.', more: why }
    case 'scheduled':
      return { first: 'It waits for its time.', more: why }
    case 'pending':
      return { first: 'It waits to be sent.', more: why }
    case 'sending':
      return { first: 'It is being sent now.', more: why }
  }
}

function receiverOf({ channel, to }: Shown): string {
  const domain = channel === 'email' ? to?.split('@')[1] : undefined
  return domain ? `${receivers.email} of ${domain}` : receivers[channel]
}

function readBy({ channel, openedAt, clickedAt }: Shown, now: Date): string {
  if (clickedAt) return `A link in it was opened ${atTime(clickedAt, now)}, most likely by the customer.`
  if (openedAt) return `It was opened ${atTime(openedAt, now)}, most likely by the customer.`
  return channel === 'email' ? 'That it was not reported as opened does not mean that it was not read.' : ''
}

/** What an operator or support does about it, once nothing more happens by itself. */
export function whatToDo({ state, channel, reason }: Pick<Shown, 'state' | 'channel' | 'reason'>): string {
  switch (state) {
    case 'delivered':
      return 'Nothing more is planned. A late bounce or complaint would appear in the timeline.'
    case 'sent':
      if (reason?.code === 'sandbox') return 'Nothing more is planned, and no receipt will come.'
      return channel === 'callback'
        ? 'Nothing more is planned.'
        : 'Nothing more is planned. A receipt would appear in the timeline; where none ever comes, look at the provider’s webhook.'
    case 'undelivered':
      return 'Nothing more is planned. Ask the customer for an address that works: the same one would most likely bounce again.'
    case 'unconfirmed':
      return 'It is not sent twice on a guess. Ask the provider or the customer whether it came, then settle it or send it again.'
    case 'failed':
      return `Nothing more is planned. ${fixFor[reason?.code ?? ''] ?? 'Fix what the attempts complain of, then send it again.'}`
    case 'suppressed':
      return `Nothing more is planned. ${isDead(reason) ? otherAddress : (liftFor[reason?.code ?? ''] ?? 'Remove the reason, then replay its event.')}`
    case 'expired':
      return 'Nothing more is planned. If it is still of use, send it again: its time limit is then lifted.'
    case 'cancelled':
      return 'Nothing more is planned. It is not sent any more.'
    case 'digested':
      return 'Nothing more is planned. What became of the other message says whether it arrived.'
    default:
      return 'It continues by itself.'
  }
}

const otherAddress =
  'Ask the customer for an address that works, which the source has to send. If this one works after all, lift the suppression, then replay its event.'

/** The address itself does not work, as a provider has reported. */
export function isDead(reason: Shown['reason']): boolean {
  return reason?.cause === 'hard_bounce' || reason?.cause === 'invalid_address'
}

const fixFor: Record<string, string> = {
  rejected: 'Check the address and what the provider answered: the same message would be refused again.',
  render_failed: 'Fix the wording or the event’s data, then send it again.',
}
const liftFor: Record<string, string> = {
  suppressed_address: 'If the customer wants messages again, lift the suppression, then replay its event.',
  opted_out: 'If the customer wants product news again, change it under Preferences, then replay its event.',
  no_address: 'The source has to send an event that has the address.',
  no_provider: 'Set up a provider, then replay its event.',
}
