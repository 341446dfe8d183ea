// `posthorn send <notifier> --to <address>`: a test message through the real route, followed to its end.
import { randomUUID } from 'node:crypto'
import type { Schemas } from '../../clients/typescript/index.ts'
import { testEvent } from '../accept/test-message.ts'
import { systemClock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { sandboxName } from '../providers/sandbox/send.ts'
import { follow, planned } from './follow.ts'
import { badUsage, type Failure, fail, isFailure, print, printJson, stateText } from './output.ts'
import { ask, type Given, type RunningService, serviceFor } from './running.ts'
import { bold } from './styles.ts'

export interface SendOptions extends Given {
  to: string
  locale?: string
  wait: number
}

type Audit = Schemas['NotificationAudit']

const planWithinMs = 20_000

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
  const event = testEvent(name, { to, locale, now: systemClock.now() })
  if ('fault' in event) return { text: event.fault, code: badUsage }
  const id = `send-${randomUUID()}`
  const params = { header: { 'idempotency-key': id } }
  const body = event.body as Schemas['PostedEvent']
  const accepted = await ask(service, (api) => api.POST('/v1/events', { params, body }))
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
