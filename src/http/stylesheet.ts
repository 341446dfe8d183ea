// The style sheet of the pages for people. Its URL changes with its content, so that browsers may cache it forever.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { packageRoot } from '../package-root.ts'

/** Serves the style sheet and answers its URL, relative to the base: `assets/look.css?…`. */
export async function serveStylesheet(server: FastifyInstance): Promise<string> {
  const css = await readFile(path.join(packageRoot(), 'assets/look.css'))
  const version = createHash('sha256').update(css).digest('base64url').slice(0, 12)
  server.get('/assets/look.css', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .headers({ 'cache-control': 'public, max-age=31536000, immutable', 'x-content-type-options': 'nosniff' })
      .type('text/css; charset=utf-8')
      .send(css),
  )
  return `assets/look.css?${version}`
}
