// Fans an event out: one candidate for each notifier, recipient and channel, with the reason where it must not be sent.
import type { Ctx } from '../context.ts'
import type { EventContent, Recipient } from '../domain/event.ts'
import type { NewNotification, PersonalChannel } from '../domain/notification.ts'
import { type Reason, reason } from '../domain/reason.ts'
import type { SandboxCause } from '../domain/sandbox.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import type { Addressed, Ineligible } from '../policy/eligibility.ts'
import { withVendorTypes } from '../sources/index.ts'
import type { Range } from '../store/events/plans.ts'
import type { Candidate } from './candidate.ts'
import { addressOn, channelsTo, chosenChannels, noAddress } from './channels.ts'
import { fanOutToApps } from './fan-out-apps.ts'
import { hashOf, hashOfOwn, recipientKey } from './recipient-key.ts'
import { timingOf } from './timing.ts'

/** All recipients of these notifiers in the range, including the operator. */
export function peopleOf(
  ctx: Ctx,
  notifiers: Notifier[],
  content: EventContent,
  [from, upTo]: Range = [0, content.recipients.length],
): Recipient[] {
  const operators = notifiers.some(({ audience }) => audience === 'operator') ? [operatorOf(ctx)] : []
  return [...content.recipients.slice(from, upTo), ...operators]
}

function operatorOf({ defaults }: Ctx): Recipient {
  return defaults.operatorEmail ? { email: defaults.operatorEmail } : {}
}

interface Source {
  event: StoredEvent
  content: EventContent
  /** Must know all recipients in the range. */
  ineligible: Ineligible
}

/**
 * Yields the candidates of the recipients in the range, in order; the first range includes the operator and the apps. A
 * generator, so that the candidates of a large event need not all be in memory.
 */
export function* fanOut(
  ctx: Ctx,
  source: Source,
  [from, upTo]: Range = [0, source.content.recipients.length],
): Generator<Candidate> {
  const { event, content } = source
  for (const notifier of ctx.notifiersFor(event.type)) {
    const isForOperator = notifier.audience === 'operator'
    const part = !isForOperator ? content.recipients.slice(from, upTo) : from === 0 ? [operatorOf(ctx)] : []
    for (const [i, recipient] of part.entries())
      yield* toRecipient(ctx, { ...source, notifier, recipient, at: from + i })
  }
  if (from === 0) yield* fanOutToApps(ctx, event, content)
}

interface RecipientInput extends Source {
  notifier: Notifier
  recipient: Recipient
  /** The recipient's index in the event. */
  at: number
}

function* toRecipient(ctx: Ctx, input: RecipientInput): Generator<Candidate> {
  const { event, content, notifier, recipient } = input
  const ownData = hashOfOwn(recipient)
  const data = () => (recipient.data ? { ...content.data, ...recipient.data } : content.data)
  // Merged once while planning, but not retained by the candidates.
  let merged: Record<string, unknown> | undefined
  const once = () => {
    merged ??= data()
    return merged
  }
  for (const channel of channelsTo(chosenChannels(notifier, content), recipient)) {
    const planned = plannedOf(ctx, { ...input, channel, ownData, data: once })
    yield { source: event.source, notifier, recipient, data, happenedAt: content.occurredAt, planned }
  }
}

interface ChannelInput extends RecipientInput {
  channel: PersonalChannel
  ownData: string | null
  data: Candidate['data']
}

function plannedOf(ctx: Ctx, input: ChannelInput): Candidate['planned'] {
  const { event, content, notifier, recipient, channel, data } = input
  const to = addressOn(channel, recipient)
  const timezone = recipient.timezone ?? ctx.defaults.timezone
  const now = ctx.clock.now()
  const { state, reason: why, ...times } = timingOf({ event, content, notifier, channel, data, timezone }, now)
  const base = {
    notifier: notifier.name,
    category: notifier.category,
    channel,
    recipientId: recipient.id ?? null,
    recipientKey: recipientKey(input, to),
    to,
    locale: recipient.locale ?? ctx.defaults.locale,
    timezone,
    reference: event.reference,
    priority: content.priority ?? notifier.priority,
    whenUnsure: notifier.whenUnsure(channel),
    sandboxed: sandboxCause(ctx, event, channel),
    stoppedBy: notifier.stoppedBy && withVendorTypes(notifier.stoppedBy),
    quietHours: notifier.quietHours(channel),
    ...times,
  }
  const ineligibleReason = ineligibilityOf(ctx, input, base)
  const planned = ineligibleReason
    ? { ...base, state: 'suppressed' as const, reason: ineligibleReason }
    : { ...base, state, reason: why }
  if (!notifier.digest || planned.state !== 'scheduled') return planned
  // A part of the digest that this recipient gets from this source at that time.
  const part = { name: recipient.name ?? null, data: data() }
  return { ...planned, digest: { key: digestKey({ ...planned, source: event.source }), part } }
}

/** Test events go to the sandbox if their source's setting says so. */
function sandboxCause(ctx: Ctx, { source, livemode }: StoredEvent, channel: PersonalChannel): SandboxCause | null {
  const isForSandbox = livemode === false && ctx.sources.named(source).testEvents?.policy === 'sandbox'
  return isForSandbox ? 'test_event' : ctx.sandbox[channel].cause
}

type Digested = 'notifier' | 'channel' | 'recipientId' | 'to' | 'scheduledFor' | 'sandboxed'
interface DigestIdentity extends Pick<NewNotification, Digested> {
  source: string
}

/** Identifies a digest without revealing its recipient. What is for the sandbox has digests of its own. */
export function digestKey({
  source,
  notifier,
  channel,
  recipientId,
  to,
  scheduledFor,
  sandboxed,
}: DigestIdentity): string {
  const isSandboxed = sandboxed !== null
  return hashOf([source, notifier, channel, recipientId, to?.toLowerCase(), scheduledFor?.toISOString(), isSandboxed])
}

function ineligibilityOf(
  ctx: Ctx,
  { event, notifier, recipient, ineligible }: RecipientInput,
  about: Addressed,
): Reason | null {
  if (!about.to) {
    const isForOperator = notifier.audience === 'operator'
    if (isForOperator) return reason('no_address', { setting: 'OPERATOR_EMAIL' })
    return noAddress(recipient, about.channel)
  }
  if (ctx.routeOf(about).length === 0) return reason('no_provider')
  return ineligible({ ...about, to: about.to, source: event.source })
}
