// A regular expression for Postgres that finds a person in texts in lower case, however their addresses are written.

/** At least one id, address or name. */
export function personPattern(ids: string[], addresses: string[], names: string[] = []): string {
  const ofAddresses = addresses.map((address) => (address.includes('@') ? spelled(address) : ofPhone(address)))
  return [...ids.map(ofId), ...ofAddresses, ...names.map(ofName)].join('|')
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')

/** The text in every spelling: in JSON, in a URL, and where the bytes of UTF-8 were read as Latin-1. */
function spelled(text: string): string {
  return [...text].map(spelledCharacter).join('')
}

function spelledCharacter(character: string): string {
  const lower = character.toLowerCase()
  if (/^[a-z0-9]$/.test(lower)) return lower
  const cases = [...new Set([character, lower, character.toUpperCase()])]
  const inUrl = lower.length === 1 && lower < '\x7f' ? [`%${hex(lower, 2)}`] : []
  const spellings = cases.flatMap((one) => [escaped(one), ...ofBytes(one), inJson(one)])
  return `(${[...new Set([...spellings, ...inUrl])].join('|')})`
}

const hex = (unit: string, length: number) => unit.charCodeAt(0).toString(16).padStart(length, '0')

function inJson(character: string): string {
  const units = character.split('')
  if (character === '"' || character === '\\') return `\\\\+(${escaped(character)}|u${hex(character, 4)})`
  return units.map((unit) => `\\\\+u${hex(unit, 4)}`).join('')
}

/** It depends on the database's locale whether Postgres changes them to lower case. */
function ofBytes(character: string): string[] {
  const bytes = Buffer.from(character).toString('latin1')
  return [bytes, bytes.toLowerCase()].map(escaped)
}

/** As the value of a field that names a recipient, in JSON or in JSON within JSON: `42` alone may be any number. */
function ofId(id: string): string {
  return `"?(recipient)?id\\\\*" *: *\\\\*"${spelled(id)}\\\\*"`
}

/** As a word of its own: `Ann` is not in `Announcement`. */
function ofName(name: string): string {
  return `(?<![[:alnum:]])${spelled(name)}(?![[:alnum:]])`
}

/** The national digits at least, with what people write between them. */
function ofPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '').slice(-9)
  return [...digits].join('[^0-9a-z]{0,3}')
}
