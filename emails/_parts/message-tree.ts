// The syntax tree of a message in ICU MessageFormat, for checks of drafts and comparisons of languages.
import { IntlMessageFormat } from 'intl-messageformat'
import { cached } from './cached.ts'

type Tree = Exclude<ConstructorParameters<typeof IntlMessageFormat>[0], string>

export interface Node {
  /** The parser's number for the kind of node. */
  type: number
  value?: string
  options?: Record<string, { value: Node[] }>
  pluralType?: 'cardinal' | 'ordinal'
  /** Taken off the number before its plural category is chosen. */
  offset?: number
  children?: Node[]
  /** The format of a number: its name, or what its skeleton says. */
  style?: unknown
}

export const kind = { literal: 0, argument: 1, number: 2, date: 3, time: 4, select: 5, plural: 6, pound: 7, tag: 8 }

/**
 * Parses a message. Throws a SyntaxError with the parser's error code, or, for a number or date skeleton, an error with a
 * sentence.
 */
export function treeOf(message: string): Node[] {
  return new IntlMessageFormat(message, 'en').getAst() as Node[]
}

/** The nodes of all branches, each before its children. */
export function allOf(nodes: Node[]): Node[] {
  return nodes.flatMap((node) => {
    const branches = Object.values(node.options ?? {}).flatMap(({ value }) => value)
    return [node, ...allOf([...(node.children ?? []), ...branches])]
  })
}

/** Whether a number can be formatted as its node asks: Intl reports a fault only when it formats one. */
export function isWritable({ style = null }: Node): boolean {
  return isStyle(JSON.stringify(style))
}

const isStyle = cached(500, (style: string) => {
  try {
    const number = { type: kind.number, value: 'n', style: JSON.parse(style) }
    new IntlMessageFormat([number] as Tree, 'en').format({ n: 1 })
    return true
  } catch {
    return false
  }
})

export function isVariable({ type }: Node): boolean {
  return type !== kind.literal && type !== kind.pound && type !== kind.tag
}

/** The names of the matching nodes, in order. */
export function namesOf(nodes: Node[], isMeant: (node: Node) => boolean): string[] {
  return nodes.filter(isMeant).flatMap(({ value }) => value ?? [])
}
