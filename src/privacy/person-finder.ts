// Finds one person in texts: by their addresses in any encoding that a mask knows, by their ids, and by their names. It is
// linear in the text's length, however many addresses and names they have, and works on it in parts.
import { findAddresses } from './find-addresses.ts'
import { addAddresses, noKnownAddresses } from './known-addresses.ts'
import { ownAddress, unpacked } from './own-address.ts'
import { viewsOf } from './views.ts'
import { type Words, wordsOf } from './words.ts'

export interface PersonFinder {
  ids: ReadonlySet<string>
  /** In lower case. */
  addresses: ReadonlySet<string>
  /** Whether the text names them. Yields between the parts of a long text, so that a caller may pause. */
  steps(text: string): Generator<void, boolean>
  /** The same of a short text, at once. */
  isIn(text: string): boolean
  /** Finds the same person by these names too. */
  withNames(names: Iterable<string>): PersonFinder
}

const partLength = 32_768
/** The longest name or id. */
const overlap = 512
/** How many addresses that were found are looked at in one step. */
const foundAtOnce = 200
/** A text without a match reads as it is written. */
const mayBeEncoded = /[%&\\=]|\P{ASCII}/u
/** The field of an id in JSON: `42` alone may be any number. */
const idField = /id["']\s{0,9}:\s{0,9}["']/gi

export function personFinder(ids: Iterable<string>, addresses: Iterable<string>): PersonFinder {
  const own = { ids: new Set(ids), addresses: new Set(addresses) }
  const known = addAddresses(noKnownAddresses(), [...own.addresses])
  const isOwn = ownAddress(known)
  const lengths = new Set([...own.ids].map(({ length }) => length))

  function* hasAddress(text: string, isPacked = false): Generator<void, boolean> {
    for (const { addresses: found } of findAddresses(text, known)) {
      yield
      for (const [index, one] of found.entries()) {
        if (isOwn(text, one)) return true
        if (one.kind === 'encoded' && !isPacked)
          for (const inner of unpacked(text.slice(one.start, one.end))) if (yield* hasAddress(inner, true)) return true
        if (index % foundAtOnce === foundAtOnce - 1) yield
      }
    }
    return false
  }

  const hasIdField = (text: string) =>
    own.ids.size > 0 &&
    [...text.matchAll(idField)].some(({ 0: field, index }) => {
      const at = index + field.length
      return [...lengths].some((length) => {
        return own.ids.has(text.slice(at, at + length)) && /["'\\]/.test(text[at + length] ?? '')
      })
    })

  const withWords = (words: Words): PersonFinder => {
    function* steps(text: string): Generator<void, boolean> {
      if (own.ids.has(text) || own.addresses.has(text)) return true
      for (let from = 0; from === 0 || from + overlap < text.length; from += partLength - overlap) {
        const part = text.slice(from, from + partLength)
        const read = mayBeEncoded.test(part) ? viewsOf(part).map((view) => view.text) : [part]
        for (const one of read) {
          if (words.in(one).length > 0 || hasIdField(one)) return true
          yield
        }
      }
      return own.addresses.size > 0 && (yield* hasAddress(text))
    }
    return { ...own, steps, isIn: (text) => ended(steps(text)), withNames: (names) => withWords(wordsOf(names)) }
  }
  return withWords(wordsOf([]))
}

function ended(steps: Generator<void, boolean>): boolean {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}
