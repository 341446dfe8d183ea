// Reads comma-separated settings. Faults name an entry by its number, because a malformed list may have a secret where
// a name belongs.
import { type Parsed, type Reader, unquoted } from './reader.ts'

export const namePattern = /^[a-z0-9][a-z0-9_-]*$/i
export const nameRule = 'letters, digits, _ and -, starting with a letter or a digit'

/** The entries of a list; null if unset. `a,,b,` has two entries. */
export function entries(reader: Reader, name: string): string[] | null {
  const text = reader.text(name)
  if (text === null) return null
  const found = text.split(',').flatMap((entry) => unquoted(entry.trim()) || [])
  if (found.length === 0) reader.fault(name, 'is a list without an entry; leave it unset or give one')
  return found
}

/** The valid values of a list; the others are reported. */
export function parsedList<T>(reader: Reader, name: string, check: (text: string) => Parsed<T>): T[] {
  const found = entries(reader, name) ?? []
  return found.flatMap((entry, index) => {
    const parsed = check(entry)
    const of = found.length > 1 ? `entry ${index + 1} ` : ''
    if (parsed.ok) {
      if (parsed.doubt) reader.doubt(name, `${of}${parsed.doubt}`)
      return [parsed.value]
    }
    reader.fault(name, `${of}${parsed.text}`)
    return []
  })
}

/** Null if there is no valid value. */
export function oneOrMore<T>(reader: Reader, name: string, check: (text: string) => Parsed<T>): [T, ...T[]] | null {
  const [first, ...others] = parsedList(reader, name, check)
  return first === undefined ? null : [first, ...others]
}

/** `name=value` pairs. A malformed pair is reported and left out. */
export function pairs(reader: Reader, name: string, example: string): { key: string; value: string; at: string }[] {
  const found: { key: string; value: string; at: string }[] = []
  entries(reader, name)?.forEach((entry, index) => {
    const at = `entry ${index + 1}`
    const cut = entry.indexOf('=')
    const [key, value] = [entry.slice(0, cut).trim(), entry.slice(cut + 1).trim()]
    const unnamed = cut < 1 || value === '' || key.startsWith('whsec_')
    if (unnamed) reader.fault(name, `${at} is not a pair; give ${example}`)
    else if (!namePattern.test(key)) reader.fault(name, `${at} has an invalid name; a name is ${nameRule}`)
    else found.push({ key, value, at })
  })
  return found
}
