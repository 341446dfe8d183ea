// A report may name thousands of receipts, whose texts are strangers' words: they are read and redacted in many turns.
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { redact } from '../../src/privacy/redact.ts'
import { sendgridCallback, sendgridKeys } from '../helper/receipts.ts'
import { startWorld, type World } from '../helper/world.ts'

const { webhookKey, privateKey } = sendgridKeys()
let world: World
beforeAll(async () => {
  world = await startWorld({ env: { SENDGRID_API_KEY: 'SG.1', SENDGRID_WEBHOOK_KEY: webhookKey } })
})
afterAll(() => world.stop())
afterEach(() => vi.restoreAllMocks())

it('others have their turn between its receipts, and each text is kept without addresses', async () => {
  const events = Array.from({ length: 120 }, (_, i) => ({
    ...{ event: 'deferred', sg_message_id: `q${i}`, timestamp: Math.floor(Date.now() / 1000) },
    reason: `452 4.2.2 %256Din%2561%2540mailbox.example, ${i} of 3 tries`,
  }))
  const { payload, headers, path } = sendgridCallback(events, { privateKey })
  let nowMs = performance.now()
  // Every step takes longer than a turn may.
  vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 20))
  const turns = vi.spyOn(globalThis, 'setImmediate')
  const answer = await fetch(world.url + path, { method: 'POST', body: payload, headers })
  expect(await answer.json()).toEqual({ receipts: 120 })
  expect(turns.mock.calls.length).toBeGreaterThanOrEqual(120)
  const { rows } = await world.db.query<{ text: string }>('select text from receipts order by id')
  expect(rows.map(({ text }) => text)).toContain('452 4.2.2 [address], 7 of 3 tries')
  expect(rows.filter(({ text }) => /mailbox/.test(text))).toEqual([])
})

it('of a long text only the beginning is read, and an address that goes on behind it is removed whole', () => {
  const before = `552 ${'mailbox full '.repeat(30)}`.slice(0, 295)
  expect(redact(`${before} someone.with.a.long.name@mailbox.example`)).toBe(`${before} [ad…`)
  const many = `${'someone.with.a.long.name@mailbox.example '.repeat(8)}and no.one@mailbox.example `.repeat(20)
  expect(redact(many)).toMatch(/^(\[address\] |and )*\[address\]$/)
  for (let more = 0; more < 40; more++) {
    const shown = redact(
      `${'someone.with.a.long.name@mailbox.example '.repeat(15)}${'y'.repeat(more)} %6Din%61%40mailbox.example`,
    )
    expect(shown).not.toContain('%6')
  }
})
