// Counts the tries of work that may fail or end the process, so that none is repeated forever.
import { isDatabaseAway } from '../store/db.ts'

/** How many tries in a row may fail or end the process; then the work is given up. */
export const maxTries = 5

interface Try {
  /** How many there were in a row, this one included. One that ends the process counts, as each is counted before it begins. */
  tries: number
  work(): Promise<void>
  /** Takes the try back. */
  uncount(): Promise<void>
  giveUp(): Promise<void>
}

/** Does the work, or gives it up after its last try. A failure of the database does not count. */
export async function tryOrGiveUp({ tries, work, uncount, giveUp }: Try): Promise<void> {
  if (tries > maxTries) return giveUp()
  try {
    await work()
  } catch (error) {
    // If the database cannot store this either, the try counts.
    if (isDatabaseAway(error)) await uncount().catch(() => {})
    throw error
  }
}

/** `untried`: counts a try only where none was counted before. */
export type TriedBefore = 'untried' | 'tried'

/**
 * Begins a try and does `work` with what `begin` answers. Repeats take turns: should one end the process, only its own tries
 * are counted. `work` gets null where there is nothing to count.
 */
export async function inTurnIfTried<T>(
  inTurn: (work: () => Promise<void>) => Promise<void>,
  begin: (tried: TriedBefore) => Promise<T | null>,
  work: (started: T | null) => Promise<void>,
): Promise<void> {
  const first = await begin('untried')
  if (first !== null) return work(first)
  await inTurn(async () => work(await begin('tried')))
}
