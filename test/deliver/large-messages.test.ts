// Large messages that are delivered at the same time: what their calls hold together is bounded, and small ones do not wait.
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { providerNamed } from '../../src/deliver/provider-named.ts'
import { deliver } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(async () => {
  vi.restoreAllMocks()
  await stage.stop()
})

/** What is watched for comes; how soon depends on the machine. */
const soon = { timeout: 20_000 }
const mebibyte = 1024 * 1024

async function email(bytes = 0): Promise<string> {
  const { ids } = await stage.planned(shipped({ recipient: { email: `${crypto.randomUUID()}@example.org` } }))
  const id = ids.email ?? ''
  if (bytes > 0)
    await stage.db.query(
      `update messages set content = jsonb_set(content::jsonb, '{html}', to_jsonb(repeat('x', $2)))::json where notification_id = $1`,
      [id, bytes],
    )
  return id
}

/** The bytes that calls hold, now and at most; a call ends when `end` is called, or at once before it is. */
function watchCalls() {
  const provider = providerNamed(stage.ctx, 'email', 'sandbox')
  const held = { now: 0, most: 0, calls: 0 }
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const { send } = provider
  vi.spyOn(provider, 'send').mockImplementation(async (message, options) => {
    const bytes = JSON.stringify(message).length
    held.calls += 1
    held.now += bytes
    held.most = Math.max(held.most, held.now)
    if (bytes > mebibyte) await ended
    else await wait(10)
    held.now -= bytes
    return send.call(provider, message, options)
  })
  return { held, end }
}

const states = async () =>
  (await stage.db.query('select state, count(*)::integer as n from notification_states group by 1 order by 1')).rows

it('calls hold no more than their bound, and a small message passes those that wait', async () => {
  const { held, end } = watchCalls()
  const large = await Promise.all(Array.from({ length: 4 }, () => email(6 * mebibyte)))
  const small = await email()
  const all = Promise.all(large.map((id) => deliver(stage.ctx, id)))
  await vi.waitFor(() => expect(held.calls).toBe(2), soon)
  await deliver(stage.ctx, small)
  expect((await stage.audit(small)).notification.state).toBe('sent')
  end()
  await all
  expect(await states()).toEqual([{ state: 'sent', n: 5 }])
  expect(held.most).toBeLessThan(16 * mebibyte)
})

it('one that is larger than the bound is sent alone', async () => {
  const { held, end } = watchCalls()
  end()
  const large = [await email(20 * mebibyte), await email(2 * mebibyte), await email(20 * mebibyte)]
  await Promise.all(large.map((id) => deliver(stage.ctx, id)))
  expect(await states()).toEqual([{ state: 'sent', n: 3 }])
  expect(held.calls).toBe(3)
  expect(held.most).toBeLessThan(21 * mebibyte)
})

it('where many wait already, another is put off, with nothing opened', async () => {
  const { held, end } = watchCalls()
  const large = await Promise.all(Array.from({ length: 13 }, () => email(9 * mebibyte)))
  const all = Promise.all(large.map((id) => deliver(stage.ctx, id)))
  await vi.waitFor(() => expect(held.calls).toBe(1), soon)
  await vi.waitFor(
    async () =>
      expect(await states()).toEqual([
        { state: 'pending', n: 12 },
        { state: 'sending', n: 1 },
      ]),
    soon,
  )
  end()
  await all
  // On a slow machine the time of some that wait runs out, too.
  const [pending, sent] = await states()
  expect([pending, sent]).toMatchObject([{ state: 'pending' }, { state: 'sent' }])
  expect(pending.n).toBeGreaterThanOrEqual(2)
  expect(pending.n + sent.n).toBe(13)
  const { rows } = await stage.db.query('select count(*)::integer as n from attempts')
  expect(rows).toEqual([{ n: sent.n }])
})
