// Anonymizers that remove one person wherever they are named: by an id, by an address, or by their name.
import { eventLoopYielder } from '../clock.ts'
import { memo } from '../domain/memo.ts'
import type { Anonymizer } from '../store/people/anonymize.ts'
import { anonymizer } from './anonymizer.ts'
import { replaced } from './found.ts'
import { addAddresses, noKnownAddresses } from './known-addresses.ts'
import type { PersonFinder } from './person-finder.ts'
import type { PseudonymOf } from './pseudonym.ts'
import { wordsOf } from './words.ts'

export interface OfPerson {
  /** For rows about this person alone: removes any address. */
  own: Anonymizer
  /** For rows that are about others too: leaves the addresses of others. */
  others: Anonymizer
}

/** A shorter id or name is a part of too much. */
const minLength = 3
/** The rows of an event for many have the same names and references. */
const mostRemembered = 10_000

export function anonymizersOfPerson(
  pseudonymOf: PseudonymOf,
  finder: PersonFinder,
  { names, addresses }: { names: Iterable<string>; addresses: Iterable<string> },
): OfPerson {
  const known = addAddresses(noKnownAddresses(), [...finder.addresses, ...addresses])
  const words = [...finder.ids, ...names].filter((text) => text.length >= minLength)
  const [inWords, named] = [wordsOf(words), finder.with({ names: words, addresses })]
  const yieldTurn = eventLoopYielder()
  const isNamed = memo(mostRemembered, async (text: string) => {
    const steps = named.steps(text)
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value
      await yieldTurn()
    }
  })
  const usual = anonymizer(pseudonymOf, known, yieldTurn)
  const withoutAddresses = memo(mostRemembered, usual.name)
  const own = async (text: string) => ((await isNamed(text)) ? pseudonymOf(text) : withoutAddresses(text))
  const others = async (text: string) => ((await isNamed(text)) ? pseudonymOf(text) : text)
  const withoutWords = (text: string) =>
    replaced(
      text,
      inWords.in(text).map((range) => ({ ...range, by: '[person]' })),
    )
  const { always } = usual
  return {
    own: { always, person: own, name: own, text: async (text) => withoutWords(await usual.text(text)) },
    others: {
      ...{ always, person: others, name: others },
      text: async (text) => ((await isNamed(text)) ? withoutWords(await usual.text(text)) : text),
    },
  }
}
