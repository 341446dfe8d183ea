// Removes the addresses from rows that outlive their people's data: ids and names that hold an address become pseudonyms, and
// addresses in texts are replaced.
import { eventLoopYielder, type YieldTurn } from '../clock.ts'
import type { Reader } from '../store/db.ts'
import type { Anonymizer } from '../store/people/anonymize.ts'
import { findAddresses } from './find-addresses.ts'
import { type Found, replaced } from './found.ts'
import { isBareNumber, type KnownAddresses, noKnownAddresses } from './known-addresses.ts'
import { knownByEvent, maxBytesOfMany } from './known-by-event.ts'
import type { PseudonymOf } from './pseudonym.ts'

/** An anonymizer for each event, which knows the addresses that its body names. Call it before the bodies are removed. */
export async function anonymizersOf(
  db: Reader,
  eventIds: string[],
  pseudonymOf: PseudonymOf,
): Promise<(eventId: string) => Anonymizer> {
  const known = await knownByEvent(db, eventIds, maxBytesOfMany)
  const yieldTurn = eventLoopYielder()
  return (eventId) => anonymizer(pseudonymOf, known(eventId), yieldTurn)
}

/** It yields to the event loop within each text: a hostile one takes long to search, and there may be thousands. */
export function anonymizer(
  pseudonymOf: PseudonymOf,
  known: KnownAddresses = noKnownAddresses(),
  yieldTurn: YieldTurn = eventLoopYielder(),
): Anonymizer {
  const hasAddress = async (text: string) => {
    for (const { addresses } of findAddresses(text, known)) {
      if (addresses.length > 0) return true
      await yieldTurn()
    }
    return false
  }
  const name = async (text: string) => ((await hasAddress(text)) ? pseudonymOf(text) : text)
  const always = async (text: string) => {
    await yieldTurn()
    return pseudonymOf(text)
  }
  return {
    always,
    name,
    // A bare number may be a phone number.
    person: (id) => (isBareNumber(id) ? always(id) : name(id)),
    async text(text) {
      const found: Found[][] = []
      for (const { addresses } of findAddresses(text, known)) {
        found.push(addresses)
        await yieldTurn()
      }
      const addressed = found.flat().map(({ start, end }) => ({ start, end, by: '[address]' }))
      return replaced(text, addressed)
    },
  }
}
