// Reads the body of an app's event.
import { z } from 'zod'
import { type DataFault, type EventContent, priorities, type Recipient } from '../../domain/event.ts'
import { anyData, instant, isLine, line } from '../../wire/fields.ts'
import { type Fields, isFields, parseJson } from '../../wire/json.ts'
import type { Checkable, Translation } from '../source.ts'
import { readRecipient } from './recipient.ts'

const maxRecipients = 10_000
const maxFaults = 100

/** Who is notified of a type. An event for people needs recipients and data. */
export type AudienceOf = (type: string) => 'people' | 'others' | 'nobody'

/**
 * The event, or every fault with its path. If nobody listens to the type, invalid fields are left out instead and the
 * event is stored.
 */
export function translateAppBody(raw: Buffer, audienceOf: AudienceOf): Translation {
  const body = parseJson(raw)
  if (!isFields(body)) return malformed('The body is not a JSON object in UTF-8.')
  const { type } = body
  if (typeof type !== 'string' || !isLine(type, 200))
    return malformed('The body needs a `type`: a string of 1 to 200 characters on one line.')
  const listening = audienceOf(type)
  if (listening === 'nobody') return { ok: true, content: contentOf(type, validFields(body), validRecipients(body)) }
  const mustBeWhole = listening === 'people'
  const parsed = envelope.safeParse(body)
  const faults = parsed.success ? [] : parsed.error.issues.map(toFault)
  if (mustBeWhole && isAbsent(body.data)) faults.push({ path: 'data', message: 'is missing' })
  const recipients = readRecipients(body, mustBeWhole, faults)
  if (parsed.success && faults.length === 0) return { ok: true, content: contentOf(type, parsed.data, recipients) }
  const errors = faults.slice(0, maxFaults)
  const checkable = checkableOf(type, body)
  return { ok: false, kind: 'refused', status: 422, detail: 'The event has invalid fields.', errors, checkable }
}

/** Leaves out invalid fields. The raw body still has them. */
function validFields(body: Fields): z.output<typeof envelope> {
  const parsed = envelope.safeParse(body)
  if (parsed.success) return parsed.data
  const unfit = new Set(parsed.error.issues.map(({ path: [field] }) => field))
  return envelope.parse(Object.fromEntries(Object.entries(body).filter(([field]) => !unfit.has(field))))
}

function validRecipients(body: Fields): Recipient[] {
  return recipientsIn(body).flatMap((each) => {
    const read = readRecipient(each, false)
    return read.ok ? [read.recipient] : []
  })
}

function recipientsIn({ recipient, recipients }: Fields): unknown[] {
  return Array.isArray(recipients) ? recipients.slice(0, maxRecipients) : [recipient]
}

/** The data of an invalid event, so that its faults are reported too; undefined if the data is not an object. */
function checkableOf(type: string, body: Fields): Checkable | undefined {
  const { data } = body
  if (!isData(data)) return undefined
  const ownData = recipientsIn(body).map((each) => (isFields(each) && isData(each.data) ? { data: each.data } : {}))
  return { type, data, recipients: ownData }
}

function isData(value: unknown): value is Fields {
  return isFields(value) && anyData.safeParse(value).success
}

/** The body's `id`, the default idempotency key of `POST /v1/events`; null if there is no valid one. */
export function bodyId(raw: Buffer): string | null {
  const body = parseJson(raw)
  return isFields(body) && typeof body.id === 'string' && isLine(body.id, 256) ? body.id : null
}

function malformed(detail: string): Translation {
  return { ok: false, kind: 'refused', status: 400, detail }
}

const envelope = z.object({
  id: line(256).nullish(),
  timestamp: instant,
  data: anyData,
  sendAt: instant,
  expiresAt: instant,
  priority: z.enum(priorities, `must be one of ${priorities.join(', ')}`).nullish(),
  reference: line(200).nullish(),
})

/** Stops at `maxFaults`, since a body may have half a million recipients. */
function readRecipients(body: Fields, mustBeReachable: boolean, faults: DataFault[]): Recipient[] {
  const { recipient, recipients } = body
  const fault = (path: string, message: string) => {
    faults.push({ path, message })
    return []
  }
  if (isAbsent(recipient) && isAbsent(recipients)) return mustBeReachable ? fault('recipient', 'is missing') : []
  if (!isAbsent(recipient) && !isAbsent(recipients)) fault('recipients', 'give either recipient or recipients')
  if (!isAbsent(recipient)) return readOne(recipient, 'recipient', mustBeReachable, faults)
  if (!Array.isArray(recipients)) return fault('recipients', 'must be a list')
  if (recipients.length === 0) return fault('recipients', 'must have at least one recipient')
  if (recipients.length > maxRecipients) return fault('recipients', `must have at most ${maxRecipients} recipients`)
  return recipients.flatMap((each, i) =>
    faults.length < maxFaults ? readOne(each, `recipients.${i}`, mustBeReachable, faults) : [],
  )
}

function readOne(value: unknown, path: string, mustBeReachable: boolean, faults: DataFault[]): Recipient[] {
  const read = readRecipient(value, mustBeReachable)
  if (read.ok) return [read.recipient]
  for (const issue of read.issues) faults.push({ ...toFault(issue), path: [path, ...issue.path].join('.') })
  return []
}

function toFault({ path, message }: z.core.$ZodIssue): DataFault {
  return { path: path.join('.'), message }
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

function contentOf(type: string, body: z.output<typeof envelope>, recipients: Recipient[]): EventContent {
  const reference = body.reference ?? null
  const data = body.data ?? {}
  return {
    type,
    sourceType: type,
    reference,
    references: referencesOf(reference, data),
    livemode: null,
    occurredAt: toDate(body.timestamp),
    recipients,
    data,
    sendAt: toDate(body.sendAt),
    expiresAt: toDate(body.expiresAt),
    priority: body.priority ?? null,
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
