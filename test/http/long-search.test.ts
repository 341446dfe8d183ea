// An export or an erase reads every stored body before it answers, so its connection may be silent for longer than others.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RequireRight } from '../../src/http/auth.ts'
import { listen } from '../../src/http/listen.ts'
import { recipientRoutes } from '../../src/http/routes/recipients.ts'
import { replayRoutes } from '../../src/http/routes/replays.ts'
import { buildServer } from '../../src/http/server.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

const silentMs = 200

let stage: Stage
let server: FastifyInstance
let url: string
beforeAll(async () => {
  stage = await startStage({})
  const timeLimits = { headersMs: 30_000, requestMs: 60_000, silentMs }
  const { ctx } = stage
  server = await buildServer({ ctx, api: null, trustProxy: false, graceMs: 1000, notReady: async () => [], timeLimits })
  const asOperator: RequireRight = (right) =>
    Object.assign(
      async (request: FastifyRequest) => {
        request.caller = { name: 'ops', role: 'operator' }
      },
      { right },
    )
  await server.register(recipientRoutes(ctx, asOperator))
  await server.register(replayRoutes(ctx, asOperator))
  const address = { host: '127.0.0.1', port: 0, portIsSet: true, roles: { api: true, worker: false } }
  url = (await listen(server, address)).url
})
afterAll(async () => {
  await server.close()
  await stage.stop()
})

const window = { since: '2026-11-21', until: '2026-11-22', dryRun: true }

it.each([
  ['an export', 'GET', '/v1/recipients/cus_1/export'],
  ['an erase', 'DELETE', '/v1/recipients/cus_1'],
  ['the plan of a replay', 'POST', '/v1/replays', window],
  ['the start of a replay', 'POST', '/v1/replays', { ...window, dryRun: false }],
])('%s is answered although its search takes longer', async (_what, method, path, body?: object) => {
  await stage.accepted(shipped())
  const locked = await stage.db.connect()
  await locked.query('begin')
  await locked.query('lock table event_bodies in access exclusive mode')
  const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = fetch(url + path, { method, ...json })
  answer.catch(() => {})
  await new Promise((resolve) => setTimeout(resolve, 5 * silentMs))
  await locked.query('rollback')
  locked.release()
  expect((await answer).status).toBe(200)
  await (await answer).text()
})
