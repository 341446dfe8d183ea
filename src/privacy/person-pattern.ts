// Regular expressions with which Postgres chooses the texts that may name a person, which are then searched exactly. They are for
// texts in lower case whose bytes are read as Latin-1.

/** So many ids, addresses or names in one expression. */
const keysAtOnce = 20
/** The longest part of an id, an address or a name that is looked for. */
const longest = 10
const mostWords = 3
/** A shorter part of base64 is in any text. */
const leastPacked = 6

/** At least one; a text may name the person if any of these matches. */
export function personPatterns(ids: string[], addresses: string[], names: string[] = []): string[] {
  const keys = [...ids.map(ofId), ...addresses.map((one) => (one.includes('@') ? ofEmail(one) : ofPhone(one)))]
  const all = [...new Set([...keys, ...names.filter((name) => anyWord.test(name)).map(ofName)])]
  const parts = Array.from({ length: Math.ceil(all.length / keysAtOnce) }, (_, i) =>
    all.slice(i * keysAtOnce, (i + 1) * keysAtOnce).join('|'),
  )
  return addresses.length > 0 ? [...parts, disguised] : parts
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
const words = /[a-z0-9]+/g
const anyWord = /[\p{L}\p{N}]/u
/** These bytes of UTF-8, in hexadecimal, with sets of them in brackets. */
const bytes = (...all: string[]) => `(${all.map((one) => one.replace(/[0-9a-f]{2}/g, '\\u00$&')).join('|')})`

/** Codes of ASCII's letters and digits. */
const hexCode = '(3[0-9]|[46][1-9a-f]|[57][0-9a])'
const decimalCode = '(4[89]|5[0-7]|6[5-9]|[78][0-9]|90|9[7-9]|1[01][0-9]|12[0-2])'
const foreignDigit = bytes(
  ...['d9[a0-a9]', 'db[b0-b9]', 'e0[a5a7a9abadafb1b3b5][a6-af]', 'e0[b9bb][90-99]'],
  ...['e291[a0-a9]', 'e281[b0-b9]', 'c2[b2b3b9]'],
)
const wide = bytes('efbc[90-99a0-ba]', 'efbd[81-9a]', 'f09d', 'e293[90-a9]')
const unseen = bytes('c2ad', 'cd8f', 'd89c', 'e280[8b-8faa-ae]', 'e281[a0-af]', 'efbbbf', 'e38082')

/**
 * Characters that are rarely encoded except to hide something: letters and digits of ASCII in an encoding that they do not need.
 */
const disguised = [
  `%(25)*${hexCode}`,
  `&(amp;)*#(x0*${hexCode}|0*${decimalCode})`,
  `\\\\(u00|x|u\\{0*)${hexCode}`,
  `=(3d)*${hexCode}=(3d)*${hexCode}`,
  `=(\\r?\\n|(\\\\+r)?\\\\+n)`,
  wide,
  `\\\\u(ff[1245]|d835|24[de])`,
  // Full-width signs once more in an encoding.
  '%(25)*ef%(25)*b[cd]|=(3d)*ef=(3d)*b[cd]|&(amp;)*#(xff[1245]|6(529[6-9]|53[0-9][0-9]))|(efb[cd][89ab][0-9a-f]){4}|((77[y2]|[-+]8[a-z]|vv[a-z])[a-z0-9+/_-]){4}',
  `((${foreignDigit}|\\\\u(0[6-9a-e][0-9a-f][0-9a-f]|24[67][0-9a-f]))[^0-9a-z\\u0080-\\u00ff]{0,3}){6}`,
  `[0-9a-z.@_+-](${unseen}|&shy;|&zwn?j;|\\\\u(00ad|034f|200[b-f]|2060|feff))+[0-9a-z.@_+-]`,
].join('|')

/** What stands for an @ or another separator, in any encoding, with quotes and brackets. */
const anySigns =
  '([^a-z0-9]|%(25)*[0-9a-f]{2}|(&|%(25)*26)(amp(;|%(25)*3b))*[#a-z0-9]{2,8}(;|%(25)*3b)|=(3d)*[0-9a-f]{2}|u00[0-9a-f]{2}|x[0-9a-f]{2}|at)+'

/** The last words of the local part, what stands for the @, and the start of the domain; or the whole in base64 or hexadecimal. */
function ofEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const [local, domain] = [email.slice(0, at).toLowerCase(), email.slice(at + 1).toLowerCase()]
  const tail = (local.match(words) ?? [])
    .slice(-mostWords)
    .map((word) => word.slice(-longest))
    .join(anySigns)
  // A domain in other letters may be written in them.
  const isForeign = domain.startsWith('xn--') || domain.includes('.xn--')
  const head = isForeign ? '' : headOf(domain.match(words) ?? [])
  // Another sign than the @ may be packed with them, hence the domain by itself.
  const spellings = [email, `${local}@${domain}`, domain].flatMap((one) => [one, one.toUpperCase()])
  const inHex = [domain, domain.toUpperCase()].map((one) => hexOf(one.slice(0, longest)))
  return [...new Set([`${tail}${anySigns}${head}`, ...spellings.flatMap(packed), ...inHex])].join('|')
}

/** The first word, and the next where that is a part of any text. */
function headOf([first = '', second = '']: string[]): string {
  return first.length < 4 ? `${first}${anySigns}${second.slice(0, longest)}` : first.slice(0, longest)
}

/** The last digits, with what people write between them. */
function ofPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  const last = digits.slice(-7)
  const between = '([^0-9a-z]|%(25)*[2a-f][0-9a-f]|nbsp;|u00a0|u20[0-9a-f]{2}|x|br)*'
  return [[...last].join(between), ...packed(digits.slice(-8)), hexOf(last)].join('|')
}

/** As the value of a field that names a recipient, in JSON or in JSON within JSON: `42` alone may be any number. */
function ofId(id: string): string {
  const start = /^[a-z0-9]+/.exec(id.toLowerCase())?.[0].slice(0, longest) ?? '[^a-z0-9]'
  const whole = start === id.toLowerCase() ? '\\\\*["\']' : ''
  return `id\\\\*["'] *: *\\\\*["']${start}${whole}`
}

/** Its first words, in any script, with what may stand between them. */
function ofName(name: string): string {
  const parts = (name.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, mostWords)
  const spelled = parts.map((word) => {
    const part = word.slice(0, 2 * longest)
    const forms = [part, part.toLowerCase(), part.toUpperCase(), part.normalize('NFD')].map(asLatin1)
    const rest = part === word ? '' : '[a-z0-9\\u0080-\\u00ff]*'
    return `(${[...new Set(forms)].map(escaped).join('|')})${rest}`
  })
  const between = '([^a-z0-9]{1,3}|&[#a-z0-9]{1,7};|%[0-9a-f]{2})'
  return `(^|[^a-z0-9])${spelled.join(between)}($|[^a-z0-9])`
}

/** Its bytes as Postgres reads them; in the locale C only the letters of ASCII become small. */
function asLatin1(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
}

/** What the text becomes in base64, wherever in it the encoded text begins; without the ends, which depend on its neighbours. */
function packed(text: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const all = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)])
    const kept = all.subarray(0, all.length - (all.length % 3)).toString('base64')
    const core = kept.slice(shift === 0 ? 0 : 4).slice(0, 2 * longest)
    if (core.length < leastPacked) return []
    return [core.toLowerCase().replace(/[+/]/g, (sign) => (sign === '+' ? '[-+]' : '[/_]'))]
  })
}

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex')
}
