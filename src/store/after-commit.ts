// Callbacks that run after a transaction has committed.
import type pg from 'pg'

const open = new WeakMap<pg.PoolClient, (() => void)[]>()

/** Runs `next` soon after an open transaction has committed, and never if it rolls back. False: it is none of `transaction`. */
export function afterCommit(tx: pg.PoolClient, next: () => void): boolean {
  const all = open.get(tx)
  all?.push(next)
  return all !== undefined
}

export function noteBegin(tx: pg.PoolClient): void {
  open.set(tx, [])
}

export function noteCommit(tx: pg.PoolClient): void {
  for (const next of open.get(tx) ?? []) setImmediate(next)
}

export function noteEnd(tx: pg.PoolClient): void {
  open.delete(tx)
}
