// Compares secrets and what is signed with them, so that the time it takes says nothing.
import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares in constant time; the lengths may differ. */
export function isSameText(given: string, expected: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(expected))
}
