// Verifies reports by any of several secrets, so that one can be replaced while the vendor still signs by the other.
import type { Refusal, Report, ReportHead } from '../receipt-reader.ts'

interface Reader<T> {
  headFault?(head: ReportHead): Refusal | null
  read(report: Report): T | Refusal
}

/** What the first secret that verifies a report makes of it; refused where none does. */
export function byAny<S, T extends { ok: true }>(secrets: [S, ...S[]], readerOf: (secret: S) => Reader<T>): Reader<T> {
  const [first, ...others] = secrets
  const reader = readerOf(first)
  return others.map(readerOf).reduce(either, reader)
}

function either<T extends { ok: true }>(one: Reader<T>, other: Reader<T>): Reader<T> {
  return {
    headFault: (head) => (one.headFault?.(head) ? (other.headFault?.(head) ?? null) : null),
    read(report) {
      const read = one.read(report)
      return read.ok || read.status !== 401 ? read : other.read(report)
    },
  }
}
