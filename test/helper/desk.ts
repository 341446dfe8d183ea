// A service with an operator and a viewer who are signed in at its dashboard, for all tests of a file.
import { afterAll, beforeAll } from 'vitest'
import { signedIn, type Visitor } from './visitor.ts'
import { keys, startWorld, type World } from './world.ts'

export interface Desk {
  world: World
  operator: Visitor
  viewer: Visitor
}

/** To be called at the top of a file. What it answers is filled before the first test. */
export function useDesk(options?: Parameters<typeof startWorld>[0]): Desk {
  const desk = {} as Desk
  beforeAll(async () => {
    desk.world = await startWorld(options)
    desk.operator = await signedIn(desk.world)
    desk.viewer = await signedIn(desk.world, keys.viewer)
  })
  afterAll(() => desk.world?.stop())
  return desk
}
