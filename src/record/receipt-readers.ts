// Finds the reader of a provider's receipts: by the secret of the settings, else by the one that was stored when the
// provider's webhook was registered, so that no process needs a restart then.
import type { Ctx } from '../context.ts'
import type { ConfiguredProvider } from '../providers/provider.ts'
import type { ReceiptReader } from '../providers/receipt-reader.ts'
import { receiptSecret } from '../store/secrets.ts'

type ReaderOf = (provider: string) => Promise<ReceiptReader | null>
type Receiving = ReadonlyMap<string, Pick<ConfiguredProvider, 'receipts' | 'receiptsBy'>>

/** A stored secret is read again after this. */
const keptMs = 2000

/** Null for a provider that is unknown, is off, or has no secret. */
export function receiptReaders({ db, clock }: Pick<Ctx, 'db' | 'clock'>, providers: Receiving): ReaderOf {
  const kept = new Map<string, { reader: ReceiptReader | null; untilMs: number }>()
  return async (name) => {
    const provider = providers.get(name)
    if (!provider || provider.receipts) return provider?.receipts ?? null
    const nowMs = clock.now().getTime()
    const known = kept.get(name)
    if (known && known.untilMs > nowMs) return known.reader
    const secret = await receiptSecret(db, name)
    const reader = secret === null ? null : provider.receiptsBy(secret)
    kept.set(name, { reader, untilMs: nowMs + keptMs })
    return reader
  }
}
