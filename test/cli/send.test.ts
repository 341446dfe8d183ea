// `posthorn send` by a real provider: how long it waits, and what it says of a message without a receipt.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { command } from '../helper/command.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { keys, startWorld, type World } from '../helper/world.ts'

let vendor: Vendor
let world: World
beforeAll(async () => {
  vendor = await startVendor()
  world = await startWorld({ env: { RESEND_API_KEY: 're_of_tests', RESEND_BASE_URL: vendor.url } })
})
afterAll(async () => {
  await world.stop()
  await vendor.close()
})

const send = (...args: string[]) =>
  command(['send', 'order-shipped', ...args, '--url', world.url, '--key', keys.operator])

/** The last line, and how often the command asked for the notification. */
async function sent(...args: string[]) {
  const asks = () => world.log.filter((line) => line.includes('"route":"/v1/notifications/:id"')).length
  const before = asks()
  const { code, stdout } = await send(...args)
  const last = stdout.trimEnd().split('\n').at(-1)
  return { code, last, asked: asks() - before }
}

/** It asks ten times a second, on a slow machine less often; a plan may take 20 seconds, the wait for its end does not. */
const mostAsked = (seconds: number) => 10 * seconds + 2

it('waits as long as asked for a receipt, and says that none came', async () => {
  vendor.answer(accepting.resend)
  const { code, last, asked } = await sent('--to', 'bea@example.com', '--wait', '2')
  expect(last).toMatch(/^sent by resend; no receipt came within 2 s, notification [0-9a-f-]{36}$/)
  expect(code).toBe(0)
  expect(asked).toBeGreaterThan(1)
  expect(asked).toBeLessThanOrEqual(mostAsked(2))
})

it('with --wait 0 ends once it is sent', async () => {
  vendor.answer(accepting.resend)
  expect((await sent('--to', 'cleo@example.com', '--wait', '0')).last).toMatch(/^sent by resend, notification /)
})

it.each([
  [500, 'unconfirmed'],
  [429, 'pending'],
])('waits no longer for a message that was answered %i, and is %s', async (status, state) => {
  vendor.answer({ status, json: { message: 'try later' } })
  const { code, last, asked } = await sent('--to', 'dot@example.com', '--wait', '1')
  expect(last).toMatch(new RegExp(`^${state} after 1 s, notification [0-9a-f-]{36}$`))
  expect(code).toBe(1)
  expect(asked).toBeGreaterThan(0)
  expect(asked).toBeLessThanOrEqual(mostAsked(1))
})
