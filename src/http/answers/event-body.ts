// The raw body of an event, as a caller may see it.
import type { KnownAddresses } from '../../privacy/known-addresses.ts'
import { maskedPieces } from '../../privacy/mask.ts'

/** The body, masked unless `hiding` is null. */
export async function* bodyPieces(body: string, hiding: KnownAddresses | null): AsyncGenerator<string> {
  if (hiding) yield* maskedPieces(body, hiding)
  else yield body
}

/** As much of a body as may be shown. Each piece is masked as a whole, so that no address is cut before it is found. */
export async function beginningOf(pieces: AsyncIterable<string>, limit = Number.POSITIVE_INFINITY) {
  let body = ''
  for await (const piece of pieces) {
    body += piece
    if (body.length > limit) return { body: body.slice(0, limit).toWellFormed(), bodyIsCut: true }
  }
  return { body }
}
