// Vendors that do not sign: a token in the URL says that it is them, and the words of a report what became of the
// message, as their status numbers are told nowhere for certain. providers/msg91/receipts.ts and providers/fast2sms/receipts.ts use it.
import type { ReceiptKind } from '../../domain/receipt.ts'
import type { Report } from '../receipt-reader.ts'
import { isSame, unverified } from './report-body.ts'

/** Null where the report carries the token. */
export function tokenFault({ query }: Pick<Report, 'query'>, token: string) {
  const given = query.getAll('token')
  return given.length === 1 && isSame(given[0] ?? '', token)
    ? null
    : unverified('The URL needs `?token=` with the token of the settings.')
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
