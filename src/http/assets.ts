// The files that pages for people load. A file's URL changes with its content, so that browsers may cache it forever.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { packageRoot } from '../package-root.ts'

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' }

/** Serves a file of `assets` and answers its URL, relative to the base: `assets/look.css?…`. */
export async function serveAsset(server: FastifyInstance, name: `${string}.${keyof typeof types}`): Promise<string> {
  const content = await readFile(path.join(packageRoot(), 'assets', name))
  const version = createHash('sha256').update(content).digest('base64url').slice(0, 12)
  const type = name.endsWith('.css') ? types.css : types.js
  server.get(`/assets/${name}`, { schema: { hide: true } }, async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=31536000, immutable').type(type).send(content),
  )
  return `assets/${name}?${version}`
}

/** Serves the icon where browsers ask for it unasked. */
export async function serveIcon(server: FastifyInstance): Promise<void> {
  const content = await readFile(path.join(packageRoot(), 'assets', 'icon.svg'))
  server.get('/favicon.ico', { schema: { hide: true } }, async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=86400').type('image/svg+xml').send(content),
  )
}
