// What a message in ICU MessageFormat is made of, for tests that compare one language with another.
import { allOf, isVariable, kind, namesOf, treeOf } from '../../emails/_parts/message-tree.ts'

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
export function partsOf(message: string): MessageParts {
  const nodes = allOf(treeOf(message))
  const named = (...types: number[]) => namesOf(nodes, ({ type }) => types.includes(type))
  return {
    literals: named(kind.literal),
    variables: namesOf(nodes, isVariable),
    bare: named(kind.argument),
    numbers: named(kind.number, kind.plural),
    tags: named(kind.tag),
    plurals: nodes
      .filter(({ type }) => type === kind.plural)
      .map(({ options = {}, pluralType = 'cardinal' }) => ({ type: pluralType, categories: Object.keys(options) })),
  }
}
