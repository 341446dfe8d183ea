// Queues many texts: one is planned by the service for a moment ahead, and the database makes copies of its rows.
import { systemClock } from '../src/clock.ts'
import { textOf } from './cases/samples.ts'
import { fill, idsIn, rowsAbout } from './rows.ts'
import { plannedEvents, postList, type Stage, until } from './stage.ts'

const perStatement = 10_000
/** So far ahead that the copies are made before. */
const leadMs = (count: number) => 10_000 + count / 2

/** Answers when they are due, having suspended the worker, which the caller then resumes. */
export async function queueTexts(stage: Stage, count: number): Promise<{ dueMs: number }> {
  const { database, worker } = stage
  const { pool } = database
  const before = await plannedEvents(database)
  const dueMs = systemClock.now().getTime() + leadMs(count)
  await postList(stage, 1, textOf, { sendAt: new Date(dueMs).toISOString() })
  await until(async () => (await plannedEvents(database)) > before)
  worker.freeze()
  const { rows: found } = await pool.query<{ id: string; eventId: string }>(
    `select /* bench */ id, event_id as "eventId" from notifications where state = 'scheduled' limit 1`,
  )
  const [template] = found
  if (!template) throw new Error('nothing was planned')
  const rows = await rowsAbout(pool, template.id)
  const ids = idsIn(rows, [template.eventId])
  for (let from = 1; from < count; from += perStatement)
    await fill(pool, rows, ids, { from, until: Math.min(from + perStatement, count), apartMs: 0 })
  await pool.query('vacuum /* bench */ analyze')
  return { dueMs }
}
