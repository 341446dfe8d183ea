// What became of a notification, in one plain sentence, and what that means.
import { titleOf } from '../../providers/index.ts'
import type { NotificationAudit } from '../kit/shown.ts'
import { isUnable } from '../kit/summary.ts'
import { atTime } from '../kit/times.ts'

type Shown = Pick<
  NotificationAudit,
  | 'state'
  | 'channel'
  | 'reason'
  | 'provider'
  | 'sentAt'
  | 'deliveredAt'
  | 'openedAt'
  | 'clickedAt'
  | 'to'
  | 'addressSuppressed'
>

export interface AnswerText {
  first: string
  more: string
}

const receivers = { email: 'The mail server', sms: 'The phone network', callback: 'The app' }

/** Delivered is not read, and unopened is not unread. */
export function answerFor(n: Shown, now: Date): AnswerText {
  const isLifted = n.reason?.code === 'suppressed_address' && n.addressSuppressed === false
  const why = isLifted ? 'The address was on the suppression list when it was due.' : (n.reason?.text ?? '')
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
