// A digest that cannot be made is tried a few times and then given up with its parts, so that none can loop. And what a digest
// is composed of stays within its bounds.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import weeklyProgress from '../../src/notifiers/weekly-progress.ts'
import { retry } from '../../src/operate/retry.ts'
import { digest } from '../../src/plan/digest.ts'
import { overdueJobs } from '../../src/store/jobs/overdue.ts'
import { beginDigest, digestWith } from '../../src/store/notifications/digests.ts'
import { deliver } from '../helper/deliver.ts'
import { type Stage, startStage } from '../helper/stage.ts'

const monday = new Date('2026-11-23T14:00:00Z') // nine in New York
const nextMonday = new Date('2026-11-30T14:00:00Z')

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(async () => {
  vi.restoreAllMocks()
  await stage.stop()
})

const grace = { id: 'stu_1', email: 'grace@example.org', name: 'Grace Hopper', timezone: 'America/New_York' }
const { data } = weeklyProgress.sample

async function part(courseTitle: string, more: object = {}): Promise<string> {
  stage.clock.advance(1)
  const event = { type: 'student.progress', recipient: grace, data: { ...data, courseTitle, ...more } }
  return (await stage.planned(event)).ids.email ?? ''
}

const rows = async (ids: string[]) =>
  (
    await stage.db.query<{ state: string; reason: string; tries: number; due_at: Date | null }>(
      `select state, reason_code as reason, tries, due_at from notification_states where id = any($1) order by id`,
      [ids],
    )
  ).rows

const digests = async () =>
  (
    await stage.db.query<{ id: string; state: string; reason_code: string; subject: string; parts: number | null }>(
      `select n.id, n.state, n.reason_code, n.subject,
         (select (params->>'count')::integer from timeline_entries where notification_id = n.id and code = 'digest_made') as parts
       from notifications n where n.fact like 'digest:%' order by n.id`,
    )
  ).rows

const unable = (error: Error): Ctx => ({
  ...stage.ctx,
  notifiersFor: () => {
    throw error
  },
})

/** A worker that dies after it has begun; then its time is over. */
async function dies(id: string): Promise<void> {
  const found = await digestWith(stage.db, id)
  if (!found) throw new Error('nothing waits')
  const now = stage.clock.now()
  const begun = await beginDigest(stage.db, found.key, { which: 'tried', now, until: new Date(now.getTime() + 30_000) })
  expect(begun).not.toBeNull()
  stage.clock.advance(30_000)
}

const overdue = async () => {
  stage.clock.advance(60_000)
  const all = await overdueJobs(stage.db, stage.ctx.jobs, { now: stage.clock.now(), lostAfterMs: 15_000, limit: 100 })
  return all.filter(({ stage }) => stage === 'digest').map(({ id }) => id)
}

describe('a digest', () => {
  it('whose making fails five times is given up at the sixth, for all of its parts, and no part loops on', async () => {
    const ids = [await part('Typography'), await part('Bookbinding'), await part('Papermaking')]
    stage.clock.set(monday)
    for (const tries of [1, 2, 3, 4, 5]) {
      // Whichever part rings, the tries are those of the digest.
      await expect(digest(unable(new Error('a bug')), ids[tries % 3] ?? '')).rejects.toThrow('a bug')
      expect((await rows(ids)).map((one) => [one.state, one.tries])).toEqual([
        ['scheduled', tries],
        ['scheduled', 0],
        ['scheduled', 0],
      ])
      expect(await overdue()).toContain(ids[0])
    }
    await digest(stage.ctx, ids[1] ?? '')
    const failed = { state: 'failed', reason: 'delivery_failed', tries: 0, due_at: null }
    expect(await rows(ids)).toEqual([failed, failed, failed])
    const { rows: times } = await stage.db.query('select given_up_at from notification_states where id = any($1)', [
      ids,
    ])
    expect(times.map(({ given_up_at }) => given_up_at)).toEqual(ids.map(() => stage.clock.now()))
    expect(await overdue()).toEqual([])
    expect(await digests()).toEqual([])
    // A person may have a part sent by itself.
    expect(await retry(stage.ctx, ids[0] ?? '', 'ops')).toEqual({ kind: 'done' })
    await deliver(stage.ctx, ids[0] ?? '')
    expect((await rows([ids[0] ?? '']))[0]?.state).toBe('sent')
  })

  it('whose making ends the process five times is given up too, and makes nothing', async () => {
    const id = await part('Typography')
    stage.clock.set(monday)
    for (let death = 1; death <= 5; death++) await dies(id)
    await digest(stage.ctx, id)
    expect(await rows([id])).toMatchObject([{ state: 'failed', reason: 'delivery_failed' }])
    expect(await digests()).toEqual([])
  })

  it('is made at the fifth try, and nobody counts after that', async () => {
    const id = await part('Typography')
    stage.clock.set(monday)
    for (let death = 1; death <= 4; death++) await dies(id)
    await digest(stage.ctx, id)
    expect(await rows([id])).toMatchObject([{ state: 'digested', tries: 0 }])
    expect(await digests()).toMatchObject([{ state: 'pending', parts: 1 }])
  })

  it('is left to the worker that has begun it, however many parts ring meanwhile', async () => {
    const ids = [await part('Typography'), await part('Bookbinding')]
    stage.clock.set(monday)
    const found = await digestWith(stage.db, ids[0] ?? '')
    const until = new Date(monday.getTime() + 30_000)
    await beginDigest(stage.db, found?.key ?? '', { which: 'untried', now: monday, until })
    for (let rings = 0; rings < 10; rings++) await digest(stage.ctx, ids[rings % 2] ?? '')
    expect((await rows(ids)).map(({ tries }) => tries)).toEqual([1, 0])
    expect(await digests()).toEqual([])
    stage.clock.set(until)
    await digest(stage.ctx, ids[1] ?? '')
    expect(await digests()).toMatchObject([{ parts: 2 }])
  })

  it('that fails while the database is away is not blamed for it', async () => {
    const id = await part('Typography')
    stage.clock.set(monday)
    const away = Object.assign(new Error('terminating connection'), { code: '57P01' })
    for (let outage = 1; outage <= 7; outage++) await expect(digest(unable(away), id)).rejects.toThrow(away)
    expect(await rows([id])).toMatchObject([{ state: 'scheduled', tries: 0, due_at: monday }])
    await digest(stage.ctx, id)
    expect(await digests()).toMatchObject([{ parts: 1 }])
  })

  it('that cannot be rendered is failed itself, once, and its parts are in it', async () => {
    const id = await part('Typography')
    stage.clock.set(monday)
    vi.spyOn(weeklyProgress, 'email').mockImplementation(() => {
      throw new Error('cannot render')
    })
    await digest(stage.ctx, id)
    expect(await digests()).toMatchObject([{ state: 'failed', reason_code: 'render_failed' }])
    expect(await rows([id])).toMatchObject([{ state: 'digested' }])
  })
})

describe('the bounds of a digest', () => {
  it('in bytes: it is composed of the latest parts that fit in a megabyte, and counts and ends the others', async () => {
    const ids: string[] = []
    for (let i = 0; i < 10; i++) ids.push(await part(`Course ${i}`, { notes: 'x'.repeat(240_000) }))
    stage.clock.set(monday)
    const composed = vi.spyOn(weeklyProgress, 'email')
    await digest(stage.ctx, ids[0] ?? '')
    const titles = composed.mock.calls.flatMap(([all]) => partsOf(all.parts).map(({ courseTitle }) => courseTitle))
    expect(titles).toEqual(['Course 6', 'Course 7', 'Course 8', 'Course 9'])
    expect(await digests()).toMatchObject([{ state: 'pending', parts: 10 }])
    expect(new Set((await rows(ids)).map(({ state }) => state))).toEqual(new Set(['digested']))
  })

  it('in bytes: a part that alone is larger is composed all the same', async () => {
    const ids = [await part('Small'), await part('Large', { notes: 'x'.repeat(1_100_000) })]
    stage.clock.set(monday)
    const composed = vi.spyOn(weeklyProgress, 'email')
    await digest(stage.ctx, ids[0] ?? '')
    expect(composed.mock.calls.flatMap(([all]) => partsOf(all.parts).map(({ courseTitle }) => courseTitle))).toEqual([
      'Large',
    ])
    expect(await digests()).toMatchObject([{ parts: 2 }])
  })

  it('in parts, where 700 come late: all of them wait for the next digest, which is one', async () => {
    const first = await part('Typography')
    const recipients = Array.from({ length: 700 }, (_, i) => ({ ...grace, data: { courseTitle: `Course ${i}` } }))
    const { eventId } = await stage.planned({ type: 'student.progress', recipients, data })
    const setStates = (to: string, dueAt: Date | null) =>
      stage.db.query(
        `update notification_states set state = $2, reason_code = 'collecting', due_at = $3
         where id in (select id from notification_details where event_id = $1)`,
        [eventId, to, dueAt],
      )
    await setStates('cancelled', null)
    stage.clock.set(monday)
    await digest(stage.ctx, first)
    // As if their planner had committed only now.
    await setStates('scheduled', monday)
    const { rows: late } = await stage.db.query<{ id: string }>(
      `select id from notification_details where event_id = $1 order by id`,
      [eventId],
    )
    await Promise.all(late.slice(0, 20).map(({ id }) => digest(stage.ctx, id)))
    const ids = late.map(({ id }) => id)
    expect(new Set((await rows(ids)).map((one) => JSON.stringify([one.state, one.tries, one.due_at])))).toEqual(
      new Set([JSON.stringify(['scheduled', 0, nextMonday])]),
    )
    expect(await digests()).toHaveLength(1)
    stage.clock.set(nextMonday)
    // One of those that none of the first 500 jobs names.
    await digest(stage.ctx, ids[0] ?? '')
    expect((await digests()).map(({ parts, subject }) => [parts, subject])).toEqual([
      [1, 'Your week in Typography'],
      [700, 'Your week in 700 courses'],
    ])
  })
})

/** The parts that a notifier was given. */
function partsOf(all: unknown): { courseTitle: string }[] {
  return all as { courseTitle: string }[]
}
