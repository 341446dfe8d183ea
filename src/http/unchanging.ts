// Answers that are the same for everybody as long as the process runs: made once, sent as the same bytes, and only named to who
// has them.
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { shared } from '../observe/shared.ts'

/** A handler that makes the answer when it is first asked for. */
export function unchanging(
  headers: Record<string, string>,
  make: () => string | Promise<string>,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const made = shared(async () => taggedOf(Buffer.from(await make())), Number.POSITIVE_INFINITY)
  return async (request, reply) => {
    const { bytes, tag } = await made()
    reply.headers({ ...headers, 'cache-control': 'no-cache', etag: tag })
    if (isKnown(request.headers['if-none-match'] ?? '', tag)) reply.code(304).send()
    else reply.send(bytes)
  }
}

function taggedOf(bytes: Buffer): { bytes: Buffer; tag: string } {
  return { bytes, tag: `"${createHash('sha256').update(bytes).digest('base64url')}"` }
}

/** A gateway that compresses an answer marks its tag as weak. */
function isKnown(given: string, tag: string): boolean {
  return given.split(',').some((one) => ['*', tag].includes(one.trim().replace(/^W\//, '')))
}
