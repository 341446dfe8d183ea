// A bounded cache for what is slow to make: locales from Intl, and parsed messages.

/**
 * Caches by all of the keys; empties itself when full, as drafts and locales have no bound. Only the last
 * key may contain a line end.
 */
export function cached<Keys extends string[], Made>(maxEntries: number, make: (...keys: Keys) => Made) {
  const cache = new Map<string, Made>()
  return (...keys: Keys): Made => {
    const key = keys.join('\n')
    const found = cache.get(key)
    if (found !== undefined) return found
    if (cache.size >= maxEntries) cache.clear()
    const made = make(...keys)
    cache.set(key, made)
    return made
  }
}
