// The worker of the stage `schedule`: runs a schedule, or watches the service at once.
import type { Ctx } from '../context.ts'
import { watchJob } from '../store/jobs/queues.ts'
import type { Work } from '../store/jobs/worker-pool.ts'
import { runSchedule } from './run-schedule.ts'
import { watch } from './watch.ts'

export function makeScheduleWork(ctx: Ctx): Work {
  return async (name) => {
    if (name === watchJob) await watch(ctx, null, true)
    else await runSchedule(ctx, name)
  }
}
