// Which bodies are handed over in one turn of the event loop.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { bodyTurn } from '../../src/http/raw-body.ts'

it('small bodies share a turn, a large one has its own, and none overtakes another', async () => {
  await nextTurn()
  const kibibytes = [200, 50, 10, 1024, 1024, 100, 100, 100, 1]
  const handed: number[][] = [[]]
  for (const size of kibibytes) void bodyTurn(size * 1024).then(() => handed.at(-1)?.push(size))
  await Promise.resolve()
  await Promise.resolve()
  for (let turn = 0; turn < 6; turn++) {
    handed.push([])
    await nextTurn()
  }
  expect(handed.filter((sizes) => sizes.length > 0)).toEqual([[200, 50], [10], [1024], [1024], [100, 100], [100, 1]])
})
