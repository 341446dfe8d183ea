// Watches the service itself: tells the operator what is wrong or well again, and asks the heartbeat's address while all is
// well.
import { alertOperator, quiet } from '../accept/own-alert.ts'
import type { Ctx } from '../context.ts'
import { alertVerdicts, type Verdict } from '../policy/alerts.ts'
import { clearAlert, isAnyAlertOn, lockAlerts, raiseAlert, readSigns } from '../store/alerts.ts'
import { type Tx, transaction } from '../store/db.ts'
import { answers } from '../store/readiness.ts'
import type { Heartbeat } from './heartbeat.ts'

/** Alerts older than this are neither repeated nor keep the heartbeat silent. */
const countsForMs = 3 * 24 * 3_600_000

/**
 * One process of all at a time decides. Asks the heartbeat if this process works, the database can be written to, and every alert is
 * over. Answers what is wrong; null if another process is at it.
 */
export async function watch(ctx: Ctx, heartbeat: Heartbeat | null): Promise<string[] | null> {
  const at = ctx.clock.now()
  const seen = await transaction(ctx.db, async (tx) => {
    if (!(await lockAlerts(tx))) return null
    const since = new Date(at.getTime() - countsForMs)
    const used = Object.values(ctx.routes).flatMap((route) => route.map(({ name }) => name))
    const verdicts = alertVerdicts(await readSigns(tx, at, { deadSince: since, used }))
    for (const verdict of verdicts) await tell(ctx, tx, verdict, at)
    const wrong = verdicts.flatMap(({ is, name }) => (is === 'wrong' ? [name] : []))
    return { wrong, isWell: wrong.length === 0 && !(await isAnyAlertOn(tx, since)) }
  })
  if (!seen) return null
  const { log } = ctx
  const { wrong, isWell } = seen
  if (wrong.length > 0) log.error({ stage: 'watch', alert: true, wrong }, 'operator attention needed')
  else log.debug({ stage: 'watch', isWell }, isWell ? 'nothing is wrong' : 'an alert is not over yet')
  if (heartbeat && isWell && (await answers(ctx.db))) await heartbeat()
  return wrong
}

async function tell(ctx: Ctx, tx: Tx, { name, is, title, text, provider }: Verdict, at: Date): Promise<void> {
  const isNew = is === 'wrong' ? await raiseAlert(tx, name, at, quiet) : await clearAlert(tx, name, at)
  if (isNew)
    await alertOperator(ctx, tx, { name: `${name}:${is}`, alert: title, message: text, objectId: provider, at })
}
