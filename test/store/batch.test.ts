// Group commit: callers that wait together share one flush, and each gets its own answer.
import { describe, expect, it } from 'vitest'
import { batcher } from '../../src/store/batch.ts'

class Away extends Error {}
const isShared = (error: unknown) => error instanceof Away

/** Flushes that end when the test says so. */
function gated(answer: (item: number) => string = String) {
  const batches: number[][] = []
  const gates: (() => void)[] = []
  const flush = async (items: number[]) => {
    batches.push(items)
    await new Promise<void>((resolve) => gates.push(resolve))
    return items.map(answer)
  }
  return { batches, flush, open: () => gates.shift()?.() }
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const turns = async (n = 5) => {
  for (let i = 0; i < n; i++) await turn()
}

describe('a batcher', () => {
  it('flushes a lone caller at once, and those that come meanwhile together', async () => {
    const { batches, flush, open } = gated()
    const ask = batcher(flush, { maxItems: 100, isShared })
    const first = ask(1)
    await turns()
    const later = [ask(2), ask(3), ask(4)]
    await turns()
    expect(batches).toEqual([[1]])
    open()
    expect(await first).toBe('1')
    await turns()
    expect(batches).toEqual([[1], [2, 3, 4]])
    open()
    expect(await Promise.all(later)).toEqual(['2', '3', '4'])
  })

  it('takes no more bytes at once than its maximum, except for a single item', async () => {
    const batches: number[][] = []
    const ask = batcher(
      async (items: number[]) => {
        batches.push(items)
        return items
      },
      { maxItems: 100, maxBytes: 10, bytesOf: (bytes) => bytes, isShared },
    )
    await Promise.all([4, 6, 1, 25, 3].map(ask))
    expect(batches).toEqual([[4, 6], [1], [25], [3]])
  })

  it('takes no more at once than its maximum', async () => {
    const batches: number[][] = []
    const ask = batcher(
      async (items: number[]) => {
        batches.push(items)
        return items
      },
      { maxItems: 2, isShared },
    )
    await Promise.all([1, 2, 3, 4, 5].map(ask))
    expect(batches).toEqual([[1, 2], [3, 4], [5]])
  })

  it('takes one item of a key at once, and the next of it after that one is answered', async () => {
    const { batches, flush, open } = gated()
    const ask = batcher(flush, { maxItems: 3, keyOf: (item) => String(item % 10), isShared })
    const answers = [11, 21, 12, 31, 13, 14].map(ask)
    for (let flushes = 1; flushes <= 3; flushes++) {
      await turns()
      expect(batches).toHaveLength(flushes)
      open()
    }
    expect(await Promise.all(answers)).toEqual(['11', '21', '12', '31', '13', '14'])
    expect(batches).toEqual([[11, 12, 13], [21, 14], [31]])
  })

  it('lets one bad item fail alone', async () => {
    const ask = batcher(
      async (items: number[]) => {
        if (items.includes(2)) throw new Error('two is bad')
        return items
      },
      { maxItems: 100, isShared },
    )
    const answers = await Promise.allSettled([1, 2, 3].map(ask))
    expect(answers.map((a) => a.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('fails all at once, asked once, where the database is away, and works again after that', async () => {
    let away = true
    let flushes = 0
    const ask = batcher(
      async (items: number[]) => {
        flushes++
        if (away) throw new Away()
        return items
      },
      { maxItems: 100, isShared },
    )
    const answers = await Promise.allSettled([1, 2, 3].map(ask))
    expect(answers.map((a) => a.status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(flushes).toBe(1)
    away = false
    expect(await ask(4)).toBe(4)
  })
})
