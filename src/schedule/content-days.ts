// Keeps the tables of content by days: makes those of the next days, and drops those that retention has emptied.
import type { Ctx } from '../context.ts'
import {
  type ContentDay,
  contentDaysBefore,
  dropContentDay,
  makeContentDay,
  removeForgotten,
} from '../store/content-days.ts'
import { codeOf, isDatabaseAway } from '../store/db.ts'

const dayMs = 86_400_000
const daysAhead = 3
/** All that touches content waits while they move. */
const mostMoved = 500
const rowBatchSize = 1000

/** Messages before the one time, and bodies before the other, are no longer kept. */
interface Aged {
  messages: Date
  events: Date
}

/** Makes what is missing of today and the next days. Content of a day without a table is stored apart, and removed row by row. */
export async function makeContentDays(ctx: Ctx): Promise<void> {
  const today = ctx.clock.now().getTime()
  for (let ahead = 0; ahead <= daysAhead; ahead++) {
    const day = new Date(today + ahead * dayMs).toISOString().slice(0, 10)
    await unlessInUse(ctx, day, () => makeContentDay(ctx.db, day))
  }
}

/** Drops the days that an earlier run of retention had to leave, because they were in use. */
export async function dropLeftDays(ctx: Ctx, aged: Aged): Promise<void> {
  const dayBefore = (at: Date) => new Date(at.getTime() - dayMs)
  const left = { messages: dayBefore(aged.messages), events: dayBefore(aged.events) }
  await dropContentDays(ctx, await agedDays(ctx, left))
}

/** The days of which nothing is kept. Reports are as old as events. */
export function agedDays(ctx: Ctx, { messages, events }: Aged): Promise<ContentDay[]> {
  return contentDaysBefore(ctx.db, { messages, event_bodies: events, report_bodies: events })
}

/** Returns how many bodies of reports went. A day of which much is needed keeps that and loses the rest. */
export async function dropContentDays(ctx: Ctx, days: ContentDay[]): Promise<number> {
  let reports = 0
  for (const day of days)
    await unlessInUse(ctx, day.name, async () => {
      const removed = await dropContentDay(ctx.db, day, mostMoved)
      if (removed === null) return thinOut(ctx, day)
      if (day.parent === 'report_bodies') reports += removed
      ctx.log.info({ stage: 'retention', day: day.name, removed }, 'a day of content was dropped')
    })
  return reports
}

async function thinOut(ctx: Ctx, day: ContentDay): Promise<void> {
  let last: string | null = day.fromId
  while (last !== null) last = await removeForgotten(ctx.db, day, last, rowBatchSize)
}

/** `no_data_found` and `undefined_table`: another process has dropped the day meanwhile. */
const isDropped = (error: unknown) => error instanceof Error && /^(P0002|42P01)$/.test(codeOf(error) ?? '')

/** A dump or a long transaction uses all tables; the next run finds what this one leaves. */
async function unlessInUse(ctx: Ctx, day: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (isDropped(error)) return
    if (!isDatabaseAway(error)) throw error
    const code = error instanceof Error ? codeOf(error) : undefined
    ctx.log.info({ stage: 'retention', day, error: code }, 'the table of a day of content is in use; tried again later')
  }
}
