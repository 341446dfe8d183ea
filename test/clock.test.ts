// Long works that are on at the same time hold the event loop no longer than one of them may.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { eventLoopYielder } from '../src/clock.ts'

const stepMs = 3

it('works that are on at the same time go on in different turns, each to its end', async () => {
  const steps: { work: number; turn: number }[] = []
  let turn = 0
  let isOver = false
  const counting = (async () => {
    for (; !isOver; turn++) await nextTurn()
  })()
  await Promise.all(
    Array.from({ length: 8 }, async (_, work) => {
      const yieldTurn = eventLoopYielder()
      for (let step = 0; step < 12; step++) {
        await yieldTurn()
        for (const until = performance.now() + stepMs; performance.now() < until; );
        steps.push({ work, turn })
      }
    }),
  )
  isOver = true
  await counting
  const [, ...turns] = Map.groupBy(steps, (step) => step.turn).values()
  // They begin in one turn; after it each has turns of its own.
  expect(turns.length).toBeGreaterThan(8)
  for (const own of turns) expect(new Set(own.map(({ work }) => work)).size).toBe(1)
  expect(steps).toHaveLength(8 * 12)
})
