// What a message in ICU MessageFormat is made of, for tests that compare one language with another.
import { IntlMessageFormat } from 'intl-messageformat'

interface Node {
  /** The parser's own numbers for the kinds of parts. */
  type: number
  value?: string
  options?: Record<string, { value: Node[] }>
  pluralType?: 'cardinal' | 'ordinal'
  children?: Node[]
}

const kind = { literal: 0, argument: 1, number: 2, plural: 6, tag: 8 }

export interface MessageParts {
  /** The words between the values. */
  literals: string[]
  variables: string[]
  /** Those that are shown as they come, and those that are counted or written as numbers. */
  bare: string[]
  numbers: string[]
  tags: string[]
  plurals: { type: 'cardinal' | 'ordinal'; categories: string[] }[]
}

/** Throws where the message cannot be parsed. */
export function partsOf(message: string, language: string): MessageParts {
  const nodes = (new IntlMessageFormat(message, language).getAst() as Node[]).flatMap(withInner)
  const named = (...types: number[]) =>
    nodes.filter(({ type, value }) => types.includes(type) && value !== undefined).map(({ value }) => value ?? '')
  const isVariable = ({ type }: Node) => type !== kind.literal && type !== kind.tag
  return {
    literals: named(kind.literal),
    variables: nodes.filter(isVariable).flatMap(({ value }) => value ?? []),
    bare: named(kind.argument),
    numbers: named(kind.number, kind.plural),
    tags: named(kind.tag),
    plurals: nodes
      .filter(({ type }) => type === kind.plural)
      .map(({ options = {}, pluralType = 'cardinal' }) => ({ type: pluralType, categories: Object.keys(options) })),
  }
}

function withInner(node: Node): Node[] {
  const inner = [...(node.children ?? []), ...Object.values(node.options ?? {}).flatMap(({ value }) => value)]
  return [node, ...inner.flatMap(withInner)]
}
