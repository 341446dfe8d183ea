// The kinds of field that an app's event body is made of; null, as databases have it, counts as absent.
// sources/app/envelope.ts and sources/app/recipient.ts put them together.
import { z } from 'zod'
import { dataFaults, isKept, notKept } from './data-limits.ts'
import { type Fields, isFields } from './json.ts'

const maxFaults = 100

/** On one line, not empty, and such as Postgres keeps (no NUL, no half of a surrogate pair). */
export function isLine(text: string, maxLength: number): boolean {
  return text.length > 0 && text.length <= maxLength && text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)
}

export function line(maxLength: number) {
  return z.string('must be a text').refine((text) => isLine(text, maxLength), {
    message: `must have 1 to ${maxLength} characters, all on one line`,
  })
}

/** Any text such as Postgres keeps. */
export const keptText = z.string('must be a text').refine(isKept, notKept)

/** A text that one of address.ts can read. */
export function readableBy(read: (value: unknown) => string | null, message: string) {
  return z
    .string(message)
    .refine((text) => read(text) !== null, { message })
    .nullish()
}

export const notKeptTime = 'must be between the years 1 and 9999'

export function isKeptTime(at: Date): boolean {
  const year = at.getUTCFullYear()
  return year >= 1 && year <= 9999
}

const instantMessage = 'must be an ISO 8601 time with its offset, such as 2026-11-21T10:00:00Z'

/** In a year that Postgres keeps, whatever the offset makes of its ends. */
export const instant = z.iso
  .datetime({ offset: true, error: instantMessage, abort: true })
  .refine((text) => isKeptTime(new Date(text)), notKeptTime)
  .nullish()

export const anyData = z
  .custom<Fields>(isFields, 'must be an object')
  .superRefine((data, context) => {
    for (const { path, message } of dataFaults(data, maxFaults)) context.addIssue({ code: 'custom', path, message })
  })
  .nullish()
