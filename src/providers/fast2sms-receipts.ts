// Fast2SMS's delivery webhook. Its body is written in the vendor's panel, so the names are ours to say: `udf1` (the
// attempt's id), `udf2` (the notification's), `request_id`, `status` and `description`, as JSON, form or query.
import type { Receipt } from '../receipt.ts'
import { field } from './answer.ts'
import { bodyOf, digest, textOf, unreadable, uuidOf } from './callback-body.ts'
import { makeReceipt } from './make-receipt.ts'
import type { ReceiptReader } from './receipts.ts'
import { kindOfWords, tokenFault } from './status-words.ts'

export function fast2smsReceipts(token: string): ReceiptReader {
  return {
    provider: 'fast2sms',
    read(callback) {
      const fault = tokenFault(callback, token)
      if (fault) return fault
      const reports = [bodyOf(callback)].flat().filter((report) => first(report, statusNames))
      if (reports.length === 0)
        return unreadable('There is no `status`; the webhook at Fast2SMS should send udf1, request_id and status.')
      return { ok: true, receipts: reports.flatMap((report) => receiptOf(report) ?? []) }
    },
  }
}

const statusNames = ['status', 'delivery_status', 'sms_status']

function receiptOf(report: unknown): Receipt | null {
  const status = first(report, statusNames)
  const description = first(report, ['description', 'status_description', 'desc', 'reason'])
  const kind = kindOfWords(status ?? '') ?? kindOfWords(description ?? '')
  if (!kind) return null
  const requestId = first(report, ['request_id', 'requestId'])
  const udf1 = first(report, ['udf1'])
  return makeReceipt({
    key: digest(requestId, udf1, status, description),
    kind,
    providerMessageId: requestId,
    // A key of ours: the notification's id, and what may follow it after a dot.
    notificationId: uuidOf(first(report, ['udf2'])?.split('.')[0]),
    attemptId: uuidOf(udf1),
    text: [status, description].filter(Boolean).join(': '),
  })
}

function first(report: unknown, names: string[]): string | null {
  for (const name of names) {
    const text = textOf(field(report, name))
    if (text) return text
  }
  return null
}
