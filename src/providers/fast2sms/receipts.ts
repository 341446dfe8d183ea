// Reads Fast2SMS's delivery webhook.
import type { Receipt } from '../../domain/receipt.ts'
import { uuidOf } from '../../domain/uuid.ts'
import { field } from '../../wire/json.ts'
import { makeReceipt, receiptsOf } from '../kit/make-receipt.ts'
import { bodyOf, digest, lineOf, unreadable } from '../kit/report-body.ts'
import { kindOfText, tokenReader } from '../kit/token-reports.ts'
import type { ReceiptReader } from '../receipt-reader.ts'

/**
 * The webhook's fields are configured in Fast2SMS's panel: `udf1` (the attempt's id), `udf2` (the notification's id),
 * `request_id`, `status` and `description`, as JSON, form or query.
 */
export function fast2smsReceipts(token: string): ReceiptReader {
  return tokenReader(token, (report) => {
    const items = [bodyOf(report)].flat().filter((item) => first(item, statusNames))
    if (items.length === 0)
      return unreadable(
        'The report has no `status`. Configure the webhook at Fast2SMS to send udf1, request_id and status.',
      )
    return { ok: true, receipts: receiptsOf(items, receiptOf) }
  })
}

const statusNames = ['status', 'delivery_status', 'sms_status']

function receiptOf(item: unknown): Receipt | null {
  const status = first(item, statusNames)
  const description = first(item, ['description', 'status_description', 'desc', 'reason'])
  const kind = kindOfText(status ?? '') ?? kindOfText(description ?? '')
  if (!kind) return null
  const requestId = first(item, ['request_id', 'requestId'])
  const udf1 = first(item, ['udf1'])
  return makeReceipt({
    key: digest(requestId, udf1, status, description),
    kind,
    providerMessageId: requestId,
    // An idempotency key: the notification's id, which may have a suffix such as `.1`.
    notificationId: uuidOf(first(item, ['udf2'])?.split('.')[0]),
    attemptId: uuidOf(udf1),
    text: [status, description].filter(Boolean).join(': '),
  })
}

function first(item: unknown, names: string[]): string | null {
  for (const name of names) {
    const text = lineOf(field(item, name))
    if (text) return text
  }
  return null
}
