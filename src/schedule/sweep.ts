// The backstop behind the alarms: rows whose time has passed and whose alarm nobody heard (a worker was
// killed, a job expired) are rung again, for plan.ts and deliver.ts. Rows are the truth, so a ring too many is harmless.
import type { Ctx } from '../context.ts'
import { transaction } from '../store/db.ts'
import { overdueJobs } from '../store/jobs/overdue.ts'

/** How long an alarm may be late before it counts as lost; a killed worker's work goes on within a minute. */
const lostAfterMs = 15_000
const atOnce = 500

/** Rings what is overdue, and answers how many. */
export async function sweep(ctx: Ctx): Promise<number> {
  const now = ctx.clock.now()
  const newJobs = await overdueJobs(ctx.db, ctx.jobs, now, lostAfterMs, atOnce)
  if (newJobs.length === 0) return 0
  // One ring a minute and row at most, however many processes sweep.
  const mark = `sweep:${Math.floor(now.getTime() / 60_000)}`
  await transaction(ctx.db, (tx) =>
    ctx.jobs.enqueue(
      tx,
      newJobs.map((job) => ({ ...job, mark })),
    ),
  )
  ctx.log.warn({ stage: 'sweep', rung: newJobs.length }, 'overdue rows were rung again')
  return newJobs.length
}
