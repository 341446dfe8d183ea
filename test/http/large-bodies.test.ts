// Large bodies are read in turns of the event loop that are short enough for everything else.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { shipped } from '../helper/events.ts'
import { signedApp } from '../helper/signed.ts'
import { keys, startWorld, type World } from '../helper/world.ts'

const mebibyte = 1024 * 1024
const resendSecret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`
let world: World
beforeAll(async () => {
  const env = {
    RESEND_API_KEY: 're_1',
    RESEND_WEBHOOK_SECRET: resendSecret,
    STRIPE_WEBHOOK_SECRET: 'whsec_of_stripe_0123456789',
  }
  world = await startWorld({ env })
})
afterAll(() => world.stop())
afterEach(() => vi.restoreAllMocks())

/** The lengths of the texts that are parsed from now on, and the turns in which they are; a long one takes longer than a turn may. */
function watchParse() {
  const parsed: { length: number; turn: number }[] = []
  let turn = 0
  let isOver = false
  const { parse } = JSON
  vi.spyOn(JSON, 'parse').mockImplementation((text: string, reviver) => {
    const { length } = text
    if (length > 10_000) {
      parsed.push({ length, turn })
      for (const until = performance.now() + 12; performance.now() < until; );
    }
    return parse(text, reviver)
  })
  const counting = (async () => {
    for (; !isOver; turn++) await nextTurn()
  })()
  return {
    parsed,
    async stop() {
      isOver = true
      await counting
    },
  }
}

it('those that arrive together are parsed in different turns', async () => {
  const report = { type: 'email.sent', data: { email_id: 'x'.repeat(mebibyte / 2) } }
  const requests = Array.from({ length: 8 }, () => signedApp(report, { secret: resendSecret, style: 'svix' }))
  const { parsed, stop } = watchParse()
  const answers = await Promise.all(
    requests.map(({ payload, headers }) =>
      fetch(`${world.url}/receipts/resend`, { method: 'POST', body: payload, headers }),
    ),
  )
  await stop()
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
  expect(parsed).toHaveLength(8)
  expect(new Set(parsed.map(({ turn }) => turn)).size).toBe(8)
})

const explain = (source: string, body: string) =>
  fetch(`${world.url}/v1/explain?source=${source}`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${keys.viewer}`, 'content-type': 'application/json' },
  })

it('one that a viewer has explained is never parsed as a whole', async () => {
  const recipients = Array.from({ length: 5 }, (_, i) => ({
    email: `${i}@customers.example`,
    data: { note: 'x'.repeat(15_000) },
  }))
  const { recipient: _one, ...event } = shipped() as Record<string, unknown>
  const { parsed, stop } = watchParse()
  const { status } = await explain('shop', JSON.stringify({ ...event, recipients }))
  await stop()
  expect(status).toBe(200)
  // Each recipient is parsed by itself.
  expect(parsed.length).toBeGreaterThanOrEqual(5)
  expect(parsed.filter(({ length }) => length > 16_000)).toEqual([])
})

it('one of a vendor that is longer than its webhook may be is not explained', async () => {
  const event = JSON.stringify({
    object: 'event',
    id: 'evt_1',
    type: 'x',
    data: { object: { x: 'x'.repeat(mebibyte) } },
  })
  expect((await explain('stripe', event)).status).toBe(413)
  expect((await explain('stripe', event.slice(0, 100))).status).toBe(400)
})
