// What support can tell the customer about a message: sentences that can be read aloud as they are.
import { isForOperator } from '../../notifiers/index.ts'
import { isDead, isRefused } from '../../show/what-to-do.ts'
import { Panel } from '../kit/parts.tsx'
import type { NotificationAudit } from '../kit/shown.ts'
import { atTime, minute } from '../kit/times.ts'

type TalkedOf = Pick<
  NotificationAudit,
  | 'state'
  | 'channel'
  | 'notifier'
  | 'reason'
  | 'to'
  | 'subject'
  | 'sentAt'
  | 'deliveredAt'
  | 'scheduledFor'
  | 'timeline'
  | 'addressSuppressed'
>

export function Say({ n, now }: { n: TalkedOf; now: Date }) {
  const text = sayFor(n, now)
  return (
    text && (
      <Panel id="say" title="What you can tell the customer">
        <div className="in">
          <p className="say">“{text}”</p>
        </div>
      </Panel>
    )
  )
}

/** Null where there is nobody to tell: a callback, an operator's alert, or the sandbox. */
function sayFor(n: TalkedOf, now: Date): string | null {
  const { state, channel, reason } = n
  if (channel === 'callback' || isForOperator(n.notifier) || reason?.code === 'sandbox') return null
  const what = channel === 'sms' ? 'a text message' : n.subject ? `the email “${n.subject}”` : 'an email'
  const at = (iso: string | null) => (iso ? ` ${atTime(iso, now, minute)} UTC` : '')
  const where =
    channel === 'sms'
      ? 'If you do not see it, look under blocked and unknown senders.'
      : 'If it is not in your inbox, look under Spam and Promotions, or search for its subject.'
  switch (state) {
    case 'delivered':
      return `We sent ${what} to ${placeOf(n)}${at(n.sentAt)}, and ${channel === 'sms' ? 'your phone network' : 'your mail provider'} took it${at(n.deliveredAt) === at(n.sentAt) ? ' at once' : at(n.deliveredAt)}. ${where}`
    case 'sent':
      return `We sent ${what} to ${placeOf(n)}${at(n.sentAt)}. It is on its way, and we have not heard yet that it arrived. ${where}`
    case 'undelivered':
      if (isRefused(reason)) return turnedOff(n, what)
      if (reason?.cause === 'unreachable')
        return `We sent ${what} to ${placeOf(n)}${at(n.sentAt)}, and your phone could not be reached. Is it switched on, and has it a signal? We can send it again.`
      if (reason?.cause === 'filtered' || reason?.cause === 'sender')
        return `We sent ${what} to ${placeOf(n)}${at(n.sentAt)}, and it was stopped on its way. Nothing is wrong with your ${channel === 'sms' ? 'number' : 'address'}. We are looking into it.`
      return `We sent ${what} to ${placeOf(n)}${at(n.sentAt)}, and it came back. Is that still the right ${channel === 'sms' ? 'number' : 'address'}, or may we use another one?`
    case 'unconfirmed':
      return `We tried to send ${what} to ${placeOf(n)}, and could not see whether it went out. Did you get it?`
    case 'failed':
      if (isRefused(reason)) return turnedOff(n, what)
      if (isDead(reason))
        return `We tried to send ${what} to ${placeOf(n)}, and nothing can be sent there. Is that still right, or may we use another one?`
      return `We tried to send ${what} to ${placeOf(n)}, and could not. It did not reach you. We are looking into it.`
    case 'suppressed':
      return keptBack(n, what)
    case 'expired':
      return `We could not send ${what} in time, so we did not send it.`
    case 'scheduled':
      if (reason?.code === 'quiet_hours')
        return `We send no text messages at night, so ${what} goes to ${placeOf(n)}${at(n.scheduledFor) || ' in the morning'}.`
      return `We send ${what} to ${placeOf(n)}${at(n.scheduledFor) || ' later'}.`
    case 'pending':
      return waiting(n, what, at)
    case 'sending':
      return `We are sending ${what} to ${placeOf(n)} now. It should be there in a few minutes.`
    case 'cancelled':
      if (reason?.code === 'superseded')
        return `Your payment went through after all, so we did not send ${what}. There is nothing for you to do.`
      if (reason?.code === 'stopped') return `Things had changed before ${what} was due, so we did not send it.`
      return `We stopped ${what} before it was sent, so you did not get it.`
    case 'digested':
      return null
  }
}

/** It is promised for a time only where the next try has one. */
function waiting(n: TalkedOf, what: string, at: (iso: string | null) => string): string {
  const next = n.timeline.at(-1)
  const again = next?.code === 'next' ? `We try again${at(next.at)}` : 'We try again'
  switch (n.reason?.code) {
    case 'next_round':
      return `We tried to send ${what} to ${placeOf(n)}, and could not yet. ${again}, and there is nothing for you to do.`
    case 'providers_unavailable':
    case 'provider_asked_to_wait':
      return `We could not send ${what} to ${placeOf(n)} yet. It is not lost: it goes out by itself as soon as that works again.`
    case 'quiet_hours':
      return `We send no text messages at night, so ${what} goes to ${placeOf(n)} in the morning.`
    default:
      return `We are sending ${what} to ${placeOf(n)} now. It should be there in a few minutes.`
  }
}

function keptBack({ reason, channel, ...n }: TalkedOf, what: string): string {
  const place = placeOf({ channel, ...n })
  switch (reason?.code) {
    case 'suppressed_address':
      if (n.addressSuppressed === false && isDead(reason))
        return `Messages to ${place} came back before, so we did not send ${what}. Does it work now, or may we use another one?`
      if (n.addressSuppressed === false && !isRefused(reason))
        return `We were not writing to ${place} when ${what} was due, so we did not send it. Shall we send it now?`
      if (isDead(reason))
        return `Messages to ${place} came back before, so we did not send ${what}. Is that still right, or may we use another one?`
      if (isRefused(reason) && (channel === 'sms' || n.addressSuppressed === false))
        return turnedOff({ reason, channel, ...n }, what)
      return `We do not write to ${place} at the moment, so we did not send ${what}. Would you like to get our messages there again?`
    case 'opted_out':
      return `You have turned off our news, so we did not send ${what}. Would you like to get it again?`
    case 'no_address':
      return `We have no ${channel === 'sms' ? 'phone number' : 'email address'} of yours, so we could not send ${what}. Which one may we use?`
    default:
      return `We could not send ${what}. We are looking into it.`
  }
}

function turnedOff(n: TalkedOf, what: string): string {
  if (n.addressSuppressed === false)
    return n.channel === 'sms'
      ? `We could not send ${what} to ${placeOf(n)}, because our text messages to it were stopped. Shall we send it now? If it does not come, reply START.`
      : `We could not send ${what} to ${placeOf(n)}, because our messages to it were turned off. Shall we send it now?`
  return n.channel === 'sms'
    ? `We could not send ${what} to ${placeOf(n)}, because our text messages to it were stopped, for example by the reply STOP. To get them again, reply START.`
    : `We could not send ${what} to ${placeOf(n)}, because our messages to it were turned off. Would you like to get them there again?`
}

/** Without the name of the mailbox or the whole number, as it is read aloud. */
function placeOf({ channel, to }: Pick<TalkedOf, 'channel' | 'to'>): string {
  const domain = to?.split('@')[1]
  if (channel === 'sms') return to ? `your number that ends in ${to.slice(-2)}` : 'your phone'
  return domain ? `your address at ${domain}` : 'you'
}
