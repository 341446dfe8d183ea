// The known local parts of one domain, which are found at the end of a text by their last characters.

/** The limit of `emailOf`. */
const maxLength = 64
const endLength = 3

export class LocalParts {
  readonly #texts = new Set<string>()
  /** The lengths of those with the same last characters, longest first: usually one, so that few texts are compared. */
  readonly #lengthsByEnd = new Map<string, number[]>()

  /** Adds a local part in lower case. */
  add(text: string): void {
    if (this.#texts.has(text)) return
    this.#texts.add(text)
    const end = text.slice(-endLength)
    const lengths = this.#lengthsByEnd.get(end) ?? []
    if (lengths.includes(text.length)) return
    this.#lengthsByEnd.set(
      end,
      [...lengths, text.length].sort((a, b) => b - a),
    )
  }

  /** The length of the longest one that ends at this position of a text; 0 where none does. */
  lengthBefore(text: string, at: number): number {
    const before = text.slice(Math.max(0, at - maxLength), at).toLowerCase()
    for (let ending = Math.min(endLength, before.length); ending > 0; ending--)
      for (const length of this.#lengthsByEnd.get(before.slice(-ending)) ?? [])
        if (length <= before.length && this.#texts.has(before.slice(-length))) return length
    return 0
  }

  /** The length of the longest one that a word begins with; 0 where none does. */
  lengthAtStart(word: string): number {
    const text = word.toLowerCase()
    let length = text.length
    while (length > 0 && !this.#texts.has(text.slice(0, length))) length -= 1
    return length
  }
}
