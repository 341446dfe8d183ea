// Bounds the memory of large answers over all connections, from when they are made until they are sent or nobody reads them.
import type { FastifyReply } from 'fastify'
import { problemError } from '../problems/problem.ts'

/** Counts the bytes of large answers. `take` throws a 503 where there is no room, and gives the room back with the answer. */
export function roomForAnswers(maxBytes: number): { take(reply: FastifyReply, bytes: number): void } {
  let open = 0
  return {
    take(reply, bytes) {
      if (open > 0 && open + bytes > maxBytes)
        throw problemError({
          code: 'answer_too_slow',
          detail: 'Too many large answers are being read. Repeat the request after Retry-After.',
        })
      open += bytes
      reply.raw.once('close', () => {
        open -= bytes
      })
    },
  }
}
