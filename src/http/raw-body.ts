// Takes bodies as bytes, which are what is signed and stored.
import type { FastifyRequest } from 'fastify'
import { yieldTurn } from '../clock.ts'

const largeBytes = 16 * 1024

/** A content type parser. Large bodies that arrive together are read in different turns of the event loop. */
export async function rawBody(_request: FastifyRequest, body: Buffer): Promise<Buffer> {
  if (body.length > largeBytes) await yieldTurn()
  return body
}
