// The sweep: enqueues a job again for overdue rows whose job was lost (a worker was killed, a job expired).
import type { Ctx } from '../context.ts'
import { transaction } from '../store/db.ts'
import { overdueJobs } from '../store/jobs/overdue.ts'

/** How long a job may be late before it counts as lost; a killed worker's work continues within a minute. */
const lostAfterMs = 15_000
const batchSize = 500

/** Answers how many jobs it enqueued. A job too many is harmless: workers decide from rows. */
export async function sweep(ctx: Ctx): Promise<number> {
  const now = ctx.clock.now()
  const newJobs = await overdueJobs(ctx.db, ctx.jobs, { now, lostAfterMs, limit: batchSize })
  if (newJobs.length === 0) return 0
  // At most one job a row and minute, however many processes sweep.
  const mark = `sweep:${Math.floor(now.getTime() / 60_000)}`
  await transaction(ctx.db, (tx) =>
    ctx.jobs.enqueue(
      tx,
      newJobs.map((job) => ({ ...job, mark, isRepeat: true })),
    ),
  )
  ctx.log.warn({ stage: 'sweep', enqueued: newJobs.length }, 'lost jobs enqueued again')
  return newJobs.length
}
