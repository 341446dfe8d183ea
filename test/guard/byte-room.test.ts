// The bound on the bytes of large content that a process holds: who gets them, who waits, and who is turned away.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { byteRoom } from '../../src/guard/byte-room.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('those that wait get what is free in the order of asking, and more than may wait are turned away at once', async () => {
  const hold = byteRoom(10, 2)
  const first = hold()
  expect(await first.take(7, 1000)).toBe(true)
  const taken: string[] = []
  const [second, third, fourth] = [hold(), hold(), hold()]
  const waits = [
    second.take(6, 1000).then((isTaken) => taken.push(`second ${isTaken}`)),
    third.take(3, 1000).then((isTaken) => taken.push(`third ${isTaken}`)),
  ]
  expect(await fourth.take(1, 1000)).toBe(false)
  expect(taken, 'a smaller one does not overtake').toEqual([])
  first[Symbol.dispose]()
  await Promise.all(waits)
  expect(taken).toEqual(['second true', 'third true'])
})

it('the time of one that waits runs out, and a smaller one behind it gets what is free', async () => {
  const hold = byteRoom(10, 2)
  expect(await hold().take(7, 1000)).toBe(true)
  const large = hold().take(6, 1000)
  const small = hold().take(3, 5000)
  await vi.advanceTimersByTimeAsync(1000)
  expect(await large).toBe(false)
  expect(await small).toBe(true)
})

it('one that is larger than all of them takes all', async () => {
  const hold = byteRoom(10, 2)
  const large = hold()
  expect(await large.take(50, 1000)).toBe(true)
  const other = hold()
  const waits = other.take(1, 1000)
  expect(other.isHeld).toBe(false)
  large[Symbol.dispose]()
  expect(await waits).toBe(true)
  expect(other.isHeld).toBe(true)
})
