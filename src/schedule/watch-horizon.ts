// Watches the xmin horizon of Postgres, and says once who holds it and when it is free again.
import type { Logger } from 'pino'
import type { Db } from '../store/db.ts'
import { type HorizonHolder, horizonHolders } from '../store/horizon.ts'

/** Our own transactions take milliseconds; a statement is given up after 15 seconds. */
const longerThanMs = 60_000

export interface HorizonWatch {
  look(): Promise<void>
  /** What to tell an operator now; null while nobody holds it. */
  warning(): string | null
}

export function watchHorizon(db: Db, log: Logger, heldForMs = longerThanMs): HorizonWatch {
  let holders = new Map<string, HorizonHolder>()
  return {
    async look() {
      const before = holders
      holders = new Map((await horizonHolders(db, heldForMs)).map((holder) => [`${holder.kind} ${holder.id}`, holder]))
      for (const [key, { id: _, ...holder }] of holders)
        if (!before.has(key)) log.warn({ alert: true, ...holder }, message)
      for (const [key, { kind, pid, name }] of before)
        if (!holders.has(key)) log.info({ kind, pid, name }, 'the xmin horizon is no longer held by this one')
    },
    warning() {
      const [oldest] = holders.values()
      return oldest
        ? `${holderText(oldest)} holds the xmin horizon: Postgres can remove no dead rows until it ends`
        : null
    },
  }
}

const message = 'the xmin horizon is held: Postgres can remove no dead rows until this ends'

function holderText({ kind, pid, name, seconds }: HorizonHolder): string {
  const parts = [pid !== null && `pid ${pid}`, seconds !== null && `for ${seconds} s`].filter((part) => part !== false)
  return `The ${kind} ${name ?? 'without a name'}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`
}
