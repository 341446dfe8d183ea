// The event of a test message: a notifier's sample for one address alone, which is processed like any other event.
import { randomUUID } from 'node:crypto'
import { emailFault, emailOf } from '../domain/email-address.ts'
import { phoneOf } from '../domain/phone-number.ts'
import { notifiers } from '../notifiers/index.ts'
import { isForRecipients } from '../notifiers/notifier.ts'
import { nearestName } from '../wire/nearest-name.ts'

const offered = notifiers.filter(isForRecipients)

/** The names of the notifiers that write to people. */
export const sendable: readonly string[] = offered.map(({ name }) => name)

interface TestMessage {
  /** As a person has typed it; it decides the channel. */
  to: string
  /** Default: the sample's. */
  locale?: string
  now: Date
}

/** The body of the event, or why there is none. Its own reference stops no other message. */
export function testEvent(name: string, { to, locale, now }: TestMessage): { body: object } | { fault: string } {
  const notifier = offered.find((one) => one.name === name)
  if (!notifier) {
    const nearest = nearestName(name, sendable)
    const meant = nearest ? ` Did you mean ${nearest}?` : ''
    return { fault: `No notifier ${name} writes to people.${meant}\nNotifiers: ${sendable.join(', ')}` }
  }
  const email = emailOf(to)
  const phone = email === null ? phoneOf(to) : null
  const channel = email === null ? 'sms' : 'email'
  if (email === null && phone === null && to.includes('@')) return { fault: `${to} ${emailFault(to)}.` }
  if (email === null && phone === null)
    return { fault: `${to} is neither an email address nor a phone number such as +14155550123.` }
  if (!notifier.channels.includes(channel))
    return { fault: `${name} has no ${channel}; its channels are ${notifier.channels.join(' and ')}.` }
  const { name: called, timezone, locale: own } = notifier.sample.recipient
  return {
    body: {
      type: notifier.sample.type,
      recipient: { ...(email === null ? { phone } : { email }), name: called, timezone, locale: locale ?? own },
      data: notifier.sample.data,
      channels: [channel],
      // Also what waits for a date of its own is sent now.
      sendAt: now.toISOString(),
      reference: `test-${randomUUID().slice(0, 8)}`,
    },
  }
}
