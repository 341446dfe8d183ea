// Retention anonymizes in many turns of the event loop: an event may have thousands of ids that take long to search.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { applyRetention } from '../../src/schedule/retention.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

const rows = 12
const costly = (i: number) => `%25252B44 =3D2525 ${i} ${'!y.example'.repeat(9)}`

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ RETENTION_DAYS: '30' })
})
afterEach(async () => {
  vi.restoreAllMocks()
  await stage.stop()
})

/** How often others had their turn during retention, if every step takes longer than a turn may. */
async function turnsWith(idOf: (i: number) => string): Promise<number> {
  const { recipient: _one, ...event } = shipped() as Record<string, unknown>
  const recipients = Array.from({ length: rows }, (_, i) => ({ id: idOf(i), email: `mia${i}@y.example` }))
  await stage.planned({ ...event, recipients })
  await stage.db.query(`update notification_states set state = 'failed', due_at = null`)
  stage.clock.advance(31 * 86_400_000)
  let nowMs = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 20))
  const turns = vi.spyOn(globalThis, 'setImmediate')
  expect(await applyRetention(stage.ctx)).toMatchObject({ forgottenEvents: 1, forgottenNotifications: rows })
  const count = turns.mock.calls.length
  vi.restoreAllMocks()
  return count
}

it('yields within each id', async () => {
  const plain = await turnsWith((i) => `plain${'x'.repeat(i)}`)
  expect(await turnsWith(costly)).toBeGreaterThan(plain + rows * 5)
})
