// What is known of the people of events, before anything of these events is shown to somebody who may not see addresses,
// or forgotten.
import type { Reader } from '../store/db.ts'
import { namedBy } from '../store/people/named-by.ts'
import { parseJson } from '../wire/json.ts'
import { type KnownAddresses, knowBody, nobodyKnown } from './known-addresses.ts'

/** Of many events at once a longer body is not read: then every number that could be a phone's counts as one. */
export const longestOfMany = 65_536

/** By the events' ids. A body that is gone names nobody: what stayed of its event has no address in it. */
export async function knownByEvent(
  db: Reader,
  eventIds: string[],
  mostBytes: number,
): Promise<(eventId: string) => KnownAddresses> {
  const known = new Map<string, KnownAddresses>()
  for (const { eventId, raw, found, isTooLong } of await namedBy(db, [...new Set(eventIds)], mostBytes)) {
    const body = raw ? parseJson(raw) : undefined
    known.set(eventId, await knowBody({ ...nobodyKnown(), isGuessed: isTooLong }, [body, found]))
  }
  return (eventId) => known.get(eventId) ?? nobodyKnown()
}
