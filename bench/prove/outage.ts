// Scenario: the first email provider fails under load and recovers. Traffic must move to the next one within 10 seconds, the
// circuit must keep calls off the failed one, and mail must return to it without intervention.
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from './fleet.ts'
import type { Posted } from './load.ts'
import type { Result, Stage } from './stage.ts'
import type { Fault } from './vendors.ts'

type Death = 'refused' | 'busy' | 'error'

const movesWithinMs = 10_000
const backWithinMs = 20_000
const perSecond = 25

export async function outage(stage: Stage): Promise<Result> {
  const deaths: Death[] = stage.short
    ? [stage.random.pick(['refused', 'busy', 'error'] as const)]
    : ['refused', 'busy', 'error']
  const seconds = { dead: stage.short ? 8 : 20, back: stage.short ? 7 : 15 }
  const posted = stage.events(deaths.length * perSecond * (seconds.dead + seconds.back))
  const each = posted.length / deaths.length
  const results: Result[] = []
  for (const [i, death] of deaths.entries())
    results.push(await die(stage, death, posted.slice(i * each, (i + 1) * each), seconds.dead * 1000))
  return { faults: results.map((r) => r.faults).join('; '), broken: results.flatMap((r) => r.broken) }
}

async function die({ fleet, load }: Stage, death: Death, posted: Posted[], deadMs: number): Promise<Result> {
  const { db } = fleet.database
  const now = async () => (await db.query<{ now: Date }>('select now()')).rows[0]?.now ?? new Date(0)
  let dead = true
  const fault = (): Fault | null => (dead && death !== 'refused' ? death : null)
  for (const { email } of posted) fleet.plan(email, (vendor) => (vendor === 'resend' ? fault() : null))
  const diedAt = await now()
  if (death === 'refused') await fleet.vendors.resend.shut()
  const loading = load(posted, perSecond)
  await wait(deadMs)
  if (death === 'refused') await fleet.vendors.resend.open()
  dead = false
  const backAt = await now()
  await loading

  const calls = async (where: string, values: unknown[] = []) => {
    const { rows } = await db.query<{ started_at: Date; probe: boolean; provider: string }>(
      `select a.started_at, a.cause = 'probe' as probe, a.provider from attempts a
       where a.provider in ('resend', 'smtp') and ${where} order by a.started_at`,
      values,
    )
    return rows
  }
  const isBack = async () =>
    (await calls(`provider = 'resend' and outcome = 'accepted' and started_at > $1`, [backAt])).length > 0
  const back = await eventually(backWithinMs, isBack)
  const during = await calls('a.started_at >= $1 and a.started_at < $2', [diedAt, backAt])
  const wasted = during.filter(({ provider, probe }) => provider === 'resend' && !probe)
  const probes = during.filter(({ provider, probe }) => provider === 'resend' && probe).length
  const elsewhere = during.length - wasted.length - probes
  const movedMs = Math.max(0, ...wasted.map(({ started_at }) => started_at.getTime() - diedAt.getTime()))
  const what = { refused: 'connections refused', busy: 'only 503', error: 'only 500' }[death]
  return {
    faults: `${what} for ${deadMs / 1000} s: ${wasted.length} wasted calls, the last after ${(movedMs / 1000).toFixed(1)} s, ${probes} probes, ${elsewhere} calls to SMTP`,
    broken: [
      ...(movedMs <= movesWithinMs ? [] : [`${what}: calls were still made after ${movedMs} ms`]),
      ...(elsewhere > wasted.length ? [] : [`${what}: ${wasted.length} wasted calls, ${elsewhere} to SMTP`]),
      ...(back ? [] : [`${what}: mail did not return within ${backWithinMs / 1000} s`]),
    ],
  }
}
