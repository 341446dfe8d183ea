// Pages that anybody may ask for as often as they like: drawn once, and then only filled with what is a request's own.
import { randomUUID } from 'node:crypto'
import { escaped } from '../../../emails/_parts/compiled.ts'

type Own = Record<string, string>
/** `draw` is given a text to show in place of each own one; it must draw the same page for the same key. */
type Drawn = <T extends Own>(key: string, own: T, draw: (places: Record<keyof T, string>) => string) => string

/** More kinds of a page than that are drawn each time. */
const mostKept = 100

export function drawnOnce(): Drawn {
  const kept = new Map<string, string[]>()
  return (key, own, draw) => {
    const parts = kept.get(key) ?? partsOf(own, draw)
    if (kept.size < mostKept) kept.set(key, parts)
    // Between the texts of the page stand the names of what is filled in.
    return parts.map((part, i) => (i % 2 === 0 ? part : escaped(own[part] ?? ''))).join('')
  }
}

function partsOf<T extends Own>(own: T, draw: (places: Record<keyof T, string>) => string): string[] {
  const id = randomUUID()
  const places = Object.fromEntries(Object.keys(own).map((name) => [name, `${id}${name}${id}`]))
  return draw(places as Record<keyof T, string>).split(new RegExp(`${id}(\\w+)${id}`))
}
