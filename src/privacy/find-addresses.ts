// Finds addresses in a text, in any spelling or encoding: known ones, and whatever looks like one. Every step is linear in the
// text's length or works on a bounded part of it, so that hostile input cannot make it slow.
import { emailsIn, knownEmailsIn } from './find-emails.ts'
import { phonesIn } from './find-phones.ts'
import type { Found } from './found.ts'
import { isBareNumber, type KnownAddresses, noKnownAddresses } from './known-addresses.ts'
import { originalRange, type View, viewsOf } from './views.ts'

/** The text is searched in parts that overlap, so that an address at the end of one is found in the next. */
const partLength = 32_768
const overlap = 4_096
/** Runs that may be base64. A shorter one cannot hold an address. */
const base64Run = /[A-Za-z0-9+/_-]{8,}={0,2}/g
const printed = /[^\ufffd\p{Cc}]{6,}/gu
const hexRun = /(?:[0-9a-f]{2}){6,}/gi
/** A text without a match has no address. */
const mayHoldAddress = /[@%&\\=\uff20]|\d[^a-z]{0,12}\d|[A-Za-z0-9+/_-]{8}|\Wat\W|\P{ASCII}/iu

/** The addresses in a part of a text. */
export interface FoundInPart {
  /** In order of position; they may overlap. */
  addresses: Found[]
  /** The next part has none that begins before this position. */
  completeTo: number
}

/** Yields the addresses of each part of the text, so that a caller may pause. Those in an overlap are found twice. */
export function* findAddresses(text: string, known: KnownAddresses): Generator<FoundInPart> {
  for (let from = 0; ; from += partLength - overlap) {
    const isLast = from + partLength >= text.length
    const addresses = addressesFrom(text, from, known)
    yield { addresses, completeTo: isLast ? text.length : from + partLength - overlap }
    if (isLast) return
  }
}

/** All addresses of a short text. */
export function allAddresses(text: string, known: KnownAddresses = noKnownAddresses()): Found[] {
  return [...findAddresses(text, known)].flatMap(({ addresses }) => addresses)
}

export function hasAddress(text: string, known: KnownAddresses = noKnownAddresses()): boolean {
  for (const { addresses } of findAddresses(text, known)) if (addresses.length > 0) return true
  return false
}

/** Whether an id is or holds an address; a bare number may be a phone number. */
export function mayBeAddress(id: string, known: KnownAddresses = noKnownAddresses()): boolean {
  return isBareNumber(id) || hasAddress(id, known)
}

function addressesFrom(text: string, from: number, known: KnownAddresses): Found[] {
  const part = text.slice(from, from + partLength)
  if (!mayHoldAddress.test(part)) return []
  return inViews(part, known).map((one) => ({
    ...one,
    start: one.start + from,
    end: one.end + from,
    ...(one.at !== undefined && { at: one.at + from }),
  }))
}

function inViews(part: string, known: KnownAddresses): Found[] {
  return viewsOf(part)
    .flatMap((view) => {
      return [...addressesIn(view, known), ...encodedAddressesIn(view, known)].map((found) => toOriginal(view, found))
    })
    .sort((a, b) => a.start - b.start)
}

function toOriginal(view: View, { start, end, at, ...found }: Found): Found {
  const [from, to] = originalRange(view, start, end)
  return { ...found, start: from, end: to, ...(at !== undefined && { at: originalRange(view, at, at + 1)[0] }) }
}

/** Whole runs of base64 or hexadecimal that hold an address. A base64 run may begin before the encoded text, hence the shifts. */
function encodedAddressesIn({ text }: View, known: KnownAddresses): Found[] {
  const base64 = [...text.matchAll(base64Run)].filter(([run]) =>
    [0, 1, 2, 3].some((shift) => holdsAddress(Buffer.from(run.slice(shift), 'base64'), known)),
  )
  const hex = [...text.matchAll(hexRun)].filter(([run]) => holdsAddress(Buffer.from(run, 'hex'), known))
  return [...base64, ...hex].map(({ 0: run, index }) => ({
    start: index,
    end: index + run.length,
    kind: 'encoded' as const,
    reads: '',
  }))
}

/** Searches only the printable stretches: random bytes have few, and none with an address. */
function holdsAddress(bytes: Buffer, known: KnownAddresses): boolean {
  const text = (bytes.toString().match(printed) ?? []).join('\n')
  if (!mayHoldAddress.test(text)) return false
  const sure = { ...known, isGuessed: false }
  return viewsOf(text).some((view) => addressesIn(view, sure).length > 0)
}

function addressesIn({ text }: View, known: KnownAddresses): Found[] {
  return [...emailsIn(text), ...knownEmailsIn(text, known), ...phonesIn(text, known)]
}
