// Tells the texts of an email's data from its shape, by which a template chooses what it shows: which values are present, how
// many rows there are, numbers, and the few texts that choose the layout.

/** Texts of these names belong to the shape, so a template may read them. Of others it may ask only whether they are empty. */
const chooses = new Set(['color', 'dir', 'lang', 'tag'])

/** Words between single spaces: the plain text would collapse others, and an encoding would change half a character. */
const regular = /^[^\s\p{Cc}\p{Cs}]+(?:[ \u00a0\u202f][^\s\p{Cc}\p{Cs}]+)*$/u
/** And without what `withoutBidiControls` removes. */
const withoutControls =
  /^[^\s\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]+(?:[ \u00a0\u202f][^\s\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]+)*$/u
/** React replaces it in a link. */
const script = /^javascript:/i

/**
 * The shape of a value, whose texts are added to `texts` in order; null where the texts cannot simply be filled in. One space
 * at either end of a text belongs to the shape, as the plain text treats it by what is next to it.
 */
export function shapeOf(value: unknown, texts: string[], mayHaveBidiControls = false): string | null {
  if (typeof value === 'string') {
    if (value === '' || value === ' ') return `'${value}'`
    const { before, text, after } = split(value)
    if (!(mayHaveBidiControls ? regular : withoutControls).test(text) || script.test(text)) return null
    texts.push(text)
    return before ? (after ? '=' : '<') : after ? '>' : '#'
  }
  if (Array.isArray(value)) {
    let shape = '['
    for (const part of value) {
      const inner = shapeOf(part, texts, mayHaveBidiControls)
      if (inner === null) return null
      shape += inner
    }
    return `${shape}]`
  }
  if (isObject(value)) {
    let shape = '{'
    for (const [name, part] of Object.entries(value)) {
      const isChoice = typeof part === 'string' && chooses.has(name)
      const inner = isChoice ? JSON.stringify(part) : shapeOf(part, texts, mayHaveBidiControls)
      if (inner === null || !/^\w+$/.test(name)) return null
      shape += `${name}:${inner}`
    }
    return `${shape}}`
  }
  return value === null || /^(undefined|boolean|number)$/.test(typeof value) ? `${value};` : null
}

/** The value with other texts, taken from `texts` in the order in which `shapeOf` reads them. */
export function withTexts<Value>(value: Value, texts: Iterator<string>): Value
export function withTexts(value: unknown, texts: Iterator<string>): unknown {
  if (typeof value === 'string') {
    if (value === '' || value === ' ') return value
    const { before, after } = split(value)
    return before + texts.next().value + after
  }
  if (Array.isArray(value)) return value.map((part) => withTexts(part, texts))
  if (!isObject(value)) return value
  const replaced = Object.entries(value).map(([name, part]) => {
    const isChoice = typeof part === 'string' && chooses.has(name)
    return [name, isChoice ? part : withTexts(part, texts)]
  })
  return Object.fromEntries(replaced)
}

function split(text: string): { before: string; text: string; after: string } {
  const before = text.startsWith(' ') ? ' ' : ''
  const after = text.endsWith(' ') ? ' ' : ''
  return { before, text: text.slice(before.length, text.length - after.length), after }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
