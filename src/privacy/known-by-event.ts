// Loads the addresses that events name, so that they can be masked or removed.
import { eventLoopYielder } from '../clock.ts'
import type { Reader } from '../store/db.ts'
import { namedBy } from '../store/people/named-by.ts'
import { parseInTurns } from '../wire/large-json.ts'
import { addBody, type KnownAddresses, noKnownAddresses } from './known-addresses.ts'

/** Bytes. With many events at once a longer body is not read; every number that could be a phone number then counts as one. */
export const maxBytesOfMany = 65_536

/** The known addresses by event id. An event whose body was removed has none: what remains of it holds no address. */
export async function knownByEvent(
  db: Reader,
  eventIds: string[],
  maxBytes: number,
): Promise<(eventId: string) => KnownAddresses> {
  const known = new Map<string, KnownAddresses>()
  const yieldTurn = eventLoopYielder()
  for (const { eventId, raw, found, isTooLong } of await namedBy(db, [...new Set(eventIds)], maxBytes)) {
    await yieldTurn()
    const body = raw ? await parseInTurns(raw) : undefined
    known.set(eventId, await addBody({ ...noKnownAddresses(), isGuessed: isTooLong }, [body, found]))
  }
  return (eventId) => known.get(eventId) ?? noKnownAddresses()
}
