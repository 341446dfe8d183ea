// Reads one recipient of an app's event, of which there may be 10,000.
import { z } from 'zod'
import { emailFault, emailOf } from '../../domain/email-address.ts'
import type { Recipient } from '../../domain/event.ts'
import { localeOf, timezoneOf } from '../../domain/locale.ts'
import { countryOf, phoneOf } from '../../domain/phone-number.ts'
import { anyData, line, readableBy } from '../../wire/fields.ts'
import { isFields } from '../../wire/json.ts'

export const recipientSchema = z.object(
  {
    id: line(200).nullish().describe('Your own id of the person.'),
    email: z.string('must be an email address').transform(canonicalEmail).nullish(),
    phone: z.string('must be a phone number').nullish().describe('E.164, or national with `country`.'),
    country: readableBy(countryOf, 'must be the ISO 3166 code of a country, such as GB').describe(
      'ISO 3166; reads a national phone number.',
    ),
    name: line(200).nullish(),
    locale: readableBy(localeOf, 'must be a BCP 47 locale, such as en-GB'),
    timezone: readableBy(timezoneOf, 'must be an IANA timezone, such as Europe/London'),
    data: anyData.describe('Merged over the event’s data, for this recipient.'),
  },
  'must be an object',
)

type ReadRecipient = { ok: true; recipient: Recipient } | { ok: false; issues: z.core.$ZodIssue[] }

/** The recipient with its addresses in canonical form, or every fault. */
export function readRecipient(value: unknown, mustBeReachable: boolean): ReadRecipient {
  const parsed = recipientSchema.safeParse(value)
  const issues = parsed.success ? [] : [...parsed.error.issues]
  const given = isFields(value) ? value : {}
  const fault = (message: string, ...path: string[]) => issues.push({ code: 'custom', path, message, input: value })
  const country = countryOf(given.country)
  const phone = phoneOf(given.phone, country)
  if (typeof given.phone === 'string' && phone === null) fault(phoneFault(country), 'phone')
  // A malformed address already has its own fault.
  if (mustBeReachable && isFields(value) && isNone(given.email) && isNone(given.phone))
    fault('must have an email or a phone')
  if (!parsed.success || issues.length > 0) return { ok: false, issues }
  return { ok: true, recipient: canonical({ ...parsed.data, phone }) }
}

function canonicalEmail(text: string, context: z.core.$RefinementCtx<string>): string {
  const email = emailOf(text)
  if (email) return email
  context.issues.push({ code: 'custom', message: emailFault(text), input: text })
  return z.NEVER
}

function phoneFault(country: string | null): string {
  const how = 'must be a phone number in E.164, such as +14155550123, or a national one with its `country`'
  return country ? `${how}; no number in ${country} is like this` : how
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null
}

function canonical(given: z.output<typeof recipientSchema>): Recipient {
  const recipient: Recipient = {}
  if (given.id) recipient.id = given.id
  if (given.email) recipient.email = given.email
  if (given.phone) recipient.phone = given.phone
  if (given.name) recipient.name = given.name
  if (given.locale) recipient.locale = localeOf(given.locale) ?? undefined
  if (given.timezone) recipient.timezone = given.timezone
  if (given.data) recipient.data = given.data
  return recipient
}
