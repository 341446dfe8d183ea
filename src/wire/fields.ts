// Schemas for the fields of request bodies, in which null counts as absent.
import { z } from 'zod'
import { dataFaults, isStorable, notStorable } from './data-limits.ts'
import { otherwise } from './issue-words.ts'
import { type Fields, isFields } from './json.ts'

const maxFaults = 100

/** Not empty, on one line, and storable in Postgres (no NUL, no half of a surrogate pair). */
export function isLine(text: string, maxLength: number): boolean {
  return text.length > 0 && text.length <= maxLength && text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)
}

export function line(maxLength: number) {
  return z.string().refine((text) => isLine(text, maxLength), {
    message: `must have 1 to ${maxLength} characters, all on one line`,
  })
}

/** Any text that Postgres can store. */
export const storableText = z.string().refine(isStorable, notStorable)

/** A text that `read` accepts. */
export function readableBy(read: (value: unknown) => string | null, message: string) {
  return z
    .string({ error: otherwise(message) })
    .refine((text) => read(text) !== null, { message })
    .nullish()
}

export const notStorableTime = 'must be between the years 1 and 9999'

export function isStorableTime(at: Date): boolean {
  const year = at.getUTCFullYear()
  return year >= 1 && year <= 9999
}

const instantMessage = 'must be an ISO 8601 time with its offset, such as 2026-11-21T10:00:00Z'

/** The year is checked in UTC, since the offset can move the time to another year. */
export const instant = z.iso
  .datetime({ offset: true, error: otherwise(instantMessage), abort: true })
  .refine((text) => isStorableTime(new Date(text)), notStorableTime)
  .nullish()

export const anyData = z
  .custom<Fields>(isFields, 'must be an object')
  .superRefine((data, context) => {
    for (const { path, message, isLimit } of dataFaults(data, maxFaults))
      context.addIssue({ code: 'custom', path, message, params: { isLimit } })
  })
  .meta({ type: 'object' })
  .nullish()

/** Whether data exceeds a limit, by an issue of `anyData`. */
export function isLimit(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'custom' && issue.params?.isLimit === true
}
