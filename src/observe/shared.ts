// Work that many may ask for at once, and whose answer is the same for all of them.

/**
 * One at a time: who asks while it runs gets its answer, and so does who asks up to `keptMs` after it. A failure is told to
 * those who
 * wait for it, and not kept.
 */
export function shared<T>(work: () => Promise<T>, keptMs = 0): () => Promise<T> {
  let last: { answer: Promise<T>; untilMs: number } | null = null
  return () => {
    if (last && last.untilMs > performance.now()) return last.answer
    const mine = { answer: work(), untilMs: Number.POSITIVE_INFINITY }
    last = mine
    mine.answer.then(
      () => {
        mine.untilMs = performance.now() + keptMs
      },
      () => {
        mine.untilMs = 0
      },
    )
    return mine.answer
  }
}
