// Deliveries of all processes pay for tokens in the provider's row, so that a report of good calls must not hold it.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { recordReport } from '../../src/guard/record-report.ts'
import type { Verdict } from '../../src/policy/circuit.ts'
import { transaction } from '../../src/store/db.ts'
import { lockHealth } from '../../src/store/providers/health.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ RESEND_API_KEY: 're_of_tests' })
})
afterEach(() => stage.stop())

const report = (verdicts: Verdict[], more: { probed?: boolean; slowForMs?: number } = {}) => {
  const seen = { provider: 'resend', verdicts, probed: false, proof: false, others: 1, latencyMs: 7.4, slowForMs: 0 }
  return recordReport(stage.db, stage.ctx.jobs, { ...seen, ...more })
}
const counts = async () => {
  const sums =
    'sum(good)::integer as good, sum(bad)::integer as bad, sum(other)::integer as other, sum(latency_ms)::integer as ms'
  return (await stage.db.query(`select ${sums} from provider_seconds where provider = 'resend'`)).rows[0]
}

it('good calls are counted while another process holds the row', async () => {
  await transaction(stage.db, async (tx) => {
    await lockHealth(tx, 'resend')
    const { before, after } = await report(['taken', 'answered'])
    expect(after).toEqual(before)
  })
  expect(await counts()).toEqual({ good: 2, bad: 0, other: 1, ms: 7 })
})

it('a good call after failures ends their row, and is counted once', async () => {
  await report(['bad', 'bad'])
  const { before, after } = await report(['taken'])
  expect([before.failuresInRow, after.failuresInRow]).toEqual([2, 0])
  expect(await counts()).toMatchObject({ good: 1, bad: 2 })
})

it('good calls that complete a window of failures open the circuit', async () => {
  for (let i = 0; i < 4; i++) await report(['bad', 'bad', 'bad', 'taken'])
  const { after } = await report(['taken', 'taken', 'taken', 'taken'])
  expect(after).toMatchObject({ state: 'open', cause: { kind: 'failure_rate', failures: 12, calls: 20 } })
  expect(await counts()).toMatchObject({ good: 8, bad: 12 })
})

it('a probe that was answered but not taken is over, and the circuit stays open', async () => {
  await stage.db.query(
    `update provider_health set circuit = 'open', opened_at = now(), next_probe_at = now(), probed_at = now() where provider = 'resend'`,
  )
  const { before, after } = await report(['answered'], { probed: true })
  expect(after).toEqual(before)
  const { rows } = await stage.db.query(`select circuit, probed_at from provider_health where provider = 'resend'`)
  expect(rows).toEqual([{ circuit: 'open', probed_at: null }])
  expect(await counts()).toMatchObject({ good: 1, bad: 0 })
})

it('a pause that a provider asks for with good calls among them is written', async () => {
  await report(['taken'], { slowForMs: 60_000 })
  const { rows } = await stage.db.query(
    `select slow_until > now() as slow from provider_health where provider = 'resend'`,
  )
  expect(rows).toEqual([{ slow: true }])
})
