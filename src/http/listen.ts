// Makes the server listen on the configured address.
import type { AddressInfo } from 'node:net'
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
export async function listen(server: FastifyInstance, { host, port, portIsSet, roles }: Address): Promise<Listening> {
  const mayMove = !roles.api && !portIsSet
  try {
    const url = await listenOn(server, host, port)
    return { url, links: url }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE' && mayMove) return { url: await listenOn(server, host, 0), links: urlOf(host, port) }
    const setting = code === 'EADDRINUSE' || code === 'EACCES' ? `PORT ${port}` : `HOST ${host}`
    const advice = code === 'EADDRINUSE' ? '; stop the process that has it, or set another PORT' : ''
    throw new Error(`${setting} cannot be listened on: ${message}${advice}`, { cause: error })
  }
}

async function listenOn(server: FastifyInstance, host: string, port: number): Promise<string> {
  await server.listen({ host, port })
  return urlOf(host, (server.server.address() as AddressInfo).port)
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
