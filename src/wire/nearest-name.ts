// Finds the name that a sender probably meant: senders mistype names, and spell them as other APIs do.
import { closestMatch } from 'leven'

/** Our name by another API's, the latter in lower case without punctuation. */
export type Synonyms = ReadonlyMap<string, string>

/** Each line is one of our names, and the names that others have for it. */
export function synonymsOf(lines: Record<string, string>): Synonyms {
  return new Map(
    Object.entries(lines).flatMap(([ours, theirs]) => theirs.split(' ').map((one) => [lettersOf(one), ours])),
  )
}

const maxLength = 100
/** A shorter word, such as `id`, is part of too many names. */
const minWordLength = 4

/**
 * The nearest of the known names, by letters and digits alone (`send_at` is `sendAt`), or the one with the same letters in
 * another order (`emial` is `email`), or what another API calls it by (`synonyms`, by their letters and digits), or the one that
 * is a word of the given name (`phoneNumber` is `phone`); null if none is. Of two that are alike the first is meant.
 */
export function nearestName(given: string, known: readonly string[], synonyms: Synonyms = new Map()): string | null {
  const cut = given.slice(0, maxLength)
  const name = lettersOf(cut)
  const byLetters = new Map(known.toReversed().map((one) => [lettersOf(one), one]))
  const maxDistance = Math.min(2, Math.floor(name.length / 3))
  const near = () => closestMatch(name, [...byLetters.keys()], { maxDistance })
  const word = () => wordsOf(cut).find((one) => one.length >= minWordLength && byLetters.has(one))
  const anagram = () => [...byLetters.keys()].find((one) => sorted(one) === sorted(name))
  const synonym = synonyms.get(name)
  if (synonym && !byLetters.has(name)) return synonym
  const nearest = byLetters.has(name) ? name : (near() ?? anagram() ?? word())
  return (nearest && byLetters.get(nearest)) || null
}

/** What is added to a fault: `; did you mean …?`, or nothing. */
export function meantInstead(given: string, known: readonly string[], synonyms?: Synonyms): string {
  const name = nearestName(given, known, synonyms)
  return name === null ? '' : `; did you mean \`${name}\`?`
}

function wordsOf(name: string): string[] {
  return name.split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u).map(lettersOf)
}

/** The given name that differs from the known one in its spelling only: `order_number` for `orderNumber`. */
export function otherSpelling(known: string, given: readonly string[]): string | null {
  const letters = lettersOf(known)
  return given.find((one) => one !== known && one.length <= maxLength && lettersOf(one) === letters) ?? null
}

function sorted(letters: string): string {
  return [...letters].sort().join('')
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}
