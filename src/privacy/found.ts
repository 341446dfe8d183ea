// The position of an address found in a text, and the replacement of such ranges.

export interface Found {
  /** The first character; `end` is exclusive. */
  start: number
  end: number
  kind: 'email' | 'phone' | 'encoded'
  /** The decoded local part of an email, or the digits of a phone number, with its plus if it has one. */
  reads: string
  /** The position of an email's @. */
  at?: number
}

export interface Replacement {
  start: number
  end: number
  by: string
}

/** The text with these ranges replaced, in any order. Ranges that overlap become one, with the replacement of the longest. */
export function replaced(text: string, replacements: Replacement[]): string {
  const { replace, rest } = replacer(text)
  const inOrder = replacements.toSorted((a, b) => a.start - b.start)
  return inOrder.map(replace).join('') + rest()
}

export interface Replacer {
  /** Replaces a range that begins no earlier than the last one. Returns what is known of the new text since the last call. */
  replace(this: void, replacement: Replacement): string
  /** The end of the new text. */
  rest(this: void): string
}

/** As `replaced`, range by range, for a text that is too long to replace in one turn of the event loop. */
export function replacer(text: string): Replacer {
  let done = 0
  let open: (Replacement & { length: number }) | null = null
  const close = () => {
    const by = open?.by ?? ''
    done = open?.end ?? done
    open = null
    return by
  }
  return {
    replace({ start, end, by }) {
      const length = end - start
      if (open && start < open.end) {
        const longest = length > open.length ? { by, length } : open
        open = { start, end: Math.max(end, open.end), by: longest.by, length: longest.length }
        return ''
      }
      const before = close() + text.slice(done, start)
      open = { start, end, by, length }
      return before
    },
    rest: () => close() + text.slice(done),
  }
}
