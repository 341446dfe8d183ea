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

/** The text with these ranges replaced. Ranges that overlap become one, with the replacement of the longest. */
export function replaced(text: string, replacements: Replacement[]): string {
  let shown = ''
  let done = 0
  let open: (Replacement & { length: number }) | null = null
  const close = () => {
    if (open) shown += open.by
    done = open ? open.end : done
  }
  for (const { start, end, by } of replacements.toSorted((a, b) => a.start - b.start)) {
    const length = end - start
    if (open && start < open.end) {
      const isLonger: boolean = length > open.length
      open = { start, end: Math.max(end, open.end), by: isLonger ? by : open.by, length: Math.max(length, open.length) }
      continue
    }
    close()
    shown += text.slice(done, start)
    open = { start, end, by, length }
  }
  close()
  return shown + text.slice(done)
}
