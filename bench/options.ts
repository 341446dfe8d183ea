// What the command line asks of every case.
import type { DatabaseServer } from './database.ts'
import type { Build } from './service.ts'

export interface Options {
  server: DatabaseServer
  /** Short runs, the usual ones, or those that take hours. */
  size: 'quick' | 'usual' | 'long'
  rounds: number
  ours: Build
  /** Another checkout's build, measured beside ours. */
  other: Build | null
  /** Whether peers are measured. */
  peers: boolean
  /** The folder for profiles; null: none are taken. */
  profiles: string | null
  report(text: string): void
}

/** The value for this size. */
export function sized<T>({ size }: Pick<Options, 'size'>, values: { quick: T; usual: T; long?: T }): T {
  if (size === 'long') return values.long ?? values.usual
  return values[size]
}

/** A name in the results, a kind, and a build. */
export type OwnContender = { name: string; kind: 'ours' | 'other'; build: Build }

/** Our build, and the other one beside it if there is one. */
export function builds({ ours, other }: Options): OwnContender[] {
  return [
    { name: 'ours', kind: 'ours', build: ours },
    ...(other ? [{ name: 'other build', kind: 'other' as const, build: other }] : []),
  ]
}
