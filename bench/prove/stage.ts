// The input and the result of a scenario.
import type { Fleet } from './fleet.ts'
import type { Posted, SenderLog } from './load.ts'
import type { Random } from './random.ts'
import type { Site } from './site.ts'

export interface Stage {
  site: Site
  fleet: Fleet
  random: Random
  seed: number
  short: boolean
  sender: SenderLog
  /** Makes events of this scenario. */
  events(count: number): Posted[]
  load(events: Posted[], perSecond: number): Promise<void>
}

export interface Result {
  faults: string
  broken: string[]
}
