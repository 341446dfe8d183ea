// Stores a verified report, raw and once, with its new receipts, each linked to its notification or else counted for the
// address that it names.
import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import type { Receipt } from '../domain/receipt.ts'
import { insertReceipts, linkReceipts } from '../store/attempts/receipts.ts'
import { deleteReport, digestOf, insertReport, type NewReport } from '../store/attempts/reports.ts'
import { noWrites, type Writes, write } from '../store/attempts/writes.ts'
import { type Tx, transaction } from '../store/db.ts'
import { countForAddresses } from './count-for-addresses.ts'

export interface VerifiedReport {
  provider: string
  raw: Buffer
  receipts: Receipt[]
  /** A token that may be used once; null where the provider's scheme has none. */
  once: string | null
}

/** `forged`: its token was used before with another body. `notifications`: those that have new receipts. */
type SavedReport = { kind: 'saved'; fresh: number; notifications: string[] } | { kind: 'forged' }

/** A repeated report changes nothing. */
export async function saveReport(ctx: Ctx, verified: VerifiedReport): Promise<SavedReport> {
  const receivedAt = ctx.clock.now()
  const id = uuidv7({ msecs: receivedAt.getTime() })
  const digest = createHash('sha256').update(verified.raw).digest('base64url')
  const report = { ...verified, id, digest, receivedAt }
  const { entries, ...saved } = await transaction(ctx.db, (tx) => save(ctx, tx, report))
  // In a transaction of their own, as each locks its notification, and those of the receipts were locked in order.
  if (entries.length > 0) await transaction(ctx.db, (tx) => write(tx, ctx.jobs, { ...noWrites(), entries }))
  return saved
}

async function save(ctx: Ctx, tx: Tx, report: NewReport): Promise<SavedReport & { entries: Writes['entries'] }> {
  if (!(await insertReport(tx, report))) {
    const isTheSame = (await digestOf(tx, report)) === report.digest
    return isTheSame ? { kind: 'saved', fresh: 0, notifications: [], entries: [] } : { kind: 'forged', entries: [] }
  }
  const fresh = await insertReceipts(tx, report)
  // Repeated reports must not fill the table; one with a token is kept, so that the token is not accepted again.
  if (fresh.length === 0 && report.receipts.length > 0 && report.once === null) await deleteReport(tx, report.id)
  const ids = fresh.map((receipt) => receipt.id)
  const notifications = await linkReceipts(tx, ids)
  const entries = await countForAddresses(ctx, tx, report, fresh)
  return { kind: 'saved', fresh: fresh.length, notifications, entries }
}
