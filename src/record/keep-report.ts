// Keeping a verified report: raw and once, with the receipts in it that are new, each matched to the notification it is about.
import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Receipt } from '../domain/receipt.ts'
import { deleteReport, digestOf, insertReceipts, insertReport, linkReceipts } from '../store/attempts/receipts.ts'
import { type Db, transaction } from '../store/db.ts'

export interface VerifiedReport {
  provider: string
  raw: Buffer
  receipts: Receipt[]
  /** May be used once; null where the scheme has no such thing. */
  once: string | null
}

/** `forged`: its token was used before, with another body. Else the notifications that new receipts are about. */
type KeptReport = { kind: 'kept'; fresh: number; notifications: string[] } | { kind: 'forged' }

/** Told twice, the second time changes nothing. */
export async function keepReport(db: Db, verified: VerifiedReport, receivedAt: Date): Promise<KeptReport> {
  const id = uuidv7({ msecs: receivedAt.getTime() })
  const digest = createHash('sha256').update(verified.raw).digest('base64url')
  const report = { ...verified, id, digest, receivedAt }
  return transaction(db, async (tx) => {
    if (!(await insertReport(tx, report))) {
      const isTheSame = (await digestOf(tx, report)) === digest
      return isTheSame ? { kind: 'kept', fresh: 0, notifications: [] } : { kind: 'forged' }
    }
    const fresh = await insertReceipts(tx, report)
    // Who sends the same again and again must not fill the table; a token is remembered, though.
    if (fresh.length === 0 && report.receipts.length > 0 && report.once === null) await deleteReport(tx, id)
    return { kind: 'kept', fresh: fresh.length, notifications: await linkReceipts(tx, fresh) }
  })
}
