// An event for many: accepted whole, planned in turns, and nobody who is in a hurry waits behind it.
import { afterEach, describe, expect, it } from 'vitest'
import newContent from '../../src/notifiers/new-content.ts'
import orderAccepted from '../../src/notifiers/order-accepted.ts'
import orderOutForDelivery from '../../src/notifiers/order-out-for-delivery.ts'
import { plan } from '../../src/plan/plan.ts'
import { startStage } from '../helper/stage.ts'
import { accepting, type Recorded, startVendor } from '../helper/vendor.ts'
import { eventually, keys, startWorld, type World } from '../helper/world.ts'

const toStop: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of toStop.splice(0).reverse()) await stop()
})

const student = (i: number) => ({ id: `student-${i}`, email: `student-${i}@example.com`, name: `Student ${i}` })
const { recipient: _, ...lesson } = newContent.sample
const forMany = (count: number) => ({ ...lesson, recipients: Array.from({ length: count }, (_, i) => student(i)) })

async function post(world: World, event: object): Promise<string> {
  const headers = { authorization: `Bearer ${keys.producer}`, 'content-type': 'application/json' }
  const posted = await world.send('/v1/events', JSON.stringify(event), headers)
  expect(posted).toMatchObject({ status: 200, body: { status: 'accepted' } })
  return posted.body.id
}

describe('600 bulk messages', () => {
  it('are passed by those of high and normal priority, while they are planned and while they go out', async () => {
    const resend = await startVendor(accepting.resend)
    toStop.push(() => resend.close())
    const env = {
      RESEND_API_KEY: 're_of_tests',
      RESEND_BASE_URL: resend.url,
      EMAIL_PROVIDERS: 'resend',
      RESEND_RATE: '20',
    }
    const world = await startWorld({ env })
    toStop.push(() => world.stop())
    const isTo = (email: string) => (request: Recorded) => request.json().to?.toString().includes(email) ?? false
    /** How many others went out between its acceptance and its own call. */
    const passedBy = async (sample: typeof orderAccepted.sample, email: string) => {
      await post(world, { ...sample, recipient: { email } })
      const before = resend.requests.length
      return (await eventually(async () => resend.requests.findIndex(isTo(email)) + 1)) - 1 - before
    }
    const isPlanned = async () => {
      const { rows } = await world.db.query(`select from events where id = $1 and status = 'planned'`, [id])
      return rows.length === 1
    }

    const id = await post(world, forMany(600))
    await resend.waitForRequests(1)
    expect(await isPlanned()).toBe(false)
    expect(await passedBy(orderOutForDelivery.sample, 'first@example.com')).toBeLessThan(40)
    expect(await passedBy(orderAccepted.sample, 'second@example.com')).toBeLessThan(40)
    await eventually(isPlanned)
    expect(await passedBy(orderOutForDelivery.sample, 'third@example.com')).toBeLessThan(40)
    expect(await passedBy(orderAccepted.sample, 'fourth@example.com')).toBeLessThan(40)
  })
})

describe('an event for 10,000', () => {
  // Most of a minute's work where both cores are busy.
  it('is accepted whole, and every one of them has a notification', { timeout: 120_000 }, async () => {
    const world = await startWorld()
    toStop.push(() => world.stop())
    // Too late for words, which would take most of the time.
    const id = await post(world, { ...forMany(10_000), expiresAt: '2026-01-01T00:00:00Z' })
    // Asking for the event again and again would bring its large body each time.
    await world.quiet()
    expect(await world.event(id)).toMatchObject({ status: 'planned', counts: { expired: 10_000 } })
  })
})

describe('the plan of an event for many', () => {
  it('goes on where it was left, in turns, whoever has the next', async () => {
    const stage = await startStage({})
    toStop.push(() => stage.stop())
    const another = await stage.another()
    const event = await stage.accepted({ ...forMany(700), recipients: [...forMany(700).recipients, student(3)] })
    const planned = async () => {
      const { rows } = await stage.db.query(
        `select status, (select count(*)::integer from notifications) as made, (select count(*)::integer from messages) as words
         from events where id = $1`,
        [event],
      )
      return rows[0]
    }
    await plan(stage.ctx, event)
    expect(await planned()).toEqual({ status: 'accepted', made: 50, words: 50 })
    // Rung twice: both begin with the same part and one of them finds it done, or one does the next part.
    await Promise.all([plan(stage.ctx, event), plan(another, event)])
    const { status, made, words } = await planned()
    expect([status, words]).toEqual(['accepted', made])
    expect([300, 350]).toContain(made)
    for (const ctx of [another, stage.ctx, another]) await plan(ctx, event)
    expect(await planned()).toEqual({ status: 'planned', made: 700, words: 700 })
    const { rows } = await stage.db.query('select reason_code from omissions where event_id = $1', [event])
    expect(rows).toEqual([{ reason_code: 'same_recipient' }])
  })
})
