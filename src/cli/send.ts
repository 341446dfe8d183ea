// `posthorn send <notifier> --to <address>`: a test message through the real route, followed to its end.
import { randomUUID } from 'node:crypto'
import type { Schemas } from '../../clients/typescript/index.ts'
import { testEvent } from '../accept/test-message.ts'
import { systemClock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { allVendors } from '../providers/index.ts'
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
  else print(`${endText(ended, options.wait)}, notification ${ended.id}`)
  if (!['sent', 'delivered'].includes(ended.state)) process.exitCode = 1
}

/** What is known of it: `sent by …; no receipt came within 3 s`, `suppressed`, `pending after 3 s`. */
function endText({ state, provider, receipts }: Audit, waited: number): string {
  const isUnderWay = ['scheduled', 'pending', 'sending', 'unconfirmed'].includes(state)
  const by = provider && ['sent', 'delivered', 'undelivered'].includes(state) ? ` by ${provider}` : ''
  const noReceipt = state === 'sent' && waited > 0 && sendsReceipts(provider) && receipts.length === 0
  const after = isUnderWay ? ` after ${waited || planWithinMs / 1000} s` : ''
  return `${bold(stateText(state))}${by}${after}${noReceipt ? `; no receipt came within ${waited} s` : ''}`
}

function sendsReceipts(provider: string | null): boolean {
  return allVendors.some(({ name, reportSettings }) => name === provider && reportSettings.receipts)
}

interface Sending extends Pick<SendOptions, 'to' | 'locale' | 'wait'> {
  print(line: string): void
  /** Whether what is waited for has come, before the message's end. */
  isEnd?: (audit: Audit) => boolean
}

/** The notification at its end, or as it is after `wait` seconds; with 0 it ends once the message was sent, without a receipt. */
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
  const isEnd = (audit: Audit) =>
    (audit.state === 'sent' && (wait === 0 || !sendsReceipts(audit.provider))) || hasCome(audit)
  const withinMs = wait === 0 ? planWithinMs : wait * 1000
  return follow(service, notification.id, { withinMs, isEnd, print })
}
