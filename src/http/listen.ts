// Makes the server listen on the configured address.
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config/config.ts'

type Address = Pick<Config, 'host' | 'port' | 'portIsSet' | 'roles'>

/** The URL that the server listens on, and the base of links to this service. */
export interface Listening {
  url: string
  links: string
}

/**
 * A worker whose port was not set takes a free one where the default is in use: by the API beside it, to which the links
 * then lead. Throws an error that names the setting at fault.
 */
export async function listen(
  server: FastifyInstance,
  { host, port, portIsSet, roles }: Address,
  resolve = addressesOf,
): Promise<Listening> {
  const mayMove = !roles.api && !portIsSet
  try {
    const [first = host, ...others] = await resolve(host)
    const listenToo = listenAlso(server, others)
    const listenOn = async (wanted: number) => {
      await server.listen({ host: first, port: wanted })
      const taken = (server.server.address() as AddressInfo).port
      await listenToo(taken)
      return urlOf(host, taken)
    }
    try {
      const url = await listenOn(port)
      return { url, links: url }
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE' || !mayMove) throw error
      return { url: await listenOn(0), links: urlOf(host, port) }
    }
  } catch (error) {
    const code = codeOf(error)
    const setting = code === 'EADDRINUSE' || code === 'EACCES' ? `PORT ${port}` : `HOST ${host}`
    const advice = code === 'EADDRINUSE' ? '; stop the process that has it, or set another PORT' : ''
    throw new Error(`${setting} cannot be listened on: ${(error as Error).message}${advice}`, { cause: error })
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

/** `localhost` is more than one address, of which some clients try only one. */
async function addressesOf(host: string): Promise<string[]> {
  if (host !== 'localhost') return [host]
  return [...new Set((await lookup(host, { all: true })).map(({ address }) => address))]
}

/**
 * Lets the server have the connections to more addresses, so that all its limits hold for them. Fastify itself would make a
 * second HTTP server, without what is set on the first.
 */
function listenAlso(server: FastifyInstance, hosts: string[]): (port: number) => Promise<void> {
  const options = { allowHalfOpen: true, noDelay: true }
  const more = hosts.map((host) => ({
    host,
    sockets: createServer(options, (socket) => server.server.emit('connection', socket)),
  }))
  server.addHook('preClose', async () => {
    const open = more.filter(({ sockets }) => sockets.listening)
    const closed = open.map(({ sockets }) => once(sockets.close(), 'close'))
    server.server.closeIdleConnections()
    await Promise.all(closed)
  })
  return async (port) => {
    for (const { host, sockets } of more)
      try {
        await once(sockets.listen({ host, port }), 'listening')
      } catch (error) {
        server.log.warn({ host, port, code: codeOf(error) }, 'this address is not listened on')
      }
  }
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
