// What is wrong with a message that an operator wants to have said in the place of one of ours: it must be well-formed, name
// what the notifier knows, and leave no hole where an event says little. faults.ts asks it of each message of a draft.
import { allOf, isVariable, isWritable, kind, type Node, namesOf, treeOf } from '../../emails/_parts/message-tree.ts'
import type { Values } from '../../emails/_parts/words.ts'

const longest = 2000

/** `ours` is our own message of the same key; `samples` is what the notifier may know, the most first. */
export function messageFaults(message: string, ours: string, samples: [Values, ...Values[]]): string[] {
  if (message.trim() === '') return ['must not be empty']
  if (message.length > longest) return [`must not be longer than ${longest} characters`]
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(message)) return ['must be one line, without control characters']
  const read = readTree(message)
  if (typeof read === 'string') return [read]
  const own = treeOf(ours)
  const faults = [...variableFaults(read, own, samples[0]), ...tagFaults(read, own), ...braceFaults(read)]
  return faults.length > 0 ? faults : [...holeFaults(read, own, samples), ...silenceFaults(read, own, samples)]
}

/** A sentence where it cannot be read. */
function readTree(message: string): Node[] | string {
  try {
    return treeOf(message)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (error.message === 'MISSING_OTHER_CLAUSE') return 'has a plural or select without its other {…}'
    const { location } = error as { location?: { start: { offset: number } } }
    const place = location ? `, at character ${location.start.offset + 1}` : ''
    const why = error instanceof SyntaxError ? error.message.toLowerCase().replaceAll('_', ' ') : error.message
    return `is not ICU MessageFormat: ${why}${place}`
  }
}

function variableFaults(tree: Node[], own: Node[], sample: Values): string[] {
  // Beyond the notifier's values: what the layout gives to this one message, as `{count}` of the items left out.
  const known = new Set([...Object.keys(sample), ...namesOf(allOf(own), isVariable)])
  const isNumber = (name: string) =>
    typeof sample[name] === 'number' || namesOf(allOf(own), isCounted).some((counted) => counted === name)
  const nodes = allOf(tree)
  const unknown = namesOf(nodes, (node) => isVariable(node) && !known.has(node.value ?? ''))
  const uncounted = namesOf(nodes, isCounted).filter((name) => known.has(name) && !isNumber(name))
  const dated = namesOf(nodes, ({ type }) => type === kind.date || type === kind.time)
  const unwritable = namesOf(nodes, (node) => node.type === kind.number && !isWritable(node))
  return [
    ...[...new Set(unknown)].map((name) => `names {${name}}, which is not known here; known are ${listed([...known])}`),
    ...[...new Set(uncounted)].map((name) => `counts {${name}}, which is not a number`),
    ...[...new Set(unwritable)].map((name) => `writes the number {${name}} in a form that there is not`),
    ...[...new Set(dated)].map((name) => `formats {${name}}: dates come in the person’s own form`),
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
  const strange = [...names].filter((tag) => !ours.has(tag))
  // A link that is left out is a way out that is left out; bold letters are a matter of taste.
  const lost = [...ours].filter((tag) => tag !== 'b' && !names.has(tag))
  return [
    ...strange.map((tag) => `has the tag <${tag}>, which our own message has not`),
    ...lost.map((tag) => `lacks the link <${tag}>…</${tag}>`),
    ...(theirs.some(({ children = [] }) => allOf(children).some(isTag)) ? ['has a tag within a tag'] : []),
  ]
}

/** What is quoted is shown as it is: `'{name}'` is a name in braces to nobody but us. */
function braceFaults(tree: Node[]): string[] {
  const words = namesOf(allOf(tree), ({ type }) => type === kind.literal)
  return words.some((text) => /[{}]/.test(text)) ? ['has a brace in quotes, which people would see'] : []
}

/** A variable that is written although it may not be known. Where ours does the same, the layout asks first. */
function holeFaults(tree: Node[], own: Node[], samples: Values[]): string[] {
  const holes = samples.flatMap((values) => {
    const isHole = (name: string) => name in values && (values[name] ?? null) === null
    const ours = namesOf(written(own, values), isVariable)
    return namesOf(written(tree, values), isVariable).filter((name) => isHole(name) && !ours.includes(name))
  })
  return [...new Set(holes)].map(
    (name) =>
      `writes {${name}}, which is not always known; say what to write then: {${name}, select, absent {…} other {…}}`,
  )
}

/** Nothing at all where ours says something. */
function silenceFaults(tree: Node[], own: Node[], samples: Values[]): string[] {
  const isSilent = (nodes: Node[], values: Values) =>
    said(nodes, values).every(({ type, value = '' }) => type === kind.literal && value.trim() === '')
  const isFault = samples.some((values) => isSilent(tree, values) && !isSilent(own, values))
  return isFault ? ['says nothing where the event says little; our own message always says something'] : []
}

/** The nodes that can be written with these values: of a `select`, every branch that such a value may choose. */
function written(nodes: Node[], values: Values): Node[] {
  return walk(nodes, (node) => {
    const { absent, ...others } = node.options ?? {}
    const isKnown = (values[node.value ?? ''] ?? null) !== null
    const { other } = others
    return isKnown ? Object.values(others) : [absent ?? other ?? { value: [] }]
  })
}

/** The nodes that are written with these very values. */
function said(nodes: Node[], values: Values): Node[] {
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

function listed(names: string[]): string {
  return names.map((name) => `{${name}}`).join(', ')
}
