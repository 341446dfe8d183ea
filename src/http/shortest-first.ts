// A queue of what is done in pieces: the shortest first, or the one that has waited longest.

export interface ShortestFirst<T> {
  readonly size: number
  /** Who is in the queue already keeps its place. */
  add(item: T, bytes: number): void
  delete(item: T): void
  shortest(): T | undefined
  longestWaiting(): T | undefined
  /** Of the longest, the one that came first. */
  longest(): T | undefined
}

/** Sizes within one of these bounds count as equal. */
const sizes = [512, 2048, 8192, 32_768, Number.POSITIVE_INFINITY]

export function shortestFirst<T>(): ShortestFirst<T> {
  const levels = sizes.map((most) => ({ most, items: new Set<T>() }))
  const levelOf = new Map<T, Set<T>>()
  return {
    get size() {
      return levelOf.size
    },
    add(item, bytes) {
      const items = levels.find(({ most }) => bytes <= most)?.items
      if (!items || levelOf.get(item) === items) return
      levelOf.get(item)?.delete(item)
      items.add(item)
      levelOf.set(item, items)
    },
    delete(item) {
      levelOf.get(item)?.delete(item)
      levelOf.delete(item)
    },
    shortest() {
      return first(levels.find(({ items }) => items.size > 0)?.items ?? [])
    },
    longestWaiting() {
      return first(levelOf.keys())
    },
    longest() {
      return first(levels.findLast(({ items }) => items.size > 0)?.items ?? [])
    },
  }
}

function first<T>(items: Iterable<T>): T | undefined {
  const [one] = items
  return one
}
