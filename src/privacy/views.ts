// Decodes a text's encodings (percent, JSON and CSS escapes, HTML entities, quoted-printable) level by level, and maps each
// character back to its position in the original.
import { asciiDigitOf } from '../domain/digits.ts'

/** Character `i` of `text` comes from `starts[i]` to `ends[i]` of the original; null where nothing was decoded. */
export interface View {
  text: string
  starts: number[] | null
  ends: number[] | null
}

/** JSON in a string within JSON, percent-encoded, makes three; one more for double encoding. */
const maxLevels = 4

const entities: Record<string, string> = {
  amp: '&',
  commat: '@',
  plus: '+',
  period: '.',
  lowbar: '_',
  hyphen: '-',
  dash: '-',
  equals: '=',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  nbsp: ' ',
  percnt: '%',
  colon: ':',
  sol: '/',
  lpar: '(',
  rpar: ')',
  shy: '',
  zwnj: '',
  zwj: '',
  szlig: 'ß',
  aelig: 'æ',
  oslash: 'ø',
}

/** The ends of names such as `&uuml;`, and what they set on the letter. */
const accents: Record<string, string> = {
  grave: '\u0300',
  acute: '\u0301',
  circ: '\u0302',
  tilde: '\u0303',
  uml: '\u0308',
  ring: '\u030a',
  caron: '\u030c',
  cedil: '\u0327',
}

/**
 * Matching is linear, as no alternative is tried over more than a few characters. Invisible characters decode to nothing. JSON
 * within JSON doubles the backslashes at each level; what is written as a pattern has one before signs.
 */
const encoded =
  /(?:%[0-9a-f]{2})+|\\u\{[0-9a-f]{1,6}\}|\\{1,32}u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\[\\/"'bfnrt@.+=-]|&#x[0-9a-f]{1,6};?|&#\d{1,7};?|&[a-z]{2,7};|[\u00a0\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3002\ufeff\uff01-\uff5e]|[\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u24ea\u{1d400}-\u{1d7cb}\u{1f110}-\u{1f149}]|(?![0-9])\p{Nd}/giu

const octal = /(?:\\[0-7]{2,3})+/g
/** As in CSS, or `U+0040`. What may be ASCII is, though letters follow it that are digits too. */
const hexadecimal = /(?:(?:\\|U\+)(?:0{0,4}[2-7][0-9a-f]|[0-9a-f]{2,6}) ?)+/gi

const quotedPrintable = /(?:=[0-9a-f]{2})+|=\r?\n/gi

/** Yields the raw text, then a view for each level of encoding, each decoded once it is asked for. */
export function* viewsOf(text: string): Generator<View> {
  const raw: View = { text, starts: null, ends: null }
  const last = yield* levelsOf(raw)
  for (const view of new Set([raw, last]))
    for (const first of [unquoted(view), unescaped(view, octal, 8), unescaped(view, hexadecimal, 16)])
      if (first) yield* levelsOf(first)
}

function unquoted(view: View): View | null {
  return decoded(view, quotedPrintable, (found) =>
    found[1] === '\r' || found[1] === '\n' ? [] : decodeBytes(found.replaceAll('=', '%')),
  )
}

/** Escapes that are read in two ways: what is octal in one language is hexadecimal in another. */
function unescaped(view: View, run: RegExp, radix: 8 | 16): View | null {
  const sign = radix === 8 ? /\\([0-7]{2,3})/g : /(?:\\|U\+)(0{0,4}[2-7][0-9a-f]|[0-9a-f]{2,6}) ?/gi
  return decoded(view, run, (found) =>
    [...found.matchAll(sign)].map(([{ length }, digits = '']) => ({
      text: characterOf(Number.parseInt(digits, radix)),
      length,
    })),
  )
}

/** Yields the view, then what it decodes to, level by level; returns the last one. */
function* levelsOf(first: View): Generator<View, View> {
  let last = first
  yield last
  for (let level = 0; level < maxLevels; level++) {
    const next = decoded(last, encoded, decode)
    if (!next) break
    last = next
    yield last
  }
  return last
}

/** The range of the original that a range of a view comes from. */
export function originalRange(view: View, from: number, to: number): [number, number] {
  return [view.starts?.[from] ?? from, view.ends?.[to - 1] ?? to]
}

/** Decoded characters, each with the number of encoded characters it stands for. */
type Decoded = { text: string; length: number }[]

/** Null where nothing is encoded. */
function decoded(view: View, pattern: RegExp, read: (found: string) => Decoded): View | null {
  let text = ''
  const starts: number[] = []
  const ends: number[] = []
  let done = 0
  const keep = (upTo: number) => {
    text += view.text.slice(done, upTo)
    for (; done < upTo; done++) {
      starts.push(view.starts?.[done] ?? done)
      ends.push(view.ends?.[done] ?? done + 1)
    }
  }
  for (const { 0: found, index } of view.text.matchAll(pattern)) {
    keep(index)
    for (const one of read(found)) {
      for (let i = 0; i < one.text.length; i++) {
        starts.push(view.starts?.[done] ?? done)
        ends.push(view.ends?.[done + one.length - 1] ?? done + one.length)
      }
      text += one.text
      done += one.length
    }
    done = index + found.length
  }
  if (done === 0) return null
  keep(view.text.length)
  return text === view.text ? null : { text, starts, ends }
}

function decode(found: string): Decoded {
  if (found[0] === '%') return decodeBytes(found)
  return [{ text: decodeCharacter(found), length: found.length }]
}

function decodeCharacter(found: string): string {
  if (found[0] === '&') {
    if (found[1] !== '#') return namedCharacter(found.slice(1, -1).toLowerCase()) ?? found
    const digits = found.slice(2).replace(';', '')
    return characterOf(/^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number(digits))
  }
  if (found[0] === '\\') {
    const last = found.replace(/^\\+(?=u)/i, '\\')
    const kind = last[1] ?? ''
    if (/[ux]/i.test(kind) && last.length > 2)
      return characterOf(Number.parseInt(last.slice(2).replace(/[{}]/g, ''), 16))
    return /[bfnrt]/.test(kind) ? ' ' : kind
  }
  const code = found.codePointAt(0) ?? 0
  if (code === 0xa0) return ' '
  if (code === 0x3002) return '.'
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0)
  if (/\p{Nd}/u.test(found)) return asciiDigitOf(found)
  return isVariant(code) ? found.normalize('NFKC') : ''
}

function namedCharacter(name: string): string | undefined {
  const accent = accents[name.slice(1)]
  return accent ? `${name[0]}${accent}`.normalize('NFC') : entities[name]
}

/** Superscript, circled and mathematical letters and digits, which stand for plain ones. */
function isVariant(code: number): boolean {
  return (code > 0xa0 && code < 0xba && code !== 0xad) || (code >= 0x2070 && code < 0x2500) || code >= 0x1d400
}

function characterOf(code: number): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
}

/** `%C3%BC` is one character. A byte that is no UTF-8 is read as Latin-1, in which old programs wrote `%FC` for it. */
function decodeBytes(found: string): Decoded {
  const bytes = Buffer.from(found.replaceAll('%', ''), 'hex')
  const signs: Decoded = []
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i] ?? 0
    const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    const text = bytes.subarray(i, i + size).toString()
    const isWhole = !text.includes('\ufffd')
    const used = isWhole ? Math.min(size, bytes.length - i) : 1
    signs.push({ text: isWhole ? text : String.fromCharCode(lead), length: used * 3 })
    i += used
  }
  return signs
}
