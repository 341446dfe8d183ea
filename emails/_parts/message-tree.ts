// What a message in ICU MessageFormat is made of: words, variables, choices, tags. message.ts says messages; this is for
// those that look into them, before an operator's are published and where languages are compared.
import { IntlMessageFormat } from 'intl-messageformat'

type Tree = Exclude<ConstructorParameters<typeof IntlMessageFormat>[0], string>

export interface Node {
  /** The parser's own numbers for the kinds of parts. */
  type: number
  value?: string
  options?: Record<string, { value: Node[] }>
  pluralType?: 'cardinal' | 'ordinal'
  children?: Node[]
}

export const kind = { literal: 0, argument: 1, number: 2, date: 3, time: 4, select: 5, plural: 6, pound: 7, tag: 8 }

/**
 * Throws where it cannot be parsed: a SyntaxError, whose message is the parser's code for it, or for the form of a number
 * or a date an error that says it in words.
 */
export function treeOf(message: string): Node[] {
  return new IntlMessageFormat(message, 'en').getAst() as Node[]
}

/** Of every branch: the nodes, each before what is in it. */
export function allOf(nodes: Node[]): Node[] {
  return nodes.flatMap((node) => {
    const branches = Object.values(node.options ?? {}).flatMap(({ value }) => value)
    return [node, ...allOf([...(node.children ?? []), ...branches])]
  })
}

/** Whether a number can be written in the form that its node asks for: Intl tells only once it writes one. */
export function isWritable(number: Node): boolean {
  try {
    new IntlMessageFormat([number] as Tree, 'en').format({ [number.value ?? '']: 1 })
    return true
  } catch {
    return false
  }
}

export function isVariable({ type }: Node): boolean {
  return type !== kind.literal && type !== kind.pound && type !== kind.tag
}

/** The names of the nodes of these kinds, in their order. */
export function namesOf(nodes: Node[], isMeant: (node: Node) => boolean): string[] {
  return nodes.filter(isMeant).flatMap(({ value }) => value ?? [])
}
