// A replay reads, holds and works on a bounded part of its window, however many and however large the events are.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import newContent from '../../src/notifiers/new-content.ts'
import { continueReplay, planEventReplay, planReplay, replayEvent, startReplay } from '../../src/operate/replay.ts'
import { plan } from '../../src/plan/plan.ts'
import { findReplay } from '../../src/store/notifications/replays.ts'
import { bodiesRead } from '../helper/bodies-read.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

const window = { since: new Date('2026-11-21T00:00:00Z'), until: new Date('2026-12-21T00:00:00Z') }
const by = 'operator key `ops`'
const note = 'x'.repeat(600_000)

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(async () => {
  vi.restoreAllMocks()
  await stage.stop()
})

const oneTo = (id: string) => shipped({ recipient: { id, email: `${id}@example.org` } })
const largeTo = (id: string) => ({ ...oneTo(id), data: { ...(shipped().data as object), note } })

async function acceptAll(): Promise<void> {
  const small = ['a', 'b', 'c', 'h', 'i'].map((id): [string, object] => [id, oneTo(id)])
  const large = ['d', 'e', 'f', 'g'].map((id): [string, object] => [id, largeTo(id)])
  for (const [, event] of [...small, ...large].sort(([one], [other]) => (one < other ? -1 : 1))) {
    await stage.accepted(event)
    stage.clock.advance(1)
  }
  await stage.db.query(`update events set status = 'ignored', reason_code = 'no_notifier', due_at = null`)
}

const all = { events: 9, willSend: 9, alreadySent: 0, expired: 0, suppressed: 0, other: 0 }

it('a plan reads no more bodies at once than a mebibyte holds', async () => {
  await acceptAll()
  const read = bodiesRead(stage.ctx.db)
  expect(await planReplay(stage.ctx, window)).toEqual(all)
  expect(read.map(({ bodies }) => bodies)).toEqual([4, 1, 1, 3])
  expect(Math.max(...read.map(({ bytes }) => bytes))).toBeLessThan(1024 * 1024)
})

it('nor does a slice of a run, which goes on at its rate where the bytes end it', async () => {
  await acceptAll()
  const id = await startReplay(stage.ctx, window, 100, by)
  const read = bodiesRead(stage.ctx.db)
  const startedAt = stage.clock.now().getTime()
  const slices: { events: number; afterMs: number }[] = []
  for (let run = await findReplay(stage.db, id); run?.dueAt; run = await findReplay(stage.db, id)) {
    stage.clock.set(run.dueAt)
    slices.push({ events: run.progress.events, afterMs: run.dueAt.getTime() - startedAt })
    await continueReplay(stage.ctx, id)
  }
  expect(slices).toEqual([
    { events: 0, afterMs: 0 },
    { events: 4, afterMs: 40 },
    { events: 5, afterMs: 50 },
    { events: 6, afterMs: 60 },
  ])
  expect((await findReplay(stage.db, id))?.progress).toEqual(all)
  expect(Math.max(...read.map(({ bytes }) => bytes))).toBeLessThan(1024 * 1024)
})

const many = 2000
const published = (recipients: number) => ({
  type: 'content.published',
  recipients: Array.from({ length: recipients }, (_, i) => ({ id: `r${i}`, email: `r${i}@example.org` })),
  data: { courseTitle: 'Analysis', contentTitle: 'Limits', url: 'https://learn.example.com/1' },
})

it('no turn of the event loop hashes more than a few hundred recipients', async () => {
  const eventId = await stage.accepted(published(many))
  let inTurn = 0
  let [most, total] = [0, 0]
  const ctx = {
    ...stage.ctx,
    pseudonymOf: (text: string) => {
      if (inTurn === 0) setImmediate(() => (inTurn = 0))
      inTurn += 1
      total += 1
      most = Math.max(most, inTurn)
      return stage.ctx.pseudonymOf(text)
    },
  }
  await planEventReplay(ctx, eventId, false)
  // Addresses for the suppressions, and ids and addresses for the preferences.
  expect(total).toBe(3 * many)
  expect(most).toBeLessThan(1000)
})

it('a run composes each missing message in a turn of its own, where that takes long', async () => {
  const brief = { ...newContent, expiresInMs: 1000 }
  const ctx: Ctx = { ...stage.ctx, notifiersFor: () => [brief] }
  const eventId = await stage.accepted(published(60), {}, ctx)
  stage.clock.advance(5000)
  for (let i = 0; i < 2; i++) await plan(ctx, eventId)
  await stage.db.query(`update notification_states set state = 'expired', due_at = null`)
  let nowMs = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 20))
  const turns = vi.spyOn(globalThis, 'setImmediate')
  expect(await planEventReplay(ctx, eventId, false)).toMatchObject({ willSend: 60 })
  const planned = turns.mock.calls.length
  expect(await replayEvent(ctx, eventId, false, by)).toMatchObject({ willSend: 60 })
  expect(turns.mock.calls.length - planned).toBeGreaterThan(planned + 50)
  const { rows } = await stage.db.query('select count(*)::integer as n from messages')
  expect(rows).toEqual([{ n: 60 }])
})
