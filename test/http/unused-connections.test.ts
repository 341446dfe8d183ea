// What shutdown remembers of connections: nothing of those that are closed, whose memory a flood would fill.
import { EventEmitter } from 'node:events'
import type { FastifyInstance } from 'fastify'
import { expect, it } from 'vitest'
import { endUnusedConnections } from '../../src/http/unused-connections.ts'
import { eventually } from '../helper/world.ts'

class Connection extends EventEmitter {
  destroyed = false
  destroy() {
    this.destroyed = true
  }
}

it('a connection that closed before its request ended is forgotten, and another is ended', async () => {
  const server = Object.assign(new EventEmitter(), { closeIdleConnections() {} })
  const hooks: (() => Promise<void>)[] = []
  const fastify = { server, addHook: (_name: string, hook: () => Promise<void>) => hooks.push(hook) }
  endUnusedConnections(fastify as unknown as FastifyInstance, 40)
  const [closed, open] = [new Connection(), new Connection()]
  for (const socket of [closed, open]) {
    server.emit('connection', socket)
    server.emit('request', Object.assign(new EventEmitter(), { socket }))
  }
  closed.emit('close')
  for (const hook of hooks) await hook()
  await eventually(async () => open.destroyed)
  expect(closed.destroyed).toBe(false)
})
