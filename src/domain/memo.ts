// A bounded memory of what is slow to find out or to make.

/**
 * Keeps what `make` answers for each list of keys; empties itself when full, as the keys come from senders. Only the last
 * key may contain a line end.
 */
export function memo<Keys extends (string | number)[], Made>(maxEntries: number, make: (...keys: Keys) => Made) {
  const known = new Map<string, Made>()
  return (...keys: Keys): Made => {
    const key = keys.join('\n')
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= maxEntries) known.clear()
    const made = make(...keys)
    known.set(key, made)
    return made
  }
}
