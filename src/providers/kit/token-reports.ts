// Reads reports of vendors that do not sign them: a token in the URL verifies the sender.
import type { ReceiptKind } from '../../domain/receipt.ts'
import { isSameText } from '../../wire/same-text.ts'
import type { ReadReport, ReceiptReader, Report, ReportHead } from '../receipt-reader.ts'
import { unverified } from './report-body.ts'

/** Refuses reports without the token. */
export function tokenReader(token: string, read: (report: Report) => ReadReport): ReceiptReader {
  const headFault = ({ query }: ReportHead) => {
    const given = query.getAll('token')
    return given.length === 1 && isSameText(given[0] ?? '', token)
      ? null
      : unverified('The URL needs the parameter `token` with the value from the settings.')
  }
  return { headFault, read: (report) => headFault(report) ?? read(report) }
}

/**
 * The kind of receipt by its text, since these vendors do not document their status numbers; null if the text is not
 * recognised. A refusal is `undelivered` and not `not-sent`: a number on India's do-not-disturb register, or one that the
 * carrier refused, must not be tried through another provider.
 */
export function kindOfText(text: string): ReceiptKind | null {
  // Failures first, as their texts contain the words of success: "delivery failed", "not delivered", "unsent".
  if (/(not|un)[ _-]*(deliv|sent)|fail|reject|block|expire|ndnc|\bdnd\b|invalid|barred|absent|\berror/i.test(text))
    return 'undelivered'
  if (/\bdeliv(ere|r)d\b/i.test(text)) return 'delivered'
  if (/defer|retry/i.test(text)) return 'delayed'
  return /pending|await|queue|submit|accept|sent\b|process/i.test(text) ? 'taken' : null
}
