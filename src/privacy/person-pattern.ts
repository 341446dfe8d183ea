// A regular expression for Postgres that finds a person in texts in lower case, however their addresses are written.

/** At least one id, address or name. */
export function personPattern(ids: string[], addresses: string[], names: string[] = []): string {
  const ofAddresses = addresses.map((address) => (address.includes('@') ? ofEmail(address) : ofPhone(address)))
  return [...ids.map(ofId), ...ofAddresses, ...names.map(escaped)].join('|')
}

function escaped(text: string): string {
  const literal = text.toLowerCase().replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
  return literal.replace(/[^\p{ASCII}]/gu, (character) => `(${character}|${inJson(character)})`)
}

/** As some programs write it in JSON: `\u00e9`. */
function inJson(character: string): string {
  return character.replace(/./gs, (unit) => `\\\\+u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** As the value of a field that names a recipient, in JSON or in JSON within JSON: `42` alone may be any number. */
function ofId(id: string): string {
  return `"?(recipient)?id\\\\*" *: *\\\\*"${escaped(id)}\\\\*"`
}

function ofEmail(email: string): string {
  return escaped(email).replace('@', '(@|%40|\\\\+u0040)')
}

/** The national digits at least, with what people write between them. */
function ofPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '').slice(-9)
  return [...digits].join('[^0-9a-z]{0,3}')
}
