// What an operator can do with a notification, and otherwise why not. The API decides again when it is asked.
import { pathOf } from '../../http/dashboard/own-api.ts'
import { isDead, isRefused } from '../../show/what-to-do.ts'
import type { NotificationAudit } from '../kit/shown.ts'

interface Act {
  isOffered: boolean
  /** What it does, or why it is not offered. */
  text: string
}

type Shown = Pick<
  NotificationAudit,
  'state' | 'channel' | 'to' | 'reason' | 'eventId' | 'recipientId' | 'addressSuppressed'
>

/** A report has put its address on the suppression list, where it still is. */
const isListed = ({ state, reason, addressSuppressed }: Shown) =>
  addressSuppressed && (state === 'failed' || state === 'undelivered') && (isDead(reason) || isRefused(reason))

const isLifted = ({ state, reason, addressSuppressed }: Shown) =>
  state === 'suppressed' && reason?.code === 'suppressed_address' && addressSuppressed === false

/** Settling is offered only where there is a doubt; null elsewhere. */
export function actsFor(n: Shown): { retry: Act; cancel: Act; settle: Act | null; suppress: Act } {
  return {
    retry: isListed(n) ? onceLifted : isLifted(n) ? replayOnly : retryActs[n.state],
    cancel: cancelActs[n.state],
    settle:
      n.state === 'unconfirmed'
        ? can('A receipt that comes late settles it by itself; until then you can say what you know.')
        : null,
    suppress: suppressOf(n),
  }
}

const can = (text: string): Act => ({ isOffered: true, text })
const cannot = (text: string): Act => ({ isOffered: false, text })

const onceLifted = can('Its address was put on the suppression list. Lift that first: until then it is not sent.')
const replayOnly = cannot('It was suppressed. Replay its event: the address is no longer on the suppression list.')
const stop = can('It is then not sent. It is either cancelled or sent, never both.')
const hasLeft = cannot('Too late: it has left.')
const nothingToStop = cannot('There is nothing to stop: it is not going to be sent.')

const cancelActs: Record<Shown['state'], Act> = {
  scheduled: stop,
  pending: stop,
  sending: cannot('Too late: a provider is being called.'),
  sent: hasLeft,
  delivered: hasLeft,
  undelivered: hasLeft,
  unconfirmed: cannot('Too late: it may have left.'),
  cancelled: cannot('It is cancelled already.'),
  failed: nothingToStop,
  suppressed: nothingToStop,
  expired: nothingToStop,
  digested: nothingToStop,
}

const goesOn = cannot('It has not been sent yet, and goes on by itself.')
const goneOut = cannot('It has gone out. A replay of its event with force sends a second copy.')

const retryActs: Record<Shown['state'], Act> = {
  scheduled: goesOn,
  pending: goesOn,
  sending: goesOn,
  sent: goneOut,
  delivered: goneOut,
  undelivered: can(
    'It is sent once more, as a new message to the same address. If nothing has changed there, it fails again.',
  ),
  unconfirmed: can('The recipient may get it twice: it is not known whether the first one went out.'),
  cancelled: cannot('It was cancelled, and stays so.'),
  failed: can('It goes through the route again, from its first provider.'),
  suppressed: cannot('It was suppressed. Remove the reason, then replay its event.'),
  expired: can('Its time limit is lifted, and it is sent although it is late.'),
  digested: cannot('It is part of another message, which can be sent again.'),
}

function suppressOf({ to, channel }: Shown): Act {
  if (to === null) return cannot('It has no address.')
  if (channel === 'callback') return cannot('An app is not suppressed; take its callback URL out of APP_CALLBACKS.')
  return can('')
}

/** The pages on which the rest can be done. */
export function waysOn(n: Shown): { text: string; to: string }[] {
  const { state, reason, eventId, recipientId, to } = n
  const suppressions = {
    text: 'See the suppressions',
    to: pathOf('/dashboard/suppressions', { address: to ?? undefined }),
  }
  const replay = { text: 'Replay its event…', to: `/dashboard/events/${eventId}/replay` }
  if (state === 'sent' || state === 'delivered')
    return [{ text: 'Send a second copy…', to: `/dashboard/events/${eventId}/replay?force=true` }]
  if (isListed(n)) return [suppressions]
  if (state !== 'suppressed') return []
  if (reason?.code === 'suppressed_address' && !isLifted(n)) return [suppressions, replay]
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
