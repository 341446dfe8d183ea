// Asks an address while all is well, so that a missing request alerts the monitor.
import type { Logger } from 'pino'
import { transport } from '../wire/http.ts'
import { isPrivateHost, lookupPublic, privateAddress } from '../wire/public-address.ts'

export type Heartbeat = () => Promise<void>

const limitMs = 10_000
const maxBodyBytes = 64 * 1024

/** Never throws; a beat that did not arrive is logged without the address, which may hold a token. */
export function heartbeatOf(address: string, { allowPrivate, log }: { allowPrivate: boolean; log: Logger }): Heartbeat {
  const url = new URL(address)
  const path = url.pathname + url.search
  const headers = { 'user-agent': 'posthorn' }
  return async () => {
    if (!allowPrivate && isPrivateHost(url))
      return log.warn({ stage: 'heartbeat', ...privateAddress }, 'heartbeat not sent')
    const wire = transport(url.origin, { maxBodyBytes, ...(!allowPrivate && { lookup: lookupPublic }) })
    try {
      const result = await wire.send({ method: 'GET', path, headers, signal: AbortSignal.timeout(limitMs) })
      if (result.kind !== 'answer') log.warn({ stage: 'heartbeat', code: result.code }, 'heartbeat not sent')
      else if (result.statusCode >= 400)
        log.warn({ stage: 'heartbeat', status: result.statusCode }, 'heartbeat was refused')
    } finally {
      await wire.close()
    }
  }
}
