// Reads the body of an app's event.
import { z } from 'zod'
import { eventLoopYielder } from '../../clock.ts'
import { type DataFault, type EventContent, priorities, type Recipient } from '../../domain/event.ts'
import { channels } from '../../domain/notification.ts'
import { dataFaults, maxValues, tooMuchWork } from '../../wire/data-limits.ts'
import { anyData, instant, isLimit, isLine, line } from '../../wire/fields.ts'
import { type Fields, isFields } from '../../wire/json.ts'
import { meantInstead } from '../../wire/nearest-name.ts'
import type { Checkable, RefusedBody, TranslatedBody, Translation } from '../source.ts'
import { parseBody } from './body.ts'
import { readRecipient } from './recipient.ts'
import { type Faults, isAbsent, maxFaults, maxRecipients, readRecipients } from './recipients.ts'
import { unknownOfEvent } from './unknown-fields.ts'

/** Who is notified of a type. An event for people needs recipients and data. */
export type AudienceOf = (type: string) => 'people' | 'others' | 'nobody'

/**
 * The event, or every fault with its path. If nobody listens to the type, invalid fields are left out instead and the
 * event is stored.
 */
export async function translateAppBody(raw: Buffer, audienceOf: AudienceOf): Promise<Translation> {
  const parsed = await parseBody(raw, maxRecipients + 1)
  if (parsed.kind === 'malformed') return malformed('The body is not a JSON object in UTF-8.')
  if (parsed.kind === 'too-much')
    return tooMuch([{ path: parsed.path.join('.'), message: `must hold at most ${maxValues} values` }])
  const { body } = parsed
  const { type } = body
  if (typeof type !== 'string' || !isLine(type, 200))
    return malformed('The body needs a `type`: a string of 1 to 200 characters on one line.')
  const audience = audienceOf(type)
  return audience === 'nobody'
    ? translateWithoutAudience(type, body)
    : translateForAudience(type, body, audience === 'people')
}

async function translateForAudience(type: string, body: Fields, mustBeWhole: boolean): Promise<Translation> {
  const parsed = envelope.safeParse(body)
  const issues = parsed.success ? [] : parsed.error.issues
  const faults: Faults = {
    invalid: issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    unknown: unknownOfEvent(body),
    isTooMuch: issues.some(isLimit),
  }
  if (mustBeWhole && isAbsent(body.data)) faults.invalid.push({ path: 'data', message: 'is required' })
  const recipients = await readRecipients(body, mustBeWhole, faults)
  const unknown = faults.unknown.slice(0, maxFaults)
  if (parsed.success && faults.invalid.length === 0) return { ...translated(type, parsed.data, recipients), unknown }
  const { invalid, isTooMuch } = faults
  return { ...refused([...invalid, ...unknown], isTooMuch), checkable: await checkableOf(type, body) }
}

async function translateWithoutAudience(type: string, body: Fields): Promise<Translation> {
  const limits = limitFaults(body.data, 'data')
  const recipients: Recipient[] = []
  const yieldTurn = eventLoopYielder()
  for (const [i, each] of recipientsIn(body).entries()) {
    if (limits.length >= maxFaults) break
    await yieldTurn()
    if (isFields(each)) limits.push(...limitFaults(each.data, `recipients.${i}.data`))
    const read = readRecipient(each, false)
    if (read.ok) recipients.push(read.recipient)
  }
  if (limits.length > 0) return tooMuch(limits)
  return translated(type, validFields(body), recipients)
}

function limitFaults(data: unknown, at: string): DataFault[] {
  if (!isFields(data)) return []
  const faults = dataFaults(data, maxFaults).filter(({ isLimit }) => isLimit)
  return faults.map(({ path, message }) => ({ path: [at, ...path].join('.'), message }))
}

/** Leaves out invalid fields. The raw body still has them. */
function validFields(body: Fields): z.output<typeof envelope> {
  const parsed = envelope.safeParse(body)
  if (parsed.success) return parsed.data
  const invalid = new Set(parsed.error.issues.map(({ path: [field] }) => field))
  return envelope.parse(Object.fromEntries(Object.entries(body).filter(([field]) => !invalid.has(field))))
}

function recipientsIn({ recipient, recipients }: Fields): unknown[] {
  return Array.isArray(recipients) ? recipients.slice(0, maxRecipients) : [recipient]
}

/** The data of an invalid event, so that its faults are reported too; undefined if the data is not an object. */
async function checkableOf(type: string, body: Fields): Promise<Checkable | undefined> {
  const { data } = body
  if (!isData(data)) return undefined
  const recipients: Checkable['recipients'] = []
  const yieldTurn = eventLoopYielder()
  for (const each of recipientsIn(body)) {
    await yieldTurn()
    recipients.push(isFields(each) && isData(each.data) ? { data: each.data } : {})
  }
  return { type, data, recipients }
}

function isData(value: unknown): value is Fields {
  return isFields(value) && anyData.safeParse(value).success
}

function refused(errors: DataFault[], isTooMuch: boolean): RefusedBody {
  const detail = isTooMuch ? tooMuchWork : 'The event has invalid fields.'
  return { ok: false, kind: 'refused', status: 422, isTooMuch, detail, errors: errors.slice(0, maxFaults) }
}

function tooMuch(errors: DataFault[]): RefusedBody {
  return refused(errors, true)
}

function malformed(detail: string): Translation {
  return { ok: false, kind: 'refused', status: 400, detail }
}

const channel = z.enum(channels, {
  error: ({ input }) => `must be one of ${channels.join(', ')}${meantInstead(String(input), channels)}`,
})

/** The fields of an event beside its type and its recipients. */
export const envelope = z.object({
  id: line(256).nullish().describe('Makes a repeat a duplicate, where no header does.'),
  timestamp: instant.describe('When it happened.'),
  data: anyData,
  sendAt: instant.describe('When the message is sent.'),
  expiresAt: instant.describe('When the message is of no more use.'),
  priority: z.enum(priorities).nullish(),
  reference: line(200).nullish().describe('What support staff search by, and what relates events to each other.'),
  channels: z
    .array(channel, 'must be a list of channels')
    .min(1, 'must name at least one channel')
    .nullish()
    .describe('A choice among the notifier’s channels.'),
})

function translated(type: string, body: z.output<typeof envelope>, recipients: Recipient[]): TranslatedBody {
  return { ok: true, id: body.id ?? null, content: contentOf(type, body, recipients) }
}

function contentOf(type: string, body: z.output<typeof envelope>, recipients: Recipient[]): EventContent {
  const data = body.data ?? {}
  const references = referencesOf(body.reference ?? null, data)
  return {
    type,
    sourceType: type,
    // What it is found by is also what it is shown with.
    reference: references[0] ?? null,
    references,
    livemode: null,
    occurredAt: toDate(body.timestamp),
    recipients,
    data,
    sendAt: toDate(body.sendAt),
    expiresAt: toDate(body.expiresAt),
    priority: body.priority ?? null,
    ...(body.channels && { channels: body.channels }),
    fact: null,
  }
}

/** The names by which the event is found and matched with others: its reference or else its order, and its payment. */
function referencesOf(reference: string | null, { orderNumber, paymentId }: Fields): string[] {
  const names = [reference ?? orderNumber, paymentId]
  return [...new Set(names.filter((name): name is string => typeof name === 'string' && isLine(name, 300)))]
}

function toDate(text: string | null | undefined): Date | null {
  return text ? new Date(text) : null
}
