// Warns about settings of TRUST_PROXY that make rate limits count the wrong addresses.
import type { FastifyInstance } from 'fastify'

const better =
  'Set TRUST_PROXY to the number of proxies in front, such as 1, or to their addresses, such as 10.0.0.0/8.'

export function warnOfForwarding(server: FastifyInstance, trustProxy: boolean | number | string[]): void {
  if (trustProxy === true)
    server.log.warn(`TRUST_PROXY is true: any client can claim any address and evade the rate limits. ${better}`)
  if (trustProxy !== false) return
  let isLogged = false
  server.addHook('onRequest', (request, _reply, done) => {
    if (!isLogged && request.headers['x-forwarded-for'] !== undefined) {
      isLogged = true
      server.log.warn(
        `X-Forwarded-For arrived and TRUST_PROXY is off: all clients of a proxy share its address and its rate limits. ${better}`,
      )
    }
    done()
  })
}
