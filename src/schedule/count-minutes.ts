// Counts what happened in the last minutes, for the dashboard and the alert of silence. Of several workers, one counts at a time.
import type { Ctx } from '../context.ts'
import { foldCopy, recountCopy } from '../store/dashboard/copy-counts.ts'
import { advanceCounting, lockCounting, type Range, recount } from '../store/dashboard/minute-counts.ts'
import { type Tx, transaction } from '../store/db.ts'

const minuteMs = 60_000
export const countEveryMs = 10_000
/** A call and its commit may end after the minute in which it began. */
const unsettledMinutes = 2
/** After a pause, that much is caught up in one turn. */
const atMostMinutes = 60
/**
 * Older minutes change too, as failed messages are sent again: each turn counts a few of them again, and a day is through in two
 * hours.
 */
const older = { minutes: 2, ofMinutes: 25 * 60 }
/** The alert of silence compares an hour with the same hour of the four weeks before. */
const keptDays = 29
/** The dashboard shows 30 days of each notifier's copy. */
const copyKeptDays = 31
/** Counts of the copy are kept by minutes for longer than those are counted again. */
const copyByMinutesMs = 2 * 86_400_000
/** As the service promises it. */
const inTimeMs = 10_000

/** False while another worker counts. Counting twice changes nothing. */
export async function countMinutes({ db, clock }: Pick<Ctx, 'db' | 'clock'>): Promise<boolean> {
  const now = clock.now().getTime()
  return transaction(db, async (tx) => {
    const before = await lockCounting(tx)
    if (!before) return false
    const from = Math.min(before.getTime(), now) - unsettledMinutes * minuteMs
    const recent = minutesFrom(from, Math.min(atMostMinutes, Math.ceil((now - from) / minuteMs) + 1))
    await countRange(tx, recent)
    const again = olderMinutes(now)
    if (again.to <= recent.from) await countRange(tx, again)
    await foldCopy(tx, new Date(recent.from.getTime() - copyByMinutesMs), new Date(now - copyKeptDays * 86_400_000))
    const countedUpTo = new Date(Math.min(now, recent.to.getTime()))
    await advanceCounting(tx, countedUpTo, new Date(now - keptDays * 86_400_000))
    return true
  })
}

async function countRange(tx: Tx, range: Range): Promise<void> {
  await recount(tx, range, inTimeMs)
  await recountCopy(tx, range)
}

/** Which older minutes are due in this turn; it follows from the time alone. */
function olderMinutes(now: number): Range {
  const turn = Math.floor(now / countEveryMs) % (older.ofMinutes / older.minutes)
  return minutesFrom(now - (turn + 1) * older.minutes * minuteMs, older.minutes)
}

function minutesFrom(at: number, minutes: number): Range {
  const from = Math.floor(at / minuteMs) * minuteMs
  return { from: new Date(from), to: new Date(from + minutes * minuteMs) }
}
