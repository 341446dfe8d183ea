// What prove-child.ts is told, and what it says back.
import type { Posted } from './load.ts'

/** The crash story, step by step: `before` a commit is sent, `after` it was answered, and around a provider's call. */
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

/** `call taken` is not the child's to know: the vendor has it, and the answer is never read. Its parent kills it. */
export interface LotOrder {
  kind: 'lot'
  env: Record<string, string>
  prefix: string
  /** Those that were not acknowledged yet. */
  events: Pick<Posted, 'id' | 'body'>[]
  /** How far its clock is ahead. */
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

export type Said =
  | { kind: 'ready' }
  | { kind: 'acknowledged'; id: string }
  | { kind: 'clock'; aheadMs: number }
  | { kind: 'dies'; step: Step; points: number }
  | { kind: 'done'; aheadMs: number }
