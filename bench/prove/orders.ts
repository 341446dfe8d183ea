// The commands that a process of the chaos kit takes, and its reports.
import type { Posted } from './load.ts'

/** The steps at which a process can be killed: `before` a commit is sent, `after` it is answered, and around a provider's call. */
export const steps = [
  'accept before',
  'accept after',
  'plan before',
  'plan after',
  'open before',
  'open after',
  'call begins',
  'call taken',
  'call answered',
  'close before',
  'close after',
  'look before',
  'look after',
] as const
export type Step = (typeof steps)[number]

/** At `call taken` the vendor has accepted and the answer is never read; only the parent sees that, so it does the kill. */
export interface LotOrder {
  kind: 'lot'
  env: Record<string, string>
  prefix: string
  /** The events that were not acknowledged yet. */
  events: Pick<Posted, 'id' | 'body'>[]
  /** How far the process's clock is ahead. */
  aheadMs: number
  dies: Exclude<Step, 'call taken'> | null
  breaks: 'fence' | null
}

export interface ServiceOrder {
  kind: 'service'
  env: Record<string, string>
  aheadMs: number
}

export type Order = LotOrder | ServiceOrder

export type Report =
  | { kind: 'ready' }
  | { kind: 'acknowledged'; id: string }
  | { kind: 'clock'; aheadMs: number }
  | { kind: 'dies'; step: Step; points: number }
  | { kind: 'done'; aheadMs: number }
