// Removes the addresses from rows that outlive their people's data: ids and names that hold an address become pseudonyms, and
// addresses in texts are replaced.
import type { Reader } from '../store/db.ts'
import type { Forgetter } from '../store/people/forget-people.ts'
import { findAddresses, hasAddress, mayBeAddress } from './find-addresses.ts'
import { replaced } from './found.ts'
import { type KnownAddresses, noKnownAddresses } from './known-addresses.ts'
import { knownByEvent, maxBytesOfMany } from './known-by-event.ts'
import type { PseudonymOf } from './pseudonym.ts'

/** A forgetter for each event, which knows the addresses that its body names. Call it before the bodies are removed. */
export async function forgettersOf(
  db: Reader,
  eventIds: string[],
  pseudonymOf: PseudonymOf,
): Promise<(eventId: string) => Forgetter> {
  const known = await knownByEvent(db, eventIds, maxBytesOfMany)
  return (eventId) => forgetter(pseudonymOf, known(eventId))
}

export function forgetter(pseudonymOf: PseudonymOf, known: KnownAddresses = noKnownAddresses()): Forgetter {
  return {
    always: pseudonymOf,
    person: (id) => (mayBeAddress(id, known) ? pseudonymOf(id) : id),
    name: (name) => (hasAddress(name, known) ? pseudonymOf(name) : name),
    text: (text) =>
      replaced(
        text,
        [...findAddresses(text, known)].flat().map(({ start, end }) => ({ start, end, by: '[address]' })),
      ),
  }
}
