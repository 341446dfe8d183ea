// Validates one message of a draft: it must be well-formed, use known variables, and render without gaps for sparse data.
import { cached } from '../../emails/_parts/cached.ts'
import { allOf, isVariable, isWritable, kind, type Node, namesOf, treeOf } from '../../emails/_parts/message-tree.ts'
import type { Values } from '../../emails/_parts/words.ts'

const maxLength = 5000
/** The largest built-in message has 56. What a message costs to check and to render grows with them. */
const maxPlaceholders = 100
/** Built-in messages have up to four. */
const maxLevels = 5

/** `ours` is the built-in message of the same key; `samples` are the notifier's possible values, the fullest first. */
export function messageFaults(message: string, ours: string, samples: [Values, ...Values[]], locale: string): string[] {
  if (message.trim() === '') return ['must not be empty']
  if (message.length > maxLength) return [`must not be longer than ${maxLength} characters`]
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(message)) return ['must be one line, without control characters']
  const read = readTree(message)
  if (typeof read === 'string') return [read]
  const beyond = sizeFaults(read)
  if (beyond.length > 0) return beyond
  const own = treeOf(ours)
  const faults = [
    ...variableFaults(read, own, samples[0]),
    ...tagFaults(read, own),
    ...quoteFaults(message, read),
    ...pluralFaults(read, locale),
  ]
  return faults.length > 0 ? faults : [...gapFaults(read, own, samples), ...emptyFaults(read, own, samples)]
}

/** Answers the fault where it cannot be parsed. */
function readTree(message: string): Node[] | string {
  try {
    return treeOf(message)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (error.message === 'MISSING_OTHER_CLAUSE') return 'has a plural or select without an other {…} branch'
    const { location } = error as { location?: { start: { offset: number } } }
    const place = location ? `, at character ${location.start.offset + 1}` : ''
    const why = error instanceof SyntaxError ? error.message.toLowerCase().replaceAll('_', ' ') : error.message
    return `is not ICU MessageFormat: ${why}${place}`
  }
}

function sizeFaults(tree: Node[]): string[] {
  const { placeholders, levels } = sizeOf(tree)
  return [
    ...(placeholders > maxPlaceholders
      ? [`has ${placeholders} variables, plurals, selects and tags; at most ${maxPlaceholders} are allowed`]
      : []),
    ...(levels > maxLevels
      ? [`has plurals, selects and tags within each other on ${levels} levels; at most ${maxLevels} are allowed`]
      : []),
  ]
}

/** Everything but literal text, and how deep plurals, selects and tags are nested. */
function sizeOf(nodes: Node[]): { placeholders: number; levels: number } {
  let [placeholders, levels] = [0, 0]
  for (const { type, children, options } of nodes) {
    if (type !== kind.literal) placeholders += 1
    const branches = children ? [children] : Object.values(options ?? {}).map(({ value }) => value)
    for (const branch of branches) {
      const within = sizeOf(branch)
      placeholders += within.placeholders
      levels = Math.max(levels, within.levels + 1)
    }
  }
  return { placeholders, levels }
}

function variableFaults(tree: Node[], own: Node[], sample: Values): string[] {
  // The layout gives some messages values of its own, such as `{count}` of the items left out.
  const known = new Set([...Object.keys(sample), ...namesOf(allOf(own), isVariable)])
  const isNumber = (name: string) =>
    typeof sample[name] === 'number' || namesOf(allOf(own), isCounted).some((counted) => counted === name)
  const nodes = allOf(tree)
  const unknown = namesOf(nodes, (node) => isVariable(node) && !known.has(node.value ?? ''))
  const uncounted = namesOf(nodes, isCounted).filter((name) => known.has(name) && !isNumber(name))
  const dated = namesOf(nodes, ({ type }) => type === kind.date || type === kind.time)
  const unwritable = namesOf(nodes, (node) => node.type === kind.number && !isWritable(node))
  return [
    ...[...new Set(unknown)].map((name) => `uses the unknown variable {${name}}; known are ${listOf([...known])}`),
    ...[...new Set(uncounted)].map((name) => `uses {${name}} as a number, which it is not`),
    ...[...new Set(unwritable)].map((name) => `has an invalid number format for {${name}}`),
    ...[...new Set(dated)].map(
      (name) => `formats {${name}} as a date or time; dates are formatted for the recipient already`,
    ),
  ]
}

function isCounted({ type }: Node): boolean {
  return type === kind.number || type === kind.plural
}

function tagFaults(tree: Node[], own: Node[]): string[] {
  const isTag = ({ type }: Node) => type === kind.tag
  const ours = new Set(namesOf(allOf(own), isTag))
  const theirs = allOf(tree).filter(isTag)
  const names = new Set(namesOf(theirs, isTag))
  const unknown = [...names].filter((tag) => !ours.has(tag))
  // Links are required; bold is optional.
  const missing = [...ours].filter((tag) => tag !== 'b' && !names.has(tag))
  return [
    ...unknown.map((tag) => `has the tag <${tag}>, which the built-in message does not have`),
    ...missing.map((tag) => `lacks the link <${tag}>…</${tag}>`),
    ...(theirs.some(({ children = [] }) => allOf(children).some(isTag)) ? ['has a tag within a tag'] : []),
  ]
}

/** An apostrophe before a brace or a tag quotes it: recipients would see `'{name}'` as `{name}`, and `'<b>` as `<b>`. */
function quoteFaults(message: string, tree: Node[]): string[] {
  const words = namesOf(allOf(tree), ({ type }) => type === kind.literal)
  const tags = words.flatMap((text) => text.match(/<\/?[a-z][^<>]*>?/gi) ?? [])
  const faults = [
    ...(words.some((text) => /[{}]/.test(text)) ? ['has a quoted brace, which recipients would see'] : []),
    ...[...new Set(tags)].map(
      (tag) => `quotes ${tag} with an apostrophe, so that recipients would see it; write ’ instead`,
    ),
  ]
  const isDropped = faults.length === 0 && /'[<>]/.test(message.replaceAll("''", ''))
  return isDropped ? ['has an apostrophe before < or >, which recipients would not see; write ’ instead'] : faults
}

/** Categories of a plural that the locale's rules choose for a usual number, and for which it has no form. */
function pluralFaults(tree: Node[], locale: string): string[] {
  const faults = allOf(tree)
    .filter(({ type }) => type === kind.plural)
    .flatMap(({ value = '', options = {}, offset = 0, pluralType = 'cardinal' }) =>
      [...numbersByCategory(locale, pluralType, String(offset))].flatMap(([category, numbers]) => {
        const number = options[category] ? undefined : numbers.find((one) => !options[`=${one}`])
        if (number === undefined) return []
        return `lacks the plural form \`${category}\` of {${value}}, which ${locale} needs, for example for ${number}`
      }),
    )
  return [...new Set(faults)]
}

const usualNumbers = Array.from({ length: 201 }, (_, number) => number)

/** The usual numbers from the offset on, by the category that is chosen for them. */
const numbersByCategory = cached(500, (locale: string, type: string, offset: string) => {
  const rules = new Intl.PluralRules(locale, { type: type as Intl.PluralRuleType })
  const numbers = usualNumbers.filter((number) => number >= Number(offset))
  return Map.groupBy(numbers, (number) => rules.select(number - Number(offset)))
})

/** Variables used where their value may be missing. Where the built-in message does the same, the layout checks first. */
function gapFaults(tree: Node[], own: Node[], samples: Values[]): string[] {
  const holes = samples.flatMap((values) => {
    const isMissing = (name: string) => name in values && (values[name] ?? null) === null
    const ours = namesOf(possibleNodes(own, values), isVariable)
    return namesOf(possibleNodes(tree, values), isVariable).filter((name) => isMissing(name) && !ours.includes(name))
  })
  return [...new Set(holes)].map(
    (name) => `uses {${name}}, which may be missing; add a branch for that: {${name}, select, absent {…} other {…}}`,
  )
}

/** An empty text where the built-in message has one. */
function emptyFaults(tree: Node[], own: Node[], samples: Values[]): string[] {
  const isEmpty = (nodes: Node[], values: Values) =>
    chosenNodes(nodes, values).every(({ type, value = '' }) => type === kind.literal && value.trim() === '')
  const isFault = samples.some((values) => isEmpty(tree, values) && !isEmpty(own, values))
  return isFault ? ['is empty where optional data is missing; the built-in message is not'] : []
}

/** The nodes that may be rendered with such values: of a `select`, every branch that a present value may choose. */
function possibleNodes(nodes: Node[], values: Values): Node[] {
  return walk(nodes, (node) => {
    const { absent, ...others } = node.options ?? {}
    const isKnown = (values[node.value ?? ''] ?? null) !== null
    const { other } = others
    return isKnown ? Object.values(others) : [absent ?? other ?? { value: [] }]
  })
}

/** The nodes that are rendered with exactly these values. */
function chosenNodes(nodes: Node[], values: Values): Node[] {
  return walk(nodes, ({ options = {}, value = '' }) => {
    const chosen = String(values[value] ?? 'absent')
    return [(Object.hasOwn(options, chosen) ? options[chosen] : options.other) ?? { value: [] }]
  })
}

function walk(nodes: Node[], branchesOf: (select: Node) => { value: Node[] }[]): Node[] {
  return nodes.flatMap((node): Node[] => {
    if (node.type === kind.tag) return walk(node.children ?? [], branchesOf)
    if (node.type === kind.select) return branchesOf(node).flatMap(({ value }) => walk(value, branchesOf))
    const counted = Object.values(node.options ?? {}).flatMap(({ value }) => value)
    return [node, ...walk(counted, branchesOf)]
  })
}

function listOf(names: string[]): string {
  return names.map((name) => `{${name}}`).join(', ')
}
