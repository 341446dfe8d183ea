// What became of a notification, in one plain sentence, and what that means.
import { titleOf } from '../providers/index.ts'
import type { NotificationAudit } from './shown.ts'
import { shortTime } from './times.ts'

type Shown = Pick<
  NotificationAudit,
  'state' | 'channel' | 'reason' | 'provider' | 'sentAt' | 'deliveredAt' | 'openedAt' | 'clickedAt' | 'expiresAt' | 'to'
>

export interface AnswerText {
  first: string
  more: string
}

const receivers = { email: 'The mail server', sms: 'The phone network', callback: 'The app' }

/** Delivered is not read, and unopened is not unread. */
export function answerFor(n: Shown, now: Date): AnswerText {
  const why = n.reason?.text ?? ''
  const at = (iso: string | null) => (iso ? ` at ${shortTime(iso, now)}` : '')
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
      return { first: 'It may or may not have gone out.', more: why }
    case 'failed':
      return { first: 'It was given up and not sent.', more: why }
    case 'suppressed':
      return { first: 'It was not sent, on purpose.', more: why }
    case 'expired':
      return { first: 'It was not sent, as it would have come too late.', more: why }
    case 'cancelled':
      return { first: 'It was stopped before it was sent.', more: why }
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
  if (clickedAt) return `A link in it was opened at ${shortTime(clickedAt, now)}, most likely by the customer.`
  if (openedAt) return `It was opened at ${shortTime(openedAt, now)}, most likely by the customer.`
  return channel === 'email' ? 'That it was not reported as opened does not mean that it was not read.' : ''
}

interface Act {
  isOffered: boolean
  /** What it does, or why it is not offered. */
  text: string
}

/** What an operator can do, and why not where not. The API decides again when it is asked. */
export function actsFor(n: Shown): Record<'retry' | 'cancel' | 'settle' | 'suppress', Act> {
  const { state } = n
  const isOut = state === 'sent' || state === 'delivered'
  return {
    retry: retryOf(n),
    cancel:
      state === 'scheduled' || state === 'pending'
        ? { isOffered: true, text: 'It is then not sent. It is either cancelled or sent, never both.' }
        : { isOffered: false, text: isOut ? 'Too late: it has left.' : `It is ${state}, so there is nothing to stop.` },
    settle:
      state === 'unconfirmed'
        ? {
            isOffered: true,
            text: 'A receipt that comes late settles it by itself; until then you can say what you know.',
          }
        : { isOffered: false, text: `There is no doubt to settle: it is ${state}.` },
    suppress:
      n.to !== null && n.channel !== 'callback'
        ? { isOffered: true, text: '' }
        : {
            isOffered: false,
            text:
              n.to === null
                ? 'It has no address.'
                : 'An app is not suppressed; take its callback URL out of APP_CALLBACKS.',
          },
  }
}

function retryOf({ state }: Shown): Act {
  switch (state) {
    case 'failed':
      return { isOffered: true, text: 'It goes through the route again, from its first provider.' }
    case 'expired':
      return { isOffered: true, text: 'Its time limit is lifted, and it is sent although it is late.' }
    case 'undelivered':
      return {
        isOffered: true,
        text: 'It is sent once more, as a new message. Mend the address first, or it bounces again.',
      }
    case 'unconfirmed':
      return {
        isOffered: true,
        text: 'The recipient may get it twice: it is not known whether the first one went out.',
      }
    case 'sent':
    case 'delivered':
      return { isOffered: false, text: 'It has gone out. To send a second copy, replay its event with force.' }
    default:
      return {
        isOffered: false,
        text: `It is ${state}. What failed, bounced, expired or is in doubt can be sent again.`,
      }
  }
}
