// A delivery whose job failed or was lost is tried a few times more and then given up, so that none can loop.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeAttempts } from '../../src/deliver/attempts.ts'
import { makeDeliver } from '../../src/deliver/deliver.ts'
import { retry } from '../../src/operate/retry.ts'
import { beginDelivery } from '../../src/store/attempts/tries.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
})
afterAll(() => stage.stop())

const email = async () => (await stage.planned(shipped())).ids.email ?? ''
const rowOf = async (id: string) => {
  const { rows } = await stage.db.query('select state, reason_code, tries from notifications where id = $1', [id])
  return rows[0]
}
const attempts = () => makeAttempts(stage.ctx)
/** Deliveries that fail before an attempt is open. */
const failing = (error: Error) => makeDeliver(stage.ctx, { ...attempts(), open: () => Promise.reject(error) })
/** A worker that dies after it has begun. */
const dies = async (id: string) => {
  expect(await beginDelivery(stage.db, id, 'tried', stage.clock.now())).not.toBeNull()
}
const bug = new Error('a bug')

describe('a notification', () => {
  it('whose delivery keeps failing is given up at the sixth repeat, with the reason', async () => {
    const id = await email()
    await expect(failing(bug)(id)).rejects.toThrow('a bug')
    for (const tries of [1, 2, 3, 4, 5]) {
      await expect(failing(bug)(id, 'repeat')).rejects.toThrow('a bug')
      expect(await rowOf(id)).toMatchObject({ state: 'pending', tries })
    }
    await failing(bug)(id, 'repeat')
    expect(await rowOf(id)).toEqual({ state: 'failed', reason_code: 'delivery_failed', tries: 0 })
    const { rows } = await stage.db.query('select code from timeline_entries where notification_id = $1', [id])
    expect(rows).toEqual([{ code: 'ended' }])
  })

  it('whose delivery ended the process while an attempt was open is held, not failed', async () => {
    const id = await email()
    await attempts().open({ notificationId: id, now: stage.clock.now(), token: 'sandbox', mayBeLarge: false })
    expect(await rowOf(id)).toMatchObject({ state: 'sending' })
    stage.clock.advance(3_600_000)
    for (let death = 1; death <= 5; death++) await dies(id)
    await makeDeliver(stage.ctx)(id, 'repeat')
    expect(await rowOf(id)).toEqual({ state: 'unconfirmed', reason_code: 'held', tries: 0 })
    const { rows } = await stage.db.query('select outcome, error_code from attempts where notification_id = $1', [id])
    expect(rows).toEqual([{ outcome: 'unknown', error_code: 'worker_lost' }])
  })

  it('is sent at the fifth repeat, and nobody counts after that', async () => {
    const id = await email()
    for (let death = 1; death <= 4; death++) await dies(id)
    await makeDeliver(stage.ctx)(id, 'repeat')
    expect(await rowOf(id)).toEqual({ state: 'sent', reason_code: null, tries: 0 })
    await makeDeliver(stage.ctx)(id, 'repeat')
    expect(await rowOf(id)).toEqual({ state: 'sent', reason_code: null, tries: 0 })
  })

  it('that is not due yet, or waits for a reason of its own, is not counted', async () => {
    const id = await email()
    const waits = makeDeliver(stage.ctx, { ...attempts(), open: async () => ({ kind: 'skipped', why: 'it waits' }) })
    for (let repeat = 1; repeat <= 7; repeat++) await waits(id, 'repeat')
    expect(await rowOf(id)).toMatchObject({ state: 'pending', tries: 0 })
    const later = (await stage.planned(shipped({ sendAt: '2027-11-22T10:00:00Z' }))).ids.email ?? ''
    expect(await beginDelivery(stage.db, later, 'untried', stage.clock.now())).toBeNull()
  })

  it('that fails while the database is away is not blamed for it', async () => {
    const id = await email()
    const away = Object.assign(new Error('terminating connection'), { code: '57P01' })
    for (let outage = 1; outage <= 7; outage++) await expect(failing(away)(id, 'repeat')).rejects.toThrow(away)
    expect(await rowOf(id)).toMatchObject({ state: 'pending', tries: 0 })
  })

  it('that was given up is sent once a person retries it', async () => {
    const id = await email()
    for (let death = 1; death <= 5; death++) await dies(id)
    await makeDeliver(stage.ctx)(id, 'repeat')
    expect(await rowOf(id)).toMatchObject({ state: 'failed', tries: 0 })
    expect(await retry(stage.ctx, id, 'ops')).toEqual({ kind: 'done' })
    await makeDeliver(stage.ctx)(id)
    expect(await rowOf(id)).toMatchObject({ state: 'sent' })
  })

  it('that failed twice is repeated by itself, so that one that ends the process takes no other one with it', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => email()))
    for (const id of ids) await dies(id)
    let atWork = 0
    const seen: number[] = []
    const real = attempts()
    const watched = makeDeliver(stage.ctx, {
      ...real,
      async open(one) {
        atWork += 1
        seen.push(atWork)
        return real.open(one)
      },
      async close(one) {
        atWork -= 1
        return real.close(one)
      },
    })
    await Promise.all(ids.map((id) => watched(id, 'repeat')))
    expect(seen).toEqual([1, 1, 1])
  })
})
