// An export or an erase reads every stored body before it answers, so its connection may be silent for longer than others.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RequireRight } from '../../src/http/auth.ts'
import { listen } from '../../src/http/listen.ts'
import { recipientRoutes } from '../../src/http/routes/recipients.ts'
import { buildServer } from '../../src/http/server.ts'
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
  const address = { host: '127.0.0.1', port: 0, portIsSet: true, roles: { api: true, worker: false } }
  url = (await listen(server, address)).url
})
afterAll(async () => {
  await server.close()
  await stage.stop()
})

it.each([
  ['an export', 'GET', '/export'],
  ['an erase', 'DELETE', ''],
])('%s is answered although its search takes longer', async (_what, method, path) => {
  const locked = await stage.db.connect()
  await locked.query('begin')
  await locked.query('lock table event_bodies in access exclusive mode')
  const answer = fetch(`${url}/v1/recipients/cus_1${path}`, { method })
  answer.catch(() => {})
  await new Promise((resolve) => setTimeout(resolve, 5 * silentMs))
  await locked.query('rollback')
  locked.release()
  expect((await answer).status).toBe(200)
  await (await answer).text()
})
