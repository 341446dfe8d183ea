// Finds one person in texts: by their addresses in any encoding that a mask knows, by their ids, and by their names, in
// time linear in the text's length.
import { findAddresses } from './find-addresses.ts'
import { addAddresses, noKnownAddresses } from './known-addresses.ts'
import { ownAddress, unpacked } from './own-address.ts'
import { viewsOf } from './views.ts'
import { wordsOf } from './words.ts'

export interface PersonFinder {
  ids: ReadonlySet<string>
  /** In lower case. */
  addresses: ReadonlySet<string>
  /** Whether the text names them. Yields between the parts of a long text, so that a caller may pause. */
  steps(text: string): Generator<void, boolean>
  /** Finds the same person in texts by these too. */
  with(this: void, called: { names: Iterable<string>; addresses?: Iterable<string> }): PersonFinder
}

const partLength = 32_768
/** The longest name or id. */
const overlap = 512
/** How many addresses that were found are looked at in one step. */
const foundAtOnce = 200
/** A text without a match reads as it is written. */
const mayBeEncoded = /[%&\\=]|\P{ASCII}/u
const letter = /[\p{L}\p{N}\p{Cs}]/u
/** The field of an id in JSON: `42` alone may be any number. */
const idField = /id["']\s{0,9}:\s{0,9}["']/gi

export function personFinder(
  ids: Iterable<string>,
  addresses: Iterable<string>,
  names: Iterable<string> = [],
): PersonFinder {
  const own = { ids: new Set(ids), addresses: new Set(addresses) }
  const words = wordsOf(names)
  const known = addAddresses(noKnownAddresses(), [...own.addresses])
  const isOwn = ownAddress(own.addresses, known.phones)
  const lengths = new Set([...own.ids].map(({ length }) => length))

  function* hasAddress(text: string, isPacked = false): Generator<void, boolean> {
    for (const { addresses: found } of findAddresses(text, known)) {
      yield
      for (const [index, one] of found.entries()) {
        if (isOwn(text, one, isPacked)) return true
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

  function* steps(text: string): Generator<void, boolean> {
    if (own.ids.has(text) || own.addresses.has(text)) return true
    for (const part of wholeWords(text)) {
      const read = mayBeEncoded.test(part) ? viewsOf(part) : [{ text: part }]
      for (const one of read) {
        if (words.in(one.text).length > 0 || hasIdField(one.text)) return true
        yield
      }
    }
    return own.addresses.size > 0 && (yield* hasAddress(text))
  }

  return {
    ...own,
    steps,
    with: (more) => personFinder(own.ids, [...own.addresses, ...(more.addresses ?? [])], [...names, ...more.names]),
  }
}

/** Parts that overlap, without the beginnings and ends of words that they cut. */
function* wholeWords(text: string): Generator<string> {
  for (let from = 0; from === 0 || from + overlap < text.length; from += partLength - overlap) {
    let [start, end] = [from, Math.min(from + partLength, text.length)]
    while (start > 0 && start < end && isInWord(text, start)) start += 1
    while (end < text.length && end > start && isInWord(text, end)) end -= 1
    yield text.slice(start, end)
  }
}

/** Whether a cut at the position would cut a word. Half a sign counts as a letter. */
function isInWord(text: string, at: number): boolean {
  return letter.test(text[at - 1] ?? '') && letter.test(text[at] ?? '')
}
