// Reports of vendors that do not sign: a token in the URL says that it is them, and the words what became of the message,
// as their status numbers are told nowhere for certain.
import type { ReceiptKind } from '../../domain/receipt.ts'
import type { ReadReport, ReceiptReader, Report, ReportHead } from '../receipt-reader.ts'
import { isSame, unverified } from './report-body.ts'

/** Reads reports that carry the token, and no others. */
export function tokenReader(token: string, read: (report: Report) => ReadReport): ReceiptReader {
  const headFault = ({ query }: ReportHead) => {
    const given = query.getAll('token')
    return given.length === 1 && isSame(given[0] ?? '', token)
      ? null
      : unverified('The URL needs `?token=` with the token of the settings.')
  }
  return { headFault, read: (report) => headFault(report) ?? read(report) }
}

/**
 * Null for words that tell nothing. A refusal is `undelivered`, not `not-sent`: whoever is on India's do-not-disturb
 * register, or was refused by the carrier, must not get it by another provider instead.
 */
export function kindOfWords(words: string): ReceiptKind | null {
  // First, as these too speak of delivery: "delivery failed", "not delivered", "unsent".
  if (/(not|un)[ _-]*(deliv|sent)|fail|reject|block|expire|ndnc|\bdnd\b|invalid|barred|absent|\berror/i.test(words))
    return 'undelivered'
  if (/\bdeliv(ere|r)d\b/i.test(words)) return 'delivered'
  if (/defer|retry/i.test(words)) return 'delayed'
  return /pending|await|queue|submit|accept|sent\b|process/i.test(words) ? 'taken' : null
}
