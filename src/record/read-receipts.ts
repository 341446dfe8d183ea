// Reads what a notification's receipts are applied from: those that were not applied yet, and the earlier ones that count.
import type { PastAttempt } from '../domain/attempt.ts'
import type { ReceiptSubject, StoredReceipt } from '../domain/receipt.ts'
import { type ReadReceipt, receiptsThatCount } from '../policy/receipts-that-count.ts'
import { type PageStart, readReceipts } from '../store/attempts/applied-receipts.ts'
import type { Tx } from '../store/db.ts'

/** The receipts that are read at once, of all notifications together, and as many that do not count may be marked at once. */
const pageRows = 2000

export interface ReceiptsOfOne {
  /** Those that count, in order of arrival. */
  counting: StoredReceipt[]
  /** All that were read. */
  read: ReadReceipt[]
  /** More follow: first those of the read ones that do not count are to be marked. */
  isPart: boolean
}

/** The receipts of each notification, page by page, until enough of them do not count. */
export async function receiptsToApply(
  tx: Tx,
  histories: Map<string, PastAttempt[]>,
): Promise<Map<string, ReceiptsOfOne>> {
  const all = new Map<string, ReceiptsOfOne>()
  const shared = sharedSubjects()
  let starts: PageStart[] = [...histories.keys()].map((id) => ({ id, after: null }))
  while (starts.length > 0) {
    const most = Math.ceil(pageRows / starts.length)
    const pages = Map.groupBy(await readReceipts(tx, starts, most), ({ notificationId }) => notificationId)
    for (const [id, page] of pages) {
      const { counting, read } = all.get(id) ?? nothingRead()
      for (const { id, attemptId, isApplied, ...receipt } of page)
        read.push({ id, attemptId, isApplied, subject: shared(receipt) })
      all.set(id, { counting: receiptsThatCount([...counting, ...page], histories.get(id) ?? []), read, isPart: false })
    }
    starts = [...pages].flatMap(([id, page]) => (page.length < most ? [] : [{ id, after: page.at(-1) ?? null }]))
    const outweighed = [...all.values()].reduce((sum, { read, counting }) => sum + read.length - counting.length, 0)
    if (outweighed < pageRows) continue
    for (const { id } of starts) all.set(id, { ...(all.get(id) ?? nothingRead()), isPart: true })
    break
  }
  return all
}

export function nothingRead(): ReceiptsOfOne {
  return { counting: [], read: [], isPart: false }
}

/** Receipts with one subject share it, and what matches it is found once. */
function sharedSubjects(): (of: ReceiptSubject) => ReceiptSubject {
  const subjects = new Map<string, ReceiptSubject>()
  return ({ provider, providerMessageId, namedAttemptId }) => {
    const key = JSON.stringify([provider, providerMessageId, namedAttemptId])
    const subject = subjects.get(key) ?? { provider, providerMessageId, namedAttemptId }
    subjects.set(key, subject)
    return subject
  }
}
