// An event whose planning fails, or ends the process, is tried a few times and then given up, so that none can loop.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import newContent from '../../src/notifiers/new-content.ts'
import paymentReceived from '../../src/notifiers/payment-received.ts'
import { replayEvent } from '../../src/operate/replay.ts'
import { makePlan, plan } from '../../src/plan/plan.ts'
import type { Source } from '../../src/sources/source.ts'
import { beginPlans, firstPlans } from '../../src/store/events/load.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(() => stage.stop())

/** A planner that cannot read any event. */
const unable = (error: Error): Ctx => {
  const translate = () => {
    throw error
  }
  return withSources((source) => ({ ...source, translate }))
}
const withSources = (change: (source: Source) => Source): Ctx => {
  const { sources } = stage.ctx
  return { ...stage.ctx, sources: { ...sources, named: (name) => change(sources.named(name)) } }
}
/** A worker that dies after it has begun. */
const dies = async (id: string) => {
  expect(await beginPlans(stage.db, [id], 'tried')).not.toEqual([null])
}
const eventOf = async (id: string) => {
  const { rows } = await stage.db.query('select status, reason_code, plan_tries from events where id = $1', [id])
  return rows[0]
}
const givenUp = { status: 'failed', reason_code: 'planning_failed' }

describe('an event', () => {
  it('whose planning fails five times is given up at the sixth', async () => {
    const id = await stage.accepted(shipped())
    for (const tries of [1, 2, 3, 4, 5]) {
      await expect(plan(unable(new Error('a bug')), id)).rejects.toThrow('a bug')
      expect(await eventOf(id)).toMatchObject({ status: 'accepted', plan_tries: tries })
    }
    await plan(stage.ctx, id)
    expect(await eventOf(id)).toMatchObject(givenUp)
  })

  it('whose planning ends the process five times is given up too, and makes nothing needless', async () => {
    const id = await stage.accepted(shipped())
    for (let death = 1; death <= 5; death++) await dies(id)
    await plan(stage.ctx, id)
    expect(await eventOf(id)).toMatchObject(givenUp)
    const { rows } = await stage.db.query('select from notifications where event_id = $1', [id])
    expect(rows).toEqual([])
  })

  it.each([
    ['at once', 'alarm'],
    ['fetched', 'repeat'],
  ] as const)('whose first try fails, %s, is given up just as soon', async (first, next) => {
    const id = await stage.accepted(shipped())
    const failing = makePlan(unable(new Error('a bug')))
    await expect(failing(id, first)).rejects.toThrow('a bug')
    expect(await eventOf(id)).toMatchObject({ status: 'accepted', plan_tries: 1 })
    for (const tries of [2, 3, 4, 5]) {
      await expect(failing(id, next)).rejects.toThrow('a bug')
      expect(await eventOf(id)).toMatchObject({ status: 'accepted', plan_tries: tries })
    }
    await makePlan(stage.ctx)(id, next)
    expect(await eventOf(id)).toMatchObject(givenUp)
  })

  it('that was tried before is counted once when it is begun at once, and given up as soon', async () => {
    const id = await stage.accepted(shipped())
    const failing = makePlan(unable(new Error('a bug')))
    for (const tries of [1, 2, 3, 4, 5]) {
      await expect(failing(id, 'at once')).rejects.toThrow('a bug')
      expect(await eventOf(id)).toMatchObject({ status: 'accepted', plan_tries: tries })
    }
    await makePlan(stage.ctx)(id, 'at once')
    expect(await eventOf(id)).toMatchObject(givenUp)
  })

  it('has its repeat counted before it begins, as it may end the process', async () => {
    const id = await stage.accepted(shipped())
    const counted: number[] = []
    const dying = withSources((source) => ({
      ...source,
      translate: async () => {
        counted.push((await eventOf(id)).plan_tries)
        return new Promise<never>(() => {})
      },
    }))
    void makePlan(dying)(id, 'repeat')
    await expect.poll(() => counted).toEqual([1])
  })

  it.each([
    ['at once', 'alarm'],
    ['fetched', 'repeat'],
  ] as const)('whose first try, %s, ends the process has five more', async (first, next) => {
    const id = await stage.accepted(shipped())
    let triesBefore: number | null = null
    const dying = withSources((source) => ({
      ...source,
      translate: async () => {
        triesBefore = (await eventOf(id)).plan_tries
        return new Promise<never>(() => {})
      },
    }))
    void makePlan(dying)(id, first)
    await expect.poll(() => triesBefore, { message: 'nothing is written before its plan' }).toBe(0)
    const failing = makePlan(unable(new Error('a bug')))
    for (const tries of [1, 2, 3, 4, 5]) {
      await expect(failing(id, next)).rejects.toThrow('a bug')
      expect(await eventOf(id)).toMatchObject({ status: 'accepted', plan_tries: tries })
    }
    await makePlan(stage.ctx)(id, next)
    expect(await eventOf(id)).toMatchObject(givenUp)
  })

  it('whose first try, at once, fails while the database is away is not blamed for it, and neither by its alarm', async () => {
    const id = await stage.accepted(shipped())
    const away = Object.assign(new Error('terminating connection'), { code: '57P01' })
    await expect(makePlan(unable(away))(id, 'at once')).rejects.toThrow(away)
    expect(await eventOf(id)).toMatchObject({ status: 'accepted', plan_tries: 0 })
    await expect(makePlan(unable(new Error('a bug')))(id, 'alarm')).rejects.toThrow('a bug')
    expect(await eventOf(id), 'the first of five').toMatchObject({ plan_tries: 1 })
    for (let death = 2; death <= 4; death++) await dies(id)
    await makePlan(stage.ctx)(id, 'alarm')
    expect(await eventOf(id)).toEqual({ status: 'planned', reason_code: null, plan_tries: 0 })
  })

  it('is planned at once only if nobody has begun it or ended it', async () => {
    const ids = [await stage.accepted(shipped()), await stage.accepted(shipped()), await stage.accepted(shipped())]
    const [begun = '', planned = '', fresh = ''] = ids
    await dies(begun)
    await plan(stage.ctx, planned)
    const found = await firstPlans(stage.db, ids)
    expect(found.map((one) => one?.event.id)).toEqual([undefined, undefined, fresh])
    await makePlan(stage.ctx)(fresh, 'at once')
    await makePlan(stage.ctx)(fresh, 'alarm')
    expect(await eventOf(fresh)).toMatchObject({ status: 'planned', plan_tries: 0 })
    const { rows } = await stage.db.query('select from notifications where event_id = $1', [fresh])
    expect(rows).toHaveLength(2)
  })

  it('is planned at the fifth try, and nobody counts after that', async () => {
    const id = await stage.accepted(shipped())
    for (let death = 1; death <= 4; death++) await dies(id)
    await plan(stage.ctx, id)
    expect(await eventOf(id)).toEqual({ status: 'planned', reason_code: null, plan_tries: 0 })
    await plan(stage.ctx, id)
    expect(await eventOf(id)).toEqual({ status: 'planned', reason_code: null, plan_tries: 0 })
  })

  it('that gets on is not given up, however many turns it takes and fails between them', async () => {
    const recipients = Array.from({ length: 700 }, (_, i) => ({ email: `student-${i}@example.com` }))
    const { recipient: _, ...lesson } = newContent.sample
    const id = await stage.accepted({ ...lesson, recipients, expiresAt: '2026-01-01T00:00:00Z' })
    let turns = 0
    for (; (await eventOf(id)).status === 'accepted'; turns++) {
      for (let death = 1; death <= 3; death++) await dies(id)
      await plan(stage.ctx, id)
    }
    expect(turns).toBeGreaterThan(2)
    expect(await eventOf(id)).toMatchObject({ status: 'planned' })
  })

  it('that fails while the database is away is not blamed for it', async () => {
    const id = await stage.accepted(shipped())
    const away = Object.assign(new Error('terminating connection'), { code: '57P01' })
    for (let outage = 1; outage <= 7; outage++) await expect(plan(unable(away), id)).rejects.toThrow(away)
    expect(await eventOf(id)).toMatchObject({ status: 'accepted', plan_tries: 0 })
    await plan(stage.ctx, id)
    expect(await eventOf(id)).toMatchObject({ status: 'planned' })
  })

  it('that was given up is planned from the beginning once a person asks for it again', async () => {
    const id = await stage.accepted(shipped())
    for (let death = 1; death <= 5; death++) await dies(id)
    await plan(stage.ctx, id)
    expect(await replayEvent(stage.ctx, id, false, 'ops')).toMatchObject({ willSend: 2 })
    await plan(stage.ctx, id)
    expect(await eventOf(id)).toEqual({ status: 'planned', reason_code: null, plan_tries: 0 })
  })

  it('that is given up stops what it stops all the same', async () => {
    const later = { sendAt: '2026-11-22T10:00:00Z', reference: 'ORD-9' }
    const { ids } = await stage.planned({
      ...shipped(later),
      type: 'payment.failed',
      data: paymentReceived.sample.data,
    })
    const id = await stage.accepted({
      ...paymentReceived.sample,
      reference: 'ORD-9',
      timestamp: '2026-11-21T10:00:00Z',
    })
    for (let death = 1; death <= 5; death++) await dies(id)
    await plan(stage.ctx, id)
    expect(await eventOf(id)).toMatchObject(givenUp)
    expect((await stage.audit(ids.email ?? '')).notification.state).toBe('cancelled')
  })
})

describe('events that were tried before', () => {
  it('are planned one after the other, so that one that ends the process takes no other one with it', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => stage.accepted(shipped())))
    for (const id of ids) await dies(id)
    let atWork = 0
    const seen: number[] = []
    const watched: Ctx = {
      ...withSources((source) => {
        atWork += 1
        seen.push(atWork)
        return source
      }),
      jobs: {
        ...stage.ctx.jobs,
        prepare: async (tx, newJobs) => {
          const send = await stage.ctx.jobs.prepare(tx, newJobs)
          return async () => {
            await send()
            atWork -= 1
          }
        },
      },
    }
    await Promise.all(ids.map((id) => plan(watched, id)))
    expect(seen).toEqual([1, 1, 1])
    for (const id of ids) expect(await eventOf(id)).toMatchObject({ status: 'planned', plan_tries: 0 })
  })
})
