// A standby takes over under load: with synchronous replication, whatever was acknowledged is kept and sent once.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { shipped } from '../helper/events.ts'
import { type Pair, startPair } from '../helper/standby.ts'
import { startTcpProxy, type TcpProxy } from '../helper/tcp-proxy.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { type EventAudit, eventually, startWorld, type World } from '../helper/world.ts'

const events = 40
const senders = 8

let pair: Pair
let proxy: TcpProxy
let vendor: Vendor
let world: World
let aheadMs = 0
let cleanup: AsyncDisposableStack
beforeEach(async () => {
  cleanup = new AsyncDisposableStack()
  pair = await startPair()
  cleanup.defer(pair.stop)
  proxy = await startTcpProxy()
  cleanup.defer(proxy.close)
  vendor = await startVendor(accepting.resend)
  cleanup.defer(vendor.close)
  const env = { RESEND_API_KEY: 're_of_tests', RESEND_BASE_URL: vendor.url, RESEND_RATE: '1000' }
  const clock = { now: () => new Date(performance.timeOrigin + performance.now() + aheadMs) }
  world = await startWorld({ env, clock, through: () => proxy.through(pair.primary.url) })
  cleanup.defer(world.stop)
})
afterEach(() => cleanup.disposeAsync())

it('nothing that was acknowledged is lost, and nothing is sent twice; until it is promoted, the database counts as away', async () => {
  // Senders that repeat an event until it is acknowledged, as the protocol asks of them.
  const acknowledged: string[] = []
  const refusals = new Set<number>()
  const waiting = Array.from({ length: events }, (_, n) => n)
  const third = Promise.withResolvers<void>()
  const send = async () => {
    for (let n = waiting.shift(); n !== undefined; n = waiting.shift()) {
      const event = shipped({ recipient: { email: `p${n}@example.org` } })
      const { id } = await eventually(async () => {
        const { status, body } = await world.app(event, { id: `msg_${n}` })
        if (status !== 200) refusals.add(status)
        return status === 200 && body
      })
      acknowledged.push(id)
      if (acknowledged.length === events / 4) third.resolve()
    }
  }
  const sending = Promise.all(Array.from({ length: senders }, send))

  await third.promise
  await pair.primary.kill()
  proxy.through(pair.standby.url)
  await eventually(async () => {
    const { status, body } = await world.get<{ missing?: string[] }>('/readyz', '')
    return status === 503 && body.missing?.includes('database')
  })
  expect((await world.app(shipped(), { id: 'msg_meanwhile' })).status).toBe(503)
  await pair.standby.promote()
  await sending
  expect([...refusals].filter((status) => status !== 503)).toEqual([])

  expect(new Set(acknowledged).size).toBe(events)
  for (const id of acknowledged) {
    const { notifications } = await world.event(id, isSentInTime)
    expect(notifications.map(({ state }) => state)).toEqual(['sent'])
  }
  const people = vendor.requests.map((request) => String(request.json().to))
  expect(people).toHaveLength(events)
  expect(new Set(people).size).toBe(events)
})

/** Time passes faster: a job that was being fetched when the server died counts as lost after 15 s, an open attempt after 30. */
function isSentInTime({ notifications }: EventAudit): boolean {
  aheadMs += 100
  return notifications.some(({ state }) => state === 'sent')
}
