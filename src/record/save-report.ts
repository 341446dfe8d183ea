// Stores a verified report, raw and once, with its new receipts, each linked to its notification.
import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Receipt } from '../domain/receipt.ts'
import { deleteReport, digestOf, insertReceipts, insertReport, linkReceipts } from '../store/attempts/receipts.ts'
import { type Db, transaction } from '../store/db.ts'

export interface VerifiedReport {
  provider: string
  raw: Buffer
  receipts: Receipt[]
  /** A token that may be used once; null where the provider's scheme has none. */
  once: string | null
}

/** `forged`: its token was used before with another body. `notifications`: those that have new receipts. */
type KeptReport = { kind: 'kept'; fresh: number; notifications: string[] } | { kind: 'forged' }

/** A repeated report changes nothing. */
export async function saveReport(db: Db, verified: VerifiedReport, receivedAt: Date): Promise<KeptReport> {
  const id = uuidv7({ msecs: receivedAt.getTime() })
  const digest = createHash('sha256').update(verified.raw).digest('base64url')
  const report = { ...verified, id, digest, receivedAt }
  return transaction(db, async (tx) => {
    if (!(await insertReport(tx, report))) {
      const isTheSame = (await digestOf(tx, report)) === digest
      return isTheSame ? { kind: 'kept', fresh: 0, notifications: [] } : { kind: 'forged' }
    }
    const fresh = await insertReceipts(tx, report)
    // Repeated reports must not fill the table; one with a token is kept, so that the token is not accepted again.
    if (fresh.length === 0 && report.receipts.length > 0 && report.once === null) await deleteReport(tx, id)
    return { kind: 'kept', fresh: fresh.length, notifications: await linkReceipts(tx, fresh) }
  })
}
