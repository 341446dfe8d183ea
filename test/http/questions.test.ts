// Questions have connections of their own: a slow one is refused and holds up no webhook; searches may go to a replica.
import { expect, it } from 'vitest'
import { shipped } from '../helper/events.ts'
import { startTcpProxy } from '../helper/tcp-proxy.ts'
import { freshDatabase, type Problem, startWorld } from '../helper/world.ts'

it('a question that takes too long is 503 and says so; meanwhile webhooks are accepted', async () => {
  const world = await startWorld()
  const locking = await world.db.connect()
  await locking.query('begin; lock table provider_changes')
  const asked = Promise.all(Array.from({ length: 8 }, () => world.get<Problem>('/v1/providers')))
  const accepted = await Promise.all(Array.from({ length: 8 }, () => world.app(shipped())))
  expect(accepted.map(({ status }) => status)).toEqual(Array(8).fill(200))
  const { rows } = await world.db.query(`select from pg_locks where not granted`)
  expect(rows.length, 'questions still wait').toBeGreaterThan(0)

  const answers = await asked
  for (const { status, headers, body } of answers) {
    expect(status).toBe(503)
    expect(body.detail).toMatch(
      /^(The answer took too long\. Ask for less: add a filter|Too many questions are being answered)/,
    )
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect(answers.some(({ body }) => body.detail.startsWith('The answer took too long'))).toBe(true)
  await locking.query('rollback')
  locking.release()
  expect((await world.get('/v1/providers')).status).toBe(200)
  await world.stop()
})

it('with DATABASE_READ_URL, searches go to the replica, and what is asked by its id to the database itself', async () => {
  const replica = await freshDatabase()
  const proxy = await startTcpProxy()
  const world = await startWorld({ env: { DATABASE_READ_URL: proxy.through(replica.url) } })
  const { body } = await world.app(shipped(), { id: 'msg_1' })
  await world.event(body.id)
  const found = async (path: string) => (await world.get<{ data: unknown[] }>(path)).body.data.length
  // The other database stands for a replica that lags behind.
  expect(await found('/v1/events')).toBe(0)
  expect(await found('/v1/notifications?reference=ORD-77')).toBe(0)
  expect((await world.get(`/v1/events/${body.id}`)).status).toBe(200)

  await proxy.cut()
  expect(await found('/v1/events'), 'without the replica').toBe(1)
  expect(world.log.filter((line) => line.includes('read replica failed'))).toHaveLength(1)
  await world.stop()
  await proxy.close()
  await replica.drop()
})
