// An address that was found in a text, and where.

export interface Found {
  /** From its first sign up to, but not with, `end`. */
  start: number
  end: number
  kind: 'email' | 'phone' | 'encoded'
  /** Decoded: of an email what stands before its @, of a phone its digits, with the plus if it has one. */
  reads: string
  /** Of an email: where its @ stands. */
  at?: number
}

export interface Replacement {
  start: number
  end: number
  by: string
}

/** The text with these in their places. Of those that overlap the longest says by what all of them are replaced. */
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
