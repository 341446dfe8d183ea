// Reads one recipient of an app's event, of which there may be 10,000.
import { z } from 'zod'
import { emailOf, localeOf, phoneOf, timezoneOf } from '../../domain/address.ts'
import type { Recipient } from '../../domain/event.ts'
import { anyData, line, readableBy } from '../../wire/fields.ts'
import { isFields } from '../../wire/json.ts'

const schema = z.object(
  {
    id: line(200).nullish(),
    email: readableBy(emailOf, 'must be an email address'),
    phone: readableBy(phoneOf, 'must be a phone number in E.164, such as +14155550123'),
    name: line(200).nullish(),
    locale: readableBy(localeOf, 'must be a BCP 47 locale, such as en-GB'),
    timezone: readableBy(timezoneOf, 'must be an IANA timezone, such as Europe/London'),
    data: anyData,
  },
  'must be an object',
)

type ReadRecipient = { ok: true; recipient: Recipient } | { ok: false; issues: z.core.$ZodIssue[] }

/** The recipient with its addresses in canonical form, or every fault. */
export function readRecipient(value: unknown, mustBeReachable: boolean): ReadRecipient {
  const parsed = schema.safeParse(value)
  const issues = parsed.success ? [] : parsed.error.issues
  // A malformed address already has its own fault.
  if (mustBeReachable && isFields(value) && isNone(value.email) && isNone(value.phone))
    issues.push({ code: 'custom', path: [], message: 'needs an email or a phone', input: value })
  return parsed.success && issues.length === 0 ? { ok: true, recipient: canonical(parsed.data) } : { ok: false, issues }
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null
}

function canonical(given: z.output<typeof schema>): Recipient {
  const recipient: Recipient = {}
  if (given.id) recipient.id = given.id
  if (given.email) recipient.email = given.email
  if (given.phone) recipient.phone = phoneOf(given.phone) ?? undefined
  if (given.name) recipient.name = given.name
  if (given.locale) recipient.locale = localeOf(given.locale) ?? undefined
  if (given.timezone) recipient.timezone = given.timezone
  if (given.data) recipient.data = given.data
  return recipient
}
