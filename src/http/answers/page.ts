// Keyset pagination: the cursor encodes the position of the last row and is opaque to callers.
import { z } from 'zod'
import { eventLoopYielder, type YieldTurn } from '../../clock.ts'
import type { Page } from '../../store/newest.ts'
import { isStorableTime, notStorableTime, storableText } from '../../wire/fields.ts'
import { otherwise } from '../../wire/issue-words.ts'

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many rows an answer has at most.'),
  cursor: z
    .string()
    .optional()
    .describe('The `nextCursor` of the page before.')
    .transform((text, context) => {
      if (text === undefined) return null
      const after = readCursor(text)
      if (!after) context.addIssue({ code: 'custom', message: 'must be a cursor from an earlier answer of this API' })
      return after
    }),
}

/** A query that is on with `true` or `1`; off where it is missing. */
export function flagQuery(description: string) {
  return z.stringbool().default(false).meta({ type: 'boolean', description })
}

/** A text to filter by. */
export const textQuery = storableText.min(1)

/** ISO 8601; a date alone is its midnight in UTC. */
export const timeQuery = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: otherwise('must be an ISO 8601 time with its offset, or a date, such as 2026-11-21'),
  })
  .transform((text) => new Date(text))
  .refine(isStorableTime, notStorableTime)
  .optional()

interface Place {
  at: Date
  id: string
}

function readCursor(text: string): Place | null {
  const [at = '', id = ''] = Buffer.from(text, 'base64url').toString().split(' ', 2)
  const time = new Date(at)
  return isStorableTime(time) && time.toISOString() === at && z.uuid().safeParse(id).success ? { at: time, id } : null
}

export function pageOf(query: { limit: number; cursor: Place | null }): Page {
  return { limit: query.limit, after: query.cursor }
}

/** The store answers one row more than the limit where there is a next page. Each row is shown in a turn that it may yield. */
export async function listAnswer<Row, Shown>(
  rows: Row[],
  limit: number,
  placeOf: (row: Row) => Place,
  show: (row: Row, yieldTurn: YieldTurn) => Shown | Promise<Shown>,
): Promise<{ data: Shown[]; nextCursor: string | null }> {
  const last = rows.length > limit ? rows[limit - 1] : undefined
  const place = last && placeOf(last)
  const yieldTurn = eventLoopYielder()
  const data: Shown[] = []
  for (const row of rows.slice(0, limit)) data.push(await show(row, yieldTurn))
  return {
    data,
    nextCursor: place ? Buffer.from(`${place.at.toISOString()} ${place.id}`).toString('base64url') : null,
  }
}

/** The shape of a page of a list. */
export function listShape<T extends z.ZodType>(id: string, item: T) {
  const nextCursor = z.string().nullable().describe('The `cursor` of the next page; null on the last one.')
  return z.object({ data: z.array(item), nextCursor }).meta({ id })
}

/** The shape of a list that has one page. */
export function wholeListShape<T extends z.ZodType>(id: string, item: T) {
  return z.object({ data: z.array(item), nextCursor: z.null() }).meta({ id })
}
