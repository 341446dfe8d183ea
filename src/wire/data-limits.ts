// Whether data of any shape can be kept and rendered: an object, not nested without end, its texts such as
// Postgres keeps. Asked by sources/app/envelope.ts; what its fields mean, the notifiers' schemas know.
import { type Fields, isFields } from './json.ts'

const maxDepth = 32
const maxValues = 100_000
export const notKept = 'has a NUL or half of a surrogate pair'

interface PlacedFault {
  path: string[]
  message: string
}

interface Place {
  value: Fields | unknown[]
  key: string
  above: Place | null
  depth: number
}

/**
 * The faults of `data`, with their paths within it. Takes `__proto__` keys out of what JSON.parse made,
 * so that no merge further on can meet one.
 */
export function dataFaults(data: unknown, maxFaults: number): PlacedFault[] {
  if (!isFields(data)) return [{ path: [], message: 'must be an object' }]
  const faults: PlacedFault[] = []
  let values = 0
  // A list of what is still to be looked at, not recursion: depth is the sender's choice, the stack is ours.
  const waiting: Place[] = [{ value: data, key: '', above: null, depth: 1 }]
  for (let place = waiting.pop(); place && faults.length < maxFaults; place = waiting.pop()) {
    if (place.depth > maxDepth) {
      faults.push({ path: pathOf(place), message: `is nested deeper than ${maxDepth} levels` })
      continue
    }
    if (Object.hasOwn(place.value, '__proto__')) Reflect.deleteProperty(place.value, '__proto__')
    const entries = Array.isArray(place.value)
      ? place.value.slice(0, maxValues + 1).entries()
      : Object.entries(place.value)
    for (const [name, value] of entries) {
      const key = String(name)
      values += 1
      if (values > maxValues) return [{ path: [], message: `must hold at most ${maxValues} values` }]
      if (!isKept(key) || (typeof value === 'string' && !isKept(value)))
        faults.push({ path: [...pathOf(place), shown(key)], message: notKept })
      else if (isFields(value) || Array.isArray(value))
        waiting.push({ value, key, above: place, depth: place.depth + 1 })
    }
  }
  return faults.slice(0, maxFaults)
}

/** Postgres takes neither, in text or in json. */
export function isKept(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

function pathOf(place: Place): string[] {
  const path: string[] = []
  for (let here: Place = place; here.above; here = here.above) path.unshift(shown(here.key))
  return path
}

function shown(key: string): string {
  return key.slice(0, 100).toWellFormed()
}
