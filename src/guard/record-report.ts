// Records the outcomes of calls for all processes and moves the circuit that follows from them, in one transaction.
import { type Circuit, isBad, nextCircuit, type Verdict, type Window, windowMs } from '../policy/circuit.ts'
import { type Db, type Tx, transactionAfter } from '../store/db.ts'
import type { Jobs } from '../store/jobs/jobs.ts'
import { watchJob } from '../store/jobs/queues.ts'
import { recordChange } from '../store/providers/changes.ts'
import {
  addSecond,
  lockHealth,
  type ProviderHealth,
  readHealth,
  seenSince,
  writeCircuit,
} from '../store/providers/health.ts'
import { together } from '../store/together.ts'

/** The outcomes that one process saw at a provider since its last report. */
export interface Report {
  provider: string
  verdicts: Verdict[]
  /** `probed`: a probe among them ended. `proof`: it was taken. */
  probed: boolean
  proof: boolean
  /** Calls that show nothing of its health. */
  others: number
  latencyMs: number
  /** How long it asked us to pause; 0 if it did not. */
  slowForMs: number
}

/** How long the counts of each second are kept. */
const keptSeconds = 3600

/** The circuit before and after a report. */
interface Recorded {
  before: Circuit
  after: Circuit
}

/**
 * Answers the circuit before and after. A change is recorded with the inputs of the decision, and one that opens the circuit
 * wakes the watch, which alerts the operator.
 */
export async function recordReport(db: Db, jobs: Jobs, report: Report): Promise<Recorded> {
  return (await recordUnlocked(db, report)) ?? recordLocked(db, jobs, report)
}

/**
 * Records calls that change nothing about the provider, as most reports do, without its row, for which the deliveries of all
 * processes wait. Null, with nothing written, where they may change something.
 */
async function recordUnlocked(db: Db, report: Report): Promise<Recorded | null> {
  const { provider, verdicts, probed, proof, slowForMs } = report
  if (probed || slowForMs > 0 || verdicts.some(isBad)) return null
  let now: Date | null = null
  return transactionAfter(
    db,
    readHealth,
    async (tx, healths): Promise<Recorded | null> => {
      const health = healths.find((one) => one.provider === provider)
      if (!health) return null
      const { circuit: before } = health
      const { good, bad } = await seenSince(tx, provider, windowStart(health))
      const after = nextCircuit(before, { verdicts, proof }, { good: good + verdicts.length, bad }, health.now)
      if (after.state !== before.state || after.failuresInRow !== before.failuresInRow) return null
      now = health.now
      return { before, after }
    },
    async (tx) => {
      if (now) await addSecond(tx, { provider, second: secondOf(now), ...countsOf(report) }, keptSeconds)
    },
  )
}

/** In few steps, because deliveries of all processes wait for the provider's row. */
function recordLocked(db: Db, jobs: Jobs, report: Report): Promise<Recorded> {
  return transactionAfter(
    db,
    (tx) => lockHealth(tx, report.provider),
    (tx, health) => decide(tx, jobs, report, health),
  )
}

async function decide(tx: Tx, jobs: Jobs, report: Report, health: ProviderHealth): Promise<Recorded> {
  const { provider, verdicts, probed, proof, slowForMs } = report
  const { circuit: before, now } = health
  const window = await countIn(tx, report, health)
  const after = nextCircuit(before, { verdicts, proof }, window, now)
  const changed = before.state !== after.state
  const opens = changed && after.state === 'open'
  const closes = changed && after.state === 'closed'
  const isProbeOver = probed || changed
  if (isProbeOver || slowForMs > 0 || after.failuresInRow !== before.failuresInRow)
    await writeCircuit(tx, { provider, circuit: after, slowForMs, isProbeOver, closes })
  if (changed)
    await recordChange(tx, {
      provider,
      what: opens ? 'circuit_opened' : 'circuit_closed',
      changedBy: 'automation',
      inputs: { before, after, window, verdicts: verdicts.slice(-100) },
    })
  if (opens) await jobs.enqueue(tx, [{ stage: 'schedule', priority: 'normal', id: watchJob }])
  return { before, after }
}

/** Adds the report to the counts of its second, and answers those of the last ten seconds with it. */
async function countIn(tx: Tx, report: Report, health: ProviderHealth): Promise<Window> {
  const { provider } = report
  const [, window] = await together(
    addSecond(tx, { provider, second: secondOf(health.now), ...countsOf(report) }, keptSeconds),
    seenSince(tx, provider, windowStart(health)),
  )
  return window
}

function countsOf({ verdicts, others, latencyMs }: Report) {
  const bad = verdicts.filter(isBad).length
  return { good: verdicts.length - bad, bad, other: others, latencyMs: Math.round(latencyMs) }
}

/** Failures before it last closed were outweighed by the probe that closed it. */
function windowStart({ now, closedAt }: ProviderHealth): number {
  return Math.max(secondOf(now) - windowMs / 1000, closedAt ? secondOf(closedAt) : 0)
}

function secondOf(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}
