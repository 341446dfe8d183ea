// Watches the service itself: alerts the operator of what is wrong or well again, and asks the heartbeat's address while all is
// well.
import { alertOperator, circuitAlert } from '../accept/own-alert.ts'
import type { Ctx } from '../context.ts'
import { alertVerdicts, downAlert, type Verdict } from '../policy/alerts.ts'
import { raised } from '../policy/raise-alert.ts'
import { clearAlert, findAlert, isAnyAlertOn, lockAlerts, readSigns, saveAlert } from '../store/alerts.ts'
import { type Tx, transaction } from '../store/db.ts'
import { readHealth } from '../store/providers/health.ts'
import { answers } from '../store/readiness.ts'
import type { Heartbeat } from './heartbeat.ts'

/** Alerts older than this are neither repeated nor keep the heartbeat silent. */
const countsForMs = 3 * 24 * 3_600_000

/**
 * One process of all at a time decides. Asks the heartbeat if this process works, the database can be written to, and every
 * alert is
 * over. Answers what is wrong; null if another process is at it, for which it waits where it was woken: that one may have looked
 * before.
 */
export async function watch(ctx: Ctx, heartbeat: Heartbeat | null, isWoken = false): Promise<string[] | null> {
  const at = ctx.clock.now()
  const seen = await transaction(ctx.db, async (tx) => {
    if (!(await lockAlerts(tx, isWoken))) return null
    const since = new Date(at.getTime() - countsForMs)
    const used = Object.values(ctx.routes).flatMap((route) => route.map(({ name }) => name))
    const verdicts = alertVerdicts(await readSigns(tx, at, { deadSince: since, used }))
    await alertOfOpenCircuits(ctx, tx, used)
    for (const verdict of verdicts) await alertOf(ctx, tx, verdict, at)
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

/** First, as these say why a provider is down. */
async function alertOfOpenCircuits(ctx: Ctx, tx: Tx, used: string[]): Promise<void> {
  for (const { provider, circuit, pausedAt, now } of await readHealth(tx)) {
    const { state, cause } = circuit
    if (state === 'closed' || pausedAt || !used.includes(provider)) continue
    // By the database's time, as the circuit is.
    if (await raise(tx, downAlert(provider), now)) await alertOperator(ctx, tx, circuitAlert(provider, now, cause))
  }
}

async function alertOf(ctx: Ctx, tx: Tx, { name, is, title, text, provider }: Verdict, at: Date): Promise<void> {
  const sends = is === 'wrong' ? await raise(tx, name, at) : await clearAlert(tx, name, at)
  if (sends)
    await alertOperator(ctx, tx, { name: `${name}:${is}`, alert: title, message: text, objectId: provider, at })
}

/** Notes that something is wrong. True if the operator is to be sent an alert now. */
async function raise(tx: Tx, name: string, at: Date): Promise<boolean> {
  const change = raised(await findAlert(tx, name), at)
  if (change) await saveAlert(tx, name, change.alert)
  return change?.sends ?? false
}
