// Watches the service itself: tells the operator what is wrong or well again, and asks the heartbeat's address while all is
// well.
import { alertOperator, quiet } from '../accept/own-alert.ts'
import type { Ctx } from '../context.ts'
import { alertVerdicts, type Verdict } from '../policy/alerts.ts'
import { clearAlert, lockAlerts, raiseAlert, readSigns } from '../store/alerts.ts'
import { type Tx, transaction } from '../store/db.ts'
import { answers } from '../store/readiness.ts'
import type { Heartbeat } from './heartbeat.ts'

const deadForMs = 3 * 24 * 3_600_000

/**
 * One process of all at a time decides. Asks the heartbeat if the database can be written to, no work is old, and this process
 * works. Answers what is wrong; null if another process is at it.
 */
export async function watch(ctx: Ctx, heartbeat: Heartbeat | null): Promise<string[] | null> {
  const at = ctx.clock.now()
  const wrong = await transaction(ctx.db, async (tx) => {
    if (!(await lockAlerts(tx))) return null
    const signs = await readSigns(tx, at, new Date(at.getTime() - deadForMs))
    const verdicts = alertVerdicts(signs)
    for (const verdict of verdicts) await tell(ctx, tx, verdict, at)
    return verdicts.flatMap(({ is, name }) => (is === 'wrong' ? [name] : []))
  })
  if (!wrong) return null
  const { log } = ctx
  if (wrong.length > 0) log.error({ stage: 'watch', alert: true, wrong }, 'the service needs a person')
  else log.debug({ stage: 'watch' }, 'nothing is wrong')
  if (heartbeat && !wrong.includes('work_old') && (await answers(ctx.db))) await heartbeat()
  return wrong
}

async function tell(ctx: Ctx, tx: Tx, { name, is, title, text, provider }: Verdict, at: Date): Promise<void> {
  const isNew = is === 'wrong' ? await raiseAlert(tx, name, at, quiet) : await clearAlert(tx, name, at)
  if (isNew)
    await alertOperator(ctx, tx, { name: `${name}:${is}`, alert: title, message: text, objectId: provider, at })
}
