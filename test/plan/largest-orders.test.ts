// How large an order's email can be: far below what mail servers refuse (25 MB), whatever an app sends.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ordered } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(() => stage.stop())

const orderOf = (count: number) => {
  const data = ordered().data as object
  const imageUrl = `https://shop.example.com/${'i'.repeat(1900)}`
  const item = {
    name: '\u0915&'.repeat(150),
    quantity: 999_999,
    unitPrice: { amount: 1_000_000, currency: 'gbp' },
    imageUrl,
  }
  return ordered({ data: { ...data, items: Array.from({ length: count }, () => item) } })
}

it('one with the longest texts', async () => {
  const { ids } = await stage.planned(orderOf(150))
  const { rows } = await stage.db.query(
    'select octet_length(content::text) as bytes from messages where notification_id = $1',
    [ids.email],
  )
  expect(rows[0].bytes).toBeGreaterThan(100_000)
  expect(rows[0].bytes).toBeLessThan(1024 * 1024)
})

it('one of 20,000 items is refused with the reason when it is posted', async () => {
  await expect(stage.planned(orderOf(20_000))).rejects.toThrow(/must hold at most \d+ (fields|values)/)
})
