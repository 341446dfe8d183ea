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

it('works go on in the order in which they came, and one that fails holds nobody up', async () => {
  const turns: string[] = []
  const work = async (name: string, steps: number) => {
    const yieldTurn = eventLoopYielder()
    for (let step = 0; step < steps; step++) {
      for (const until = performance.now() + 11; performance.now() < until; );
      await yieldTurn()
      turns.push(name)
    }
    if (name === 'fails') throw new Error('broken on purpose')
  }
  const all = await Promise.allSettled([work('long', 6), work('fails', 2), work('short', 2), work('other', 4)])
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  const round = ['long', 'fails', 'short', 'other']
  expect(turns).toEqual([...round, ...round, 'long', 'other', 'long', 'other', 'long', 'long'])
})
