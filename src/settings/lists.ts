// Comma separated settings: the entries of a list, secrets, `name=value` pairs. An entry is told by its number, since a
// list written wrongly may have a secret where a name belongs.
import type { Parsed, Reader } from './reader.ts'

export const namePattern = /^[a-z0-9][a-z0-9_-]*$/i
export const nameRule = 'letters, digits, _ and -, beginning with a letter or a digit'

/** The entries of a list, null where unset. `a,,b,` is two entries. */
export function entries(reader: Reader, name: string): string[] | null {
  const text = reader.text(name)
  if (text === null) return null
  const found = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (found.length === 0) reader.fault(name, 'is a list without an entry; leave it unset or give one')
  return found
}

export function secretList(reader: Reader, name: string, check: (text: string) => Parsed<string>): string[] {
  const found = entries(reader, name) ?? []
  found.forEach((entry, index) => {
    const parsed = check(entry)
    if (!parsed.ok) reader.fault(name, `entry ${index + 1} ${parsed.text}`)
  })
  return found
}

/** `name=value` pairs; a pair that is none, or whose name is wrong, becomes a fault and is left out. */
export function pairs(reader: Reader, name: string, example: string): { key: string; value: string; at: string }[] {
  const found: { key: string; value: string; at: string }[] = []
  entries(reader, name)?.forEach((entry, index) => {
    const at = `entry ${index + 1}`
    const cut = entry.indexOf('=')
    const [key, value] = [entry.slice(0, cut).trim(), entry.slice(cut + 1).trim()]
    const unnamed = cut < 1 || value === '' || key.startsWith('whsec_')
    if (unnamed) reader.fault(name, `${at} is not a pair; give ${example}`)
    else if (!namePattern.test(key)) reader.fault(name, `${at} has a wrong name; a name is ${nameRule}`)
    else found.push({ key, value, at })
  })
  return found
}
