// What becomes of an event when it comes in: refused, or the row that is kept of it. Pure.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import type { DataFault, EventContent } from '../domain/event.ts'
import { reason } from '../domain/reason.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import type { Checkable, Translation } from '../sources/source.ts'
import type { NewEvent } from '../store/events/insert.ts'
import { commonDataFault } from '../wire/data-limits.ts'
import { schemaFaults } from '../wire/schema-faults.ts'

export interface IncomingEvent {
  source: string
  sourceId: string
  raw: Buffer
  translation: Translation
  /** Whether the sender is told of data that does not fit (an app), or it is kept and shown as failed (a vendor). */
  answersForItsData: boolean
}

/** Only what the sender can mend. */
export interface Refusal {
  ok: false
  status: 400 | 422
  detail: string
  errors?: DataFault[]
}

type Refused = Extract<Translation, { kind: 'refused' }>

const maxFaults = 100

export async function validate(ctx: Ctx, incoming: IncomingEvent): Promise<{ ok: true; event: NewEvent } | Refusal> {
  const { translation } = incoming
  if (!translation.ok && translation.kind === 'refused') return refusalOf(ctx, translation)
  const { content } = translation
  const notifiers = ctx.notifiersFor(content.type)
  if (incoming.answersForItsData) {
    const errors = await dataFaults(notifiers, content)
    if (errors.length > 0)
      return { ok: false, status: 422, detail: `The event does not fit what ${content.type} needs.`, errors }
  }
  return { ok: true, event: newEvent(ctx, incoming, content, notifiers) }
}

/** With the faults of the data beside those of the envelope, so that a sender mends all of them at once. */
async function refusalOf(ctx: Ctx, { status, detail, errors, checkable }: Refused): Promise<Refusal> {
  const ofData = checkable ? await dataFaults(ctx.notifiersFor(checkable.type), checkable) : []
  return { ok: false, status, detail, ...(errors && { errors: [...errors, ...ofData].slice(0, maxFaults) }) }
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
    ...startOf(ctx, incoming, notifiers),
    reference: content.reference,
    references: content.references,
    mentions: content.mentions ?? [],
    fact: content.fact,
    livemode: content.livemode,
    priority: content.priority ?? notifiers[0]?.priority ?? 'normal',
    receivedAt: now,
    occurredAt: content.occurredAt ?? now,
    raw: incoming.raw,
  }
}

function startOf(
  ctx: Ctx,
  { source, translation }: IncomingEvent,
  notifiers: Notifier[],
): Pick<NewEvent, 'status' | 'reason'> {
  if (notifiers.length === 0) return { status: 'ignored', reason: reason('no_notifier') }
  const incomplete = !translation.ok && translation.kind === 'incomplete' ? translation : null
  // What its source can still say is asked for by a job of its own.
  const isAskable = incomplete?.needs && ctx.lookUp(source)
  // And what stops others does so in its plan, which then fails.
  if (incomplete && !isAskable && !ctx.stopsOthers(incomplete.content.type))
    return { status: 'failed', reason: incomplete.fault }
  return { status: 'accepted', reason: null }
}

/** Every fault of the data, for the common data once and for each recipient who has data of their own. */
async function dataFaults(notifiers: Notifier[], content: Checkable): Promise<DataFault[]> {
  const tooMuch = notifiers.length > 0 ? commonDataFault(content.data, content.recipients.length) : null
  if (tooMuch) return [{ path: 'data', message: tooMuch }]
  const faults: DataFault[] = []
  for (const { schema } of notifiers)
    faults.push(...(await schemaFaults(schema, content, { mostFaults: maxFaults - faults.length })))
  return faults
}
