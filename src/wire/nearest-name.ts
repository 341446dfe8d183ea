// Finds the name that a sender probably meant: senders mistype names, and spell them as other APIs do.
import { closestMatch } from 'leven'

const maxLength = 100

/** The nearest of the known names, by letters and digits alone (`send_at` is `sendAt`); null if none is near. */
export function nearestName(given: string, known: readonly string[]): string | null {
  const name = lettersOf(given.slice(0, maxLength))
  const byLetters = new Map(known.map((one) => [lettersOf(one), one]))
  const maxDistance = Math.min(2, Math.floor(name.length / 3))
  const nearest = byLetters.has(name) ? name : closestMatch(name, [...byLetters.keys()], { maxDistance })
  return (nearest && byLetters.get(nearest)) || null
}

/** What is added to a fault: `; did you mean …?`, or nothing. */
export function meantInstead(given: string, known: readonly string[]): string {
  const name = nearestName(given, known)
  return name === null ? '' : `; did you mean \`${name}\`?`
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}
