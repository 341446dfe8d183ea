// Long work of several callers shares the turns of the event loop.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { yieldTurn } from '../src/clock.ts'

/** Longer than work may hold a turn. */
function work(): void {
  for (const until = performance.now() + 12; performance.now() < until; );
}

it('long steps of different callers run in different turns, and the callers take turns', async () => {
  await nextTurn()
  let turn = 0
  let isOver = false
  const counting = (async () => {
    for (; !isOver; turn++) await nextTurn()
  })()
  const turns: number[] = []
  const order: number[] = []
  await Promise.all(
    [1, 2, 3, 4].map(async (caller) => {
      await nextTurn()
      for (let step = 0; step < 3; step++) {
        await yieldTurn()
        work()
        turns.push(turn)
        order.push(caller)
      }
    }),
  )
  isOver = true
  await counting
  expect(new Set(turns).size, `in turns ${turns}`).toBe(12)
  // The first caller waits again before the others have begun.
  expect(order).toEqual([1, 1, 2, 3, 4, 1, 2, 3, 4, 2, 3, 4])
})

it('short steps run in the turn of the caller', async () => {
  await nextTurn()
  let isNext = false
  setImmediate(() => {
    isNext = true
  })
  await Promise.all([yieldTurn(), yieldTurn(), yieldTurn()])
  expect(isNext).toBe(false)
})
