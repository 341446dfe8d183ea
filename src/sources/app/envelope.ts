// An app's event body. Of a type that somebody listens to, every fault is told with its path; of any other, what fits is
// kept.
import { z } from 'zod'
import { type DataFault, type EventContent, priorities, type Recipient } from '../../domain/event.ts'
import { anyData, instant, isLine, line } from '../../wire/fields.ts'
import { type Fields, isFields, parseJson } from '../../wire/json.ts'
import type { Checkable, Translation } from '../source.ts'
import { readRecipient } from './recipient.ts'

const maxRecipients = 10_000
const maxFaults = 100

/** Who hears of a type: people, so that its events must name some and have data; what is no person; or nobody. */
export type WhoListens = (type: string) => 'people' | 'others' | 'nobody'

/** The body as an event. Where nobody listens it is one whatever stands in it beside its type. */
export function translateAppBody(raw: Buffer, whoListens: WhoListens): Translation {
  const body = parseJson(raw)
  if (!isFields(body)) return malformed('The body is not a JSON object in UTF-8.')
  const { type } = body
  if (typeof type !== 'string' || !isLine(type, 200))
    return malformed('The body needs a `type`: a text of 1 to 200 characters on one line.')
  const listening = whoListens(type)
  if (listening === 'nobody') return { ok: true, content: contentOf(type, validFields(body), validRecipients(body)) }
  const mustBeWhole = listening === 'people'
  const parsed = envelope.safeParse(body)
  const faults = parsed.success ? [] : parsed.error.issues.map(toFault)
  if (mustBeWhole && isAbsent(body.data)) faults.push({ path: 'data', message: 'is missing' })
  const recipients = readRecipients(body, mustBeWhole, faults)
  if (parsed.success && faults.length === 0) return { ok: true, content: contentOf(type, parsed.data, recipients) }
  const errors = faults.slice(0, maxFaults)
  const checkable = checkableOf(type, body)
  return { ok: false, kind: 'refused', status: 422, detail: 'The event has fields that do not fit.', errors, checkable }
}

/** What does not fit is left out: the sender meant it for nobody, and the raw body has it still. */
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

/** Whatever is wrong around it; undefined where the data itself is none. */
function checkableOf(type: string, body: Fields): Checkable | undefined {
  const { data } = body
  if (!isData(data)) return undefined
  const ownData = recipientsIn(body).map((each) => (isFields(each) && isData(each.data) ? { data: each.data } : {}))
  return { type, data, recipients: ownData }
}

function isData(value: unknown): value is Fields {
  return isFields(value) && anyData.safeParse(value).success
}

/** The body's own `id`, which `POST /v1/events` falls back to; null where there is none that could be one. */
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

/** Read one by one and only until the faults are enough to tell: a body may hold half a million. */
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
  if (recipients.length === 0) return fault('recipients', 'must name somebody')
  if (recipients.length > maxRecipients) return fault('recipients', `must name at most ${maxRecipients}`)
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

/**
 * What it can be found by, and finds others by: its reference, else the order that it is of. A payment has a name of its
 * own besides.
 */
function referencesOf(reference: string | null, { orderNumber, paymentId }: Fields): string[] {
  const names = [reference ?? orderNumber, paymentId]
  return [...new Set(names.filter((name): name is string => typeof name === 'string' && isLine(name, 300)))]
}

function toDate(text: string | null | undefined): Date | null {
  return text ? new Date(text) : null
}
