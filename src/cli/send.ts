// `posthorn send <notifier> --to <address>`: a test message through the real route, followed to its end.
import { randomUUID } from 'node:crypto'
import { systemClock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { emailOf } from '../domain/email-address.ts'
import { phoneOf } from '../domain/phone-number.ts'
import { notifiers } from '../notifiers/index.ts'
import { isForRecipients } from '../notifiers/notifier.ts'
import { sandboxName } from '../providers/sandbox/send.ts'
import { nearestName } from '../wire/nearest-name.ts'
import { follow, planned } from './follow.ts'
import type { Audit } from './notifications.ts'
import { badUsage, type Failure, fail, isFailure, print, printJson, stateText } from './output.ts'
import { askJson, type Given, type RunningService, serviceFor } from './running.ts'
import { bold } from './styles.ts'

export interface SendOptions extends Given {
  to: string
  locale?: string
  wait: number
}

const planWithinMs = 20_000
const offered = notifiers.filter(isForRecipients)

/** The names of the notifiers that write to people. */
export const sendable: readonly string[] = offered.map(({ name }) => name)

/** Exits with 0 if the message was sent or delivered, else with 1. */
export async function sendTest(config: Config, name: string, options: SendOptions): Promise<void> {
  const service = await serviceFor(config, options, ['operator'])
  if (isFailure(service)) return fail(service)
  const ended = await sendAndFollow(service, name, { ...options, print: options.json ? () => {} : print })
  if (isFailure(ended)) return fail(ended)
  if (options.json) printJson(ended)
  else print(`${bold(stateText(ended.state))} by ${ended.provider ?? 'no provider'}, notification ${ended.id}`)
  if (!['sent', 'delivered'].includes(ended.state)) process.exitCode = 1
}

interface Sending extends Pick<SendOptions, 'to' | 'locale' | 'wait'> {
  print(line: string): void
  /** Whether what is waited for has come, before the message's end. */
  isEnd?: (audit: Audit) => boolean
}

/** The notification at its end. A message that was sent is waited on for `wait` seconds, as its receipt may come. */
export async function sendAndFollow(
  service: RunningService,
  name: string,
  { to, locale, wait, print, isEnd: hasCome = () => false }: Sending,
): Promise<Audit | Failure> {
  const event = testEvent(name, to, locale)
  if (isFailure(event)) return event
  const id = `send-${randomUUID()}`
  const accepted = await askJson<{ id: string }>(service, '/v1/events', event, { 'idempotency-key': id })
  if (isFailure(accepted)) return accepted
  const plan = await planned(service, accepted.body.id, planWithinMs)
  if (isFailure(plan)) return plan
  const [notification] = plan.notifications
  if (!notification)
    return { text: `Nothing was planned: ${plan.omissions[0]?.reason.text ?? 'the event tells nobody.'}` }
  // The sandbox sends no receipts.
  const isEnd = (audit: Audit) =>
    (audit.state === 'sent' && (audit.provider === sandboxName || wait === 0)) || hasCome(audit)
  return follow(service, notification.id, { withinMs: Math.max(planWithinMs, wait * 1000), isEnd, print })
}

/** The notifier's sample for this address alone; its own reference stops no other message. */
function testEvent(name: string, to: string, locale: string | undefined): object | Failure {
  const notifier = offered.find((one) => one.name === name)
  if (!notifier) {
    const nearest = nearestName(name, sendable)
    return {
      text: `No notifier ${name} writes to people.${nearest ? ` Did you mean ${nearest}?` : ''}\nNotifiers: ${sendable.join(', ')}`,
      code: badUsage,
    }
  }
  const email = emailOf(to)
  const phone = email === null ? phoneOf(to) : null
  const channel = email === null ? 'sms' : 'email'
  if (email === null && phone === null)
    return { text: `${to} is neither an email address nor a phone number such as +14155550123.`, code: badUsage }
  if (!notifier.channels.includes(channel))
    return { text: `${name} has no ${channel}; its channels are ${notifier.channels.join(' and ')}.`, code: badUsage }
  const { name: called, timezone, locale: own } = notifier.sample.recipient
  return {
    type: notifier.sample.type,
    recipient: { ...(email === null ? { phone } : { email }), name: called, timezone, locale: locale ?? own },
    data: notifier.sample.data,
    channels: [channel],
    // Also what waits for a date of its own is sent now.
    sendAt: systemClock.now().toISOString(),
    reference: `test-${randomUUID().slice(0, 8)}`,
  }
}
