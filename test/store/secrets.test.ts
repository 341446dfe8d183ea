// The key that signs links where SECRET_KEY is not set: one for all processes of a database, kept in it.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { UnsubscribeRequest } from '../../src/privacy/unsubscribe-token.ts'
import { sharedSecretKey } from '../../src/store/secrets.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
afterEach(() => stage.stop())

const unsubscribe: UnsubscribeRequest = {
  ...{ recipientId: 'cus_42', address: 'ada@example.com', locale: 'en' },
  ...{ channel: 'email', category: 'product' },
}
const kept = async () => (await stage.db.query(`select value from secrets`)).rows

beforeEach(async () => {
  stage = await startStage({})
})

it('is made once, and what one process signs every other takes', async () => {
  const [one] = await kept()
  expect(one.value).toMatch(/^[A-Za-z0-9_-]{43}$/)
  const other = await stage.another()
  const token = stage.ctx.unsubscribeTokens.seal(unsubscribe)
  expect(other.unsubscribeTokens.seal(unsubscribe)).toBe(token)
  expect(other.unsubscribeTokens.open(token)).toEqual(unsubscribe)
  expect(await kept()).toEqual([one])
})

it('is agreed on by processes that ask at once', async () => {
  await stage.db.query('delete from secrets')
  const keys = await Promise.all(Array.from({ length: 20 }, () => sharedSecretKey(stage.ctx.db)))
  expect(new Set(keys).size).toBe(1)
  expect(await kept()).toEqual([{ value: keys[0] }])
})

it('is not made where SECRET_KEY is set, and that one counts', async () => {
  const set = await startStage({ SECRET_KEY: 'a-secret-key-of-the-tests' })
  expect((await set.db.query('select from secrets')).rowCount).toBe(0)
  expect(set.ctx.unsubscribeTokens.open(stage.ctx.unsubscribeTokens.seal(unsubscribe))).toBeNull()
  await set.stop()
})

it('of several in SECRET_KEY, the first signs links and the last names who was erased, so that both are known after a change', async () => {
  const before = await startStage({ SECRET_KEY: 'the-secret-key-before' })
  const after = await startStage({ SECRET_KEY: 'the-secret-key-after,the-secret-key-before' })
  expect(after.ctx.unsubscribeTokens.open(before.ctx.unsubscribeTokens.seal(unsubscribe))).toEqual(unsubscribe)
  expect(before.ctx.unsubscribeTokens.open(after.ctx.unsubscribeTokens.seal(unsubscribe))).toBeNull()
  expect(after.ctx.pseudonymOf(unsubscribe.address)).toBe(before.ctx.pseudonymOf(unsubscribe.address))
  await after.stop()
  await before.stop()
})
