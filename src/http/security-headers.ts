// The security headers of every answer. A route that needs others, such as a page with a style sheet, sets its own over them.
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyInstance {
    /** For answers that no hook sees. */
    securityHeaders(): Record<string, string>
  }
}

const always = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}
/** A year. Subdomains are not named, as they may be other services. */
const overHttps = { ...always, 'strict-transport-security': 'max-age=31536000' }

/** Call it before any other hook, so that what a hook refuses has them too. `publicUrl`: where browsers reach the service. */
export function setSecurityHeaders(server: FastifyInstance, publicUrl: () => string): void {
  const headers = () => (publicUrl().startsWith('https:') ? overHttps : always)
  server.decorate('securityHeaders', headers)
  server.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers())
  })
}
