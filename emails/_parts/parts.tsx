// A formatted message in parts, and how React draws them.
import type { ReactNode } from 'react'

/** Text, or the words within a tag. */
export type Part = string | { tag: string; words: string; isLong: boolean }

/** What draws the words within each tag. */
export type Tags = Record<string, (words: string) => ReactNode>

/** Words within a tag; long ones would be wider than a phone's screen. */
export function tagged(tag: string, words: string): Part {
  return { tag, words, isLong: words.length > 24 }
}

/** `<b>` is for what should not break across lines, such as an order number or an amount. */
export function draw(parts: Part[], tags: Tags): ReactNode {
  const nodes = parts.map((part, nth) => {
    if (typeof part === 'string') return part
    const { tag, words, isLong } = part
    if (tag !== 'b') return tags[tag]?.(words)
    return (
      <b key={nth} style={isLong ? {} : { whiteSpace: 'nowrap' }}>
        {words}
      </b>
    )
  })
  return nodes.length === 1 ? nodes[0] : nodes
}
