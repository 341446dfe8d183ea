// Stores verified reports, raw and once, with their new receipts, each linked to its notification or else counted for the
// address that it names.
import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import type { Receipt } from '../domain/receipt.ts'
import { insertReceipts } from '../store/attempts/receipts.ts'
import { deleteReports, digestsOf, insertReports, type NewReport } from '../store/attempts/reports.ts'
import { batcher } from '../store/batch.ts'
import { isDatabaseAway, type Tx, transaction } from '../store/db.ts'
import { noWrites, type Writes, write } from '../store/writes.ts'
import { mebibyte } from '../wire/sizes.ts'
import { countForAddresses } from './count-for-addresses.ts'

export interface VerifiedReport {
  provider: string
  raw: Buffer
  receipts: Receipt[]
  /** A token that may be used once; null where the provider's scheme has none. */
  once: string | null
}

/** `forged`: its token was used before with another body. `notifications`: those that have new receipts. */
export type SavedReport = { kind: 'saved'; fresh: number; notifications: string[] } | { kind: 'forged' }

/** Resolves after the commit. A repeated report changes nothing. */
export type SaveReport = (verified: VerifiedReport) => Promise<SavedReport>

/** Reports of one provider that arrive together share a transaction; each sender gets its own answer. */
export function makeSaveReport(ctx: Ctx): SaveReport {
  const saves = new Map<string, (report: NewReport) => Promise<SavedReport>>()
  return ({ provider, ...verified }) => {
    const save = saves.get(provider) ?? saverOf(ctx, provider)
    saves.set(provider, save)
    const receivedAt = ctx.clock.now()
    const id = uuidv7({ msecs: receivedAt.getTime() })
    const digest = createHash('sha256').update(verified.raw).digest('base64url')
    return save({ ...verified, id, digest, receivedAt })
  }
}

function saverOf(ctx: Ctx, provider: string): (report: NewReport) => Promise<SavedReport> {
  return batcher((reports: NewReport[]) => saveAll(ctx, provider, reports), {
    maxItems: 100,
    maxBytes: mebibyte,
    bytesOf: ({ raw }) => raw.length,
    // Of two reports with one token, the second sees the first.
    keyOf: ({ id, once }) => once ?? id,
    isShared: isDatabaseAway,
  })
}

async function saveAll(ctx: Ctx, provider: string, reports: NewReport[]): Promise<SavedReport[]> {
  const { entries, saved } = await transaction(ctx.db, (tx) => save(ctx, tx, provider, reports))
  // In a transaction of their own, as each locks its notification, and those of the receipts were locked in order.
  if (entries.length > 0) await transaction(ctx.db, (tx) => write(tx, ctx.jobs, { ...noWrites(), entries }))
  return saved
}

async function save(
  ctx: Ctx,
  tx: Tx,
  provider: string,
  reports: NewReport[],
): Promise<{ saved: SavedReport[]; entries: Writes['entries'] }> {
  const stored = await insertReports(tx, provider, reports)
  const own = reports.filter(({ id }) => stored.has(id))
  const repeated = reports.filter(({ id }) => !stored.has(id)).map(({ once }) => once)
  const digests = repeated.length > 0 ? await digestsOf(tx, provider, repeated) : new Map<string, string>()
  const fresh = await insertReceipts(tx, provider, own)
  const byReport = Map.groupBy(fresh, ({ reportId }) => reportId)
  // Repeated reports must not fill the table; one with a token is kept, so that the token is not accepted again.
  const useless = own.filter(({ id, once, receipts }) => once === null && receipts.length > 0 && !byReport.has(id))
  if (useless.length > 0) {
    const ids = useless.map(({ id }) => id)
    await deleteReports(tx, ids)
  }
  const entries = await countForAddresses(ctx, tx, { provider, reports: own, fresh })
  const saved = reports.map(({ id, once, digest }): SavedReport => {
    const isForged = once !== null && !stored.has(id) && digests.get(once) !== digest
    if (isForged) return { kind: 'forged' }
    const receipts = byReport.get(id) ?? []
    const notifications = [...new Set(receipts.flatMap(({ notificationId }) => notificationId ?? []))]
    return { kind: 'saved', fresh: receipts.length, notifications }
  })
  return { saved, entries }
}
