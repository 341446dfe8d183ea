// What an operator can do with a notification, and why not where not. The API decides again when it is asked.
import { pathOf } from '../http/own-api.ts'
import type { NotificationAudit } from './shown.ts'

interface Act {
  isOffered: boolean
  /** What it does, or why it is not offered. */
  text: string
}

type Shown = Pick<NotificationAudit, 'state' | 'channel' | 'to' | 'reason' | 'eventId' | 'recipientId'>

/** Settling is spoken of only where there is a doubt: null elsewhere. */
export function actsFor(n: Shown): { retry: Act; cancel: Act; settle: Act | null; suppress: Act } {
  return {
    retry: retryOf(n),
    cancel: cancelOf(n),
    settle:
      n.state === 'unconfirmed'
        ? {
            isOffered: true,
            text: 'A receipt that comes late settles it by itself; until then you can say what you know.',
          }
        : null,
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

function cancelOf({ state }: Shown): Act {
  switch (state) {
    case 'scheduled':
    case 'pending':
      return { isOffered: true, text: 'It is then not sent. It is either cancelled or sent, never both.' }
    case 'sending':
      return { isOffered: false, text: 'Too late: a provider is being called.' }
    case 'sent':
    case 'delivered':
    case 'undelivered':
      return { isOffered: false, text: 'Too late: it has left.' }
    case 'unconfirmed':
      return { isOffered: false, text: 'Too late: it may have left.' }
    case 'cancelled':
      return { isOffered: false, text: 'It is cancelled already.' }
    default:
      return { isOffered: false, text: 'There is nothing to stop: it is not going to be sent.' }
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
        text: 'It is sent once more, as a new message to the same address. Where that does not work, it bounces again.',
      }
    case 'unconfirmed':
      return {
        isOffered: true,
        text: 'The recipient may get it twice: it is not known whether the first one went out.',
      }
    case 'sent':
    case 'delivered':
      return { isOffered: false, text: 'It has gone out. A replay of its event with force sends a second copy.' }
    case 'suppressed':
      return { isOffered: false, text: 'It was kept back. Remove the reason, then replay its event.' }
    case 'cancelled':
      return { isOffered: false, text: 'It was cancelled, and stays so.' }
    case 'digested':
      return { isOffered: false, text: 'It is part of another message, which can be sent again.' }
    default:
      return { isOffered: false, text: 'It has not been sent yet, and goes on by itself.' }
  }
}

/** The pages on which the rest can be done. */
export function waysOn({ state, reason, eventId, recipientId, to }: Shown): { text: string; to: string }[] {
  const replay = { text: 'Replay its event…', to: `/dashboard/events/${eventId}/replay` }
  if (state === 'sent' || state === 'delivered')
    return [{ text: 'Send a second copy…', to: `/dashboard/events/${eventId}/replay?force=true` }]
  if (state !== 'suppressed') return []
  if (reason?.code === 'suppressed_address')
    return [{ text: 'See the suppressions', to: '/dashboard/suppressions' }, replay]
  if (reason?.code === 'opted_out')
    return [
      {
        text: 'See the preferences',
        to: pathOf('/dashboard/preferences', { recipient: recipientId ?? to ?? undefined }),
      },
      replay,
    ]
  return [replay]
}
