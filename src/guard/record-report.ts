// What calls came to, recorded for all processes: the seconds, and the circuit that follows from them, in one transaction.
import { type Circuit, isBad, nextCircuit, type Verdict, windowMs } from '../policy/circuit.ts'
import { type Db, type Tx, transaction } from '../store/db.ts'
import { recordChange } from '../store/providers/changes.ts'
import { addSecond, lockHealth, seenSince, writeCircuit } from '../store/providers/health.ts'

/** What one process saw of a provider since its last report. */
export interface Report {
  provider: string
  verdicts: Verdict[]
  /** A probe among them ended; it was taken. */
  probed: boolean
  proof: boolean
  /** Calls that say nothing of its health. */
  others: number
  latencyMs: number
  /** It asked to be left alone for so long. */
  slowForMs: number
}

/** What is done in the transaction that opens a circuit. */
export type OnOpening = (tx: Tx, provider: string, circuit: Circuit) => Promise<void>

/** How long what each second came to is kept; the list of providers shows the last five minutes. */
const keptSeconds = 3600

/** Answers the circuit before and after it. A change is recorded with what it was decided on. */
export async function recordReport(
  db: Db,
  report: Report,
  onOpening: OnOpening,
): Promise<{ before: Circuit; after: Circuit }> {
  const { provider, verdicts, probed, proof, slowForMs } = report
  return transaction(db, async (tx) => {
    const { circuit: before, closedAt, now } = await lockHealth(tx, provider)
    const second = secondOf(now)
    const bad = verdicts.filter(isBad).length
    const added = { good: verdicts.length - bad, bad, other: report.others, latencyMs: Math.round(report.latencyMs) }
    await addSecond(tx, { provider, second, ...added }, keptSeconds)
    // What failed before it closed has been answered by the proof that closed it.
    const since = Math.max(second - windowMs / 1000, closedAt ? secondOf(closedAt) : 0)
    const window = await seenSince(tx, provider, since)
    const after = nextCircuit(before, { verdicts, proof }, window, now)
    const changed = before.state !== after.state
    const opens = changed && after.state === 'open'
    const closes = changed && after.state === 'closed'
    await writeCircuit(tx, { provider, circuit: after, slowForMs, isProbeOver: probed || changed, closes })
    if (changed)
      await recordChange(tx, {
        provider,
        what: opens ? `circuit opened: ${after.why}` : 'circuit closed: a real send was taken',
        changedBy: 'automation',
        inputs: { before, after, window, verdicts: verdicts.slice(-100) },
      })
    if (opens) await onOpening(tx, provider, after)
    return { before, after }
  })
}

function secondOf(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}
