// Removes the addresses from rows that outlive their people's data: ids and names that hold an address become pseudonyms, and
// addresses in texts are replaced.
import type { Reader } from '../store/db.ts'
import type { Anonymizer } from '../store/people/anonymize.ts'
import { allAddresses, hasAddress, mayBeAddress } from './find-addresses.ts'
import { replaced } from './found.ts'
import { type KnownAddresses, noKnownAddresses } from './known-addresses.ts'
import { knownByEvent, maxBytesOfMany } from './known-by-event.ts'
import type { PseudonymOf } from './pseudonym.ts'

/** A anonymizer for each event, which knows the addresses that its body names. Call it before the bodies are removed. */
export async function anonymizersOf(
  db: Reader,
  eventIds: string[],
  pseudonymOf: PseudonymOf,
): Promise<(eventId: string) => Anonymizer> {
  const known = await knownByEvent(db, eventIds, maxBytesOfMany)
  return (eventId) => anonymizer(pseudonymOf, known(eventId))
}

export function anonymizer(pseudonymOf: PseudonymOf, known: KnownAddresses = noKnownAddresses()): Anonymizer {
  return {
    always: pseudonymOf,
    person: (id) => (mayBeAddress(id, known) ? pseudonymOf(id) : id),
    name: (name) => (hasAddress(name, known) ? pseudonymOf(name) : name),
    text: (text) =>
      replaced(
        text,
        allAddresses(text, known).map(({ start, end }) => ({ start, end, by: '[address]' })),
      ),
  }
}
