// Notes how much of the write-ahead log was on disk at each answer and each call, as what is not on disk at that moment is lost
// if the power fails.
import type { VendorName } from './vendors.ts'
import type { Lsn, WriteAheadLog } from './write-ahead-log.ts'

/** What must be in the database if the log up to `lsn` is kept. */
export type Claim =
  | { kind: 'acknowledged'; lsn: Lsn; id: string }
  /** The vendor had been called so often for this address. */
  | { kind: 'called'; lsn: Lsn; vendor: VendorName; address: string; calls: number }

export interface Witness {
  /** The event was answered 200. */
  acknowledged(id: string): void
  called(vendor: VendorName, address: string): void
  /** All claims in the order of their positions. */
  claims(): Promise<Claim[]>
}

/** Without a log it notes nothing. */
export function openWitness(log: Pick<WriteAheadLog, 'flushed'> | null): Witness {
  const claims: Promise<Claim>[] = []
  const calls = new Map<string, number>()
  return {
    acknowledged(id) {
      if (log) claims.push(log.flushed().then((lsn) => ({ kind: 'acknowledged', lsn, id })))
    },
    called(vendor, address) {
      if (!log) return
      const key = `${vendor} ${address}`
      const count = (calls.get(key) ?? 0) + 1
      calls.set(key, count)
      claims.push(log.flushed().then((lsn) => ({ kind: 'called', lsn, vendor, address, calls: count })))
    },
    async claims() {
      return (await Promise.all(claims)).sort((a, b) => (a.lsn < b.lsn ? -1 : 1))
    },
  }
}
