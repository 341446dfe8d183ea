// Finds addresses in a text, in any spelling or encoding: known ones, and whatever looks like one. Every step is linear in the
// text's length or works on a bounded part of it, so that hostile input cannot make it slow.
import { emailsIn, knownBangPathsIn, knownEmailsIn } from './find-emails.ts'
import { phonesIn } from './find-phones.ts'
import type { Found } from './found.ts'
import { isBareNumber, type KnownAddresses, noKnownAddresses } from './known-addresses.ts'
import { originalRange, type View, viewsOf } from './views.ts'

/** The text is searched in parts that overlap, so that an address at the end of one is found in the next. */
const partLength = 16_384
const overlap = 4_096
/** Runs that may be base64. A shorter one cannot hold an address. */
const base64Run = /[A-Za-z0-9+/_-]{8,}={0,2}/g
const printed = /[^\ufffd\p{Cc}]{6,}/gu
const hexRun = /(?:[0-9a-f]{2}){6,}/gi
/** A text without a match has no address. */
const mayHoldAddress = /[@%&\\=!#\uff20]|\d[^a-z]{0,12}\d|[A-Za-z0-9+/_-]{8}|\Wat\W|\P{ASCII}/iu

/** The addresses in a part of a text. */
export interface FoundInPart {
  /** In order of position; they may overlap. */
  addresses: Found[]
  /** The next part has none that begins before this position. */
  completeTo: number
}

/** One step of a long search: a caller that waits for its turn between steps holds up nobody. */
type Steps<T> = Generator<FoundInPart, T>
const pause: FoundInPart = { addresses: [], completeTo: 0 }
/** Whether a run of base64 or hexadecimal holds an address, by the run: it is the same in most views. */
type SearchedRuns = Map<string, boolean>

/**
 * Yields the addresses of each part of the text, and nothing between the steps of a part, so that a caller may pause. Addresses in
 * an overlap are found twice.
 */
export function* findAddresses(text: string, known: KnownAddresses): Steps<void> {
  for (let from = 0; ; from += partLength - overlap) {
    const isLast = from + partLength >= text.length
    const addresses = yield* addressesFrom(text, from, known)
    yield { addresses, completeTo: isLast ? text.length : from + partLength - overlap }
    if (isLast) return
  }
}

/** All addresses of a short text. */
export function allAddresses(text: string, known: KnownAddresses = noKnownAddresses()): Found[] {
  return [...findAddresses(text, known)].flatMap(({ addresses }) => addresses)
}

function hasAddress(text: string, known: KnownAddresses = noKnownAddresses()): boolean {
  for (const { addresses } of findAddresses(text, known)) if (addresses.length > 0) return true
  return false
}

/** Whether an id is or holds an address; a bare number may be a phone number. */
export function mayBeAddress(id: string, known: KnownAddresses = noKnownAddresses()): boolean {
  return isBareNumber(id) || hasAddress(id, known)
}

function* addressesFrom(text: string, from: number, known: KnownAddresses): Steps<Found[]> {
  const part = text.slice(from, from + partLength)
  if (!mayHoldAddress.test(part)) return []
  const found = yield* inViews(part, known)
  return found.map((one) => ({
    ...one,
    start: one.start + from,
    end: one.end + from,
    ...(one.at !== undefined && { at: one.at + from }),
  }))
}

function* inViews(part: string, known: KnownAddresses): Steps<Found[]> {
  const all: Found[] = []
  const searched: SearchedRuns = new Map()
  for (const view of viewsOf(part)) {
    yield pause
    const found = addressesIn(view, known)
    yield pause
    const encoded = yield* encodedAddressesIn(view, known, searched)
    for (const one of [...found, ...encoded]) all.push(toOriginal(view, one))
  }
  return all.sort((a, b) => a.start - b.start)
}

function toOriginal(view: View, { start, end, at, ...found }: Found): Found {
  const [from, to] = originalRange(view, start, end)
  return { ...found, start: from, end: to, ...(at !== undefined && { at: originalRange(view, at, at + 1)[0] }) }
}

/** Whole runs of base64 or hexadecimal that hold an address. */
function* encodedAddressesIn({ text }: View, known: KnownAddresses, searched: SearchedRuns): Steps<Found[]> {
  const found: Found[] = []
  for (const [pattern, textsOf] of [
    [base64Run, textsOfBase64],
    [hexRun, textsOfHex],
  ] as const)
    for (const { 0: run, index } of text.matchAll(pattern)) {
      const key = `${pattern.flags} ${run}`
      const holds = searched.get(key) ?? (yield* anyHoldsAddress(textsOf(run), known))
      searched.set(key, holds)
      if (holds) found.push({ start: index, end: index + run.length, kind: 'encoded', reads: '' })
    }
  return found
}

/** A run may begin before the encoded text, hence the shifts. */
function* textsOfBase64(run: string): Generator<string> {
  for (const shift of [0, 1, 2, 3]) yield* textsOfBytes(Buffer.from(run.slice(shift), 'base64'))
}

function* textsOfHex(run: string): Generator<string> {
  yield* textsOfBytes(Buffer.from(run, 'hex'))
}

/** In UTF-16 every other byte is zero. */
function* textsOfBytes(bytes: Buffer): Generator<string> {
  const text = bytes.toString()
  yield printedIn(text)
  if (text.includes('\0')) yield printedIn(text.replaceAll('\0', ''))
}

/** Only the printable stretches of a decoded text: random bytes have few, and none with an address. */
export function printedIn(text: string): string {
  return (text.match(printed) ?? []).join('\n')
}

function* anyHoldsAddress(texts: Iterable<string>, known: KnownAddresses): Steps<boolean> {
  const sure = { ...known, isGuessed: false }
  for (const text of texts) {
    if (!mayHoldAddress.test(text)) continue
    for (const view of viewsOf(text)) {
      if (addressesIn(view, sure).length > 0) return true
      yield pause
    }
  }
  return false
}

function addressesIn({ text }: View, known: KnownAddresses): Found[] {
  return [...emailsIn(text), ...knownEmailsIn(text, known), ...knownBangPathsIn(text, known), ...phonesIn(text, known)]
}
