// Records the outcomes of calls for all processes and moves the circuit that follows from them, in one transaction.
import { type Circuit, isBad, nextCircuit, type Verdict, windowMs } from '../policy/circuit.ts'
import { type Db, type Tx, transactionAfter } from '../store/db.ts'
import { recordChange } from '../store/providers/changes.ts'
import { addSecond, lockHealth, type ProviderHealth, seenSince, writeCircuit } from '../store/providers/health.ts'
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

/** Runs in the transaction that opens a circuit. */
export type OnOpening = (tx: Tx, provider: string, circuit: Circuit) => Promise<void>

/** How long the counts of each second are kept. */
const keptSeconds = 3600

/** Returns the circuit before and after. A change is recorded with the inputs of the decision. */
export async function recordReport(
  db: Db,
  report: Report,
  onOpening: OnOpening,
): Promise<{ before: Circuit; after: Circuit }> {
  const { provider, verdicts, probed, proof, slowForMs } = report
  const decide = async (tx: Tx, { circuit: before, closedAt, now }: ProviderHealth) => {
    const second = secondOf(now)
    const bad = verdicts.filter(isBad).length
    const added = { good: verdicts.length - bad, bad, other: report.others, latencyMs: Math.round(report.latencyMs) }
    // Failures before it last closed were outweighed by the probe that closed it.
    const since = Math.max(second - windowMs / 1000, closedAt ? secondOf(closedAt) : 0)
    const [, window] = await together(
      addSecond(tx, { provider, second, ...added }, keptSeconds),
      seenSince(tx, provider, since),
    )
    const after = nextCircuit(before, { verdicts, proof }, window, now)
    const changed = before.state !== after.state
    const opens = changed && after.state === 'open'
    const closes = changed && after.state === 'closed'
    const isProbeOver = probed || changed
    // Most reports change nothing.
    if (isProbeOver || slowForMs > 0 || after.failuresInRow !== before.failuresInRow)
      await writeCircuit(tx, { provider, circuit: after, slowForMs, isProbeOver, closes })
    if (changed)
      await recordChange(tx, {
        provider,
        what: opens ? 'circuit_opened' : 'circuit_closed',
        changedBy: 'automation',
        inputs: { before, after, window, verdicts: verdicts.slice(-100) },
      })
    if (opens) await onOpening(tx, provider, after)
    return { before, after }
  }
  // In few steps, because deliveries of all processes wait for the provider's row.
  return transactionAfter(db, (tx) => lockHealth(tx, provider), decide)
}

function secondOf(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}
