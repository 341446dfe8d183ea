// The database goes away and comes back: nobody is told that an event was kept when it was not.
import { expect, it } from 'vitest'
import { shipped } from '../helper/events.ts'
import { startTcpProxy } from '../helper/tcp-proxy.ts'
import { eventually, type Problem, startWorld } from '../helper/world.ts'

it('webhooks are 503 with Retry-After while it is away, and accepted once it is back', async () => {
  const proxy = await startTcpProxy()
  const world = await startWorld({ through: proxy.through })
  expect((await world.app(shipped(), { id: 'msg_before' })).status).toBe(200)

  await proxy.cut()
  const away = await world.app<Problem>(shipped(), { id: 'msg_away' })
  expect(away).toMatchObject({ status: 503, body: { status: 503, title: 'Service Unavailable' } })
  expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await world.get('/v1/notifications')).status).toBe(503)
  expect((await world.get('/readyz', '')).status).toBe(503)
  expect((await world.get('/healthz', '')).status).toBe(200)

  await proxy.mend()
  await eventually(async () => (await world.get('/readyz', '')).status === 200)
  const back = await world.app(shipped(), { id: 'msg_away' })
  expect(back).toMatchObject({ status: 200, body: { duplicate: false } })
  expect((await world.event(back.body.id)).counts).toEqual({ sent: 2 })
  await world.stop()
  await proxy.close()
})
