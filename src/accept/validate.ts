// Validates an incoming event: answers the row to store, or why the event is refused.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import type { DataFault, EventContent } from '../domain/event.ts'
import type { Reason } from '../domain/reason.ts'
import { ignoredAsTest } from '../domain/test-events.ts'
import { nearestType, noNotifier } from '../notifiers/index.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import type { Step } from '../observe/tracing.ts'
import { isPointer } from '../sources/kit/pointer.ts'
import type { Checkable, RefusedBody, Translation } from '../sources/source.ts'
import type { NewEvent } from '../store/events/insert.ts'
import { commonDataFault, tooMuchWork } from '../wire/data-limits.ts'
import { schemaFaults } from '../wire/schema-faults.ts'

export interface IncomingEvent {
  source: string
  sourceId: string
  raw: Buffer
  translation: Translation
  /** Whether invalid data is refused (an app can correct it), or stored and marked as failed (a vendor cannot). */
  reportsFaultsToSender: boolean
  /** Absent for an event of our own. */
  arrival?: Arrival
}

/** The request that brought an event, and what it says of its sender's trace. */
export interface Arrival {
  step: Step
  traceparent: unknown
}

/** A fault that the sender can correct. */
export interface Refusal {
  ok: false
  code: 'not_an_event' | 'event_invalid' | 'event_too_much'
  detail: string
  errors?: DataFault[]
}

const maxFaults = 100

export interface Valid {
  ok: true
  event: NewEvent
  /** What the sender may have meant instead, or may not expect; null if there is nothing. */
  hint: string | null
}

export async function validate(ctx: Ctx, incoming: IncomingEvent): Promise<Valid | Refusal> {
  const { translation } = incoming
  if (!translation.ok && translation.kind === 'refused') return refusalOf(ctx, translation)
  const { content } = translation
  const notifiers = ctx.notifiersFor(content.type)
  if (incoming.reportsFaultsToSender) {
    const { errors: ofData, isTooMuch } = await dataFaults(notifiers, content)
    const unknown = (translation.ok && translation.unknown) || []
    const errors = [...unknown, ...ofData].slice(0, maxFaults)
    if (isTooMuch) return { ok: false, code: 'event_too_much', detail: tooMuchWork, errors }
    const detail =
      unknown.length > 0
        ? 'The event has fields that it does not take.'
        : `The event does not fit what ${content.type} needs.`
    if (errors.length > 0) return { ok: false, code: 'event_invalid', detail, errors }
  }
  return { ok: true, event: newEvent(ctx, incoming, content, notifiers), hint: hintOf(content, notifiers) }
}

function hintOf({ type, channels }: EventContent, notifiers: Notifier[]): string | null {
  if (notifiers.length === 0) {
    const nearest = nearestType(type)
    return nearest && `No notifier handles \`${type}\`; did you mean \`${nearest}\`?`
  }
  const has = [...new Set(notifiers.flatMap((notifier) => notifier.channels))]
  if (!channels || has.length === 0 || channels.some((channel) => has.includes(channel))) return null
  return `Nobody is notified: \`channels\` chooses ${channels.join(', ')}, and \`${type}\` has ${has.join(', ')}.`
}

/** Lists faults of the data beside those of the envelope, so that a sender can correct all of them at once. */
async function refusalOf(ctx: Ctx, refused: RefusedBody): Promise<Refusal> {
  const { status, isTooMuch, detail, errors, checkable } = refused
  const ofData = checkable ? (await dataFaults(ctx.notifiersFor(checkable.type), checkable)).errors : []
  const code = status === 400 ? 'not_an_event' : isTooMuch ? 'event_too_much' : 'event_invalid'
  return { ok: false, code, detail, ...(errors && { errors: [...errors, ...ofData].slice(0, maxFaults) }) }
}

function newEvent(ctx: Ctx, incoming: IncomingEvent, content: EventContent, notifiers: Notifier[]): NewEvent {
  const now = ctx.clock.now()
  return {
    id: uuidv7({ msecs: now.getTime() }),
    source: incoming.source,
    sourceId: incoming.sourceId,
    forgottenId: ctx.pseudonymOf(incoming.sourceId),
    type: content.type,
    sourceType: content.sourceType,
    ...startOf(ctx, incoming, content, notifiers),
    reference: content.reference,
    references: content.references,
    mentions: content.mentions ?? [],
    fact: content.fact,
    livemode: content.livemode,
    priority: content.priority ?? notifiers[0]?.priority ?? 'normal',
    receivedAt: now,
    occurredAt: content.occurredAt ?? now,
    traceparent: null,
    raw: incoming.raw,
  }
}

function startOf(
  ctx: Ctx,
  { source, translation }: IncomingEvent,
  content: EventContent,
  notifiers: Notifier[],
): Pick<NewEvent, 'status' | 'reason'> {
  if (!translation.ok && translation.kind === 'silent') return { status: 'ignored', reason: translation.reason }
  if (notifiers.length === 0 && !isPointer(translation)) return { status: 'ignored', reason: noNotifier(content.type) }
  const ignored = contentIsTest(ctx, source, translation)
  if (ignored) return { status: 'ignored', reason: ignored }
  const incomplete = !translation.ok && translation.kind === 'incomplete' ? translation : null
  // Enrichment asks its source for what is missing, in its own job.
  const isAskable = incomplete?.missing && ctx.sources.named(source).enrich
  // An event that supersedes others must be planned, even though its own plan then fails.
  if (incomplete && !isAskable && !ctx.supersedesOthers(incomplete.content.type))
    return { status: 'failed', reason: incomplete.fault }
  return { status: 'accepted', reason: null }
}

function contentIsTest(ctx: Ctx, source: string, translation: Translation): Reason | null {
  if (!translation.ok && translation.kind === 'refused') return null
  return ignoredAsTest(ctx.sources.named(source).testEvents, translation.content.livemode)
}

/** All faults of the data: of the common data once, and of each recipient's own data. */
async function dataFaults(
  notifiers: Notifier[],
  content: Checkable,
): Promise<{ errors: DataFault[]; isTooMuch: boolean }> {
  const tooMuch = notifiers.length > 0 ? commonDataFault(content.data, content.recipients.length) : null
  if (tooMuch) return { errors: [{ path: 'data', message: tooMuch }], isTooMuch: true }
  const errors: DataFault[] = []
  for (const { schema } of notifiers)
    errors.push(...(await schemaFaults(schema, content, { maxFaults: maxFaults - errors.length })))
  return { errors, isTooMuch: false }
}
